"""docs/partners.md holds what it says: each of its commands is run, in order, against a running service, and answers as written there."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from service.cli import app as cli
from service.places.queries import PlaceCard
from service.settings import ROOT, Settings
from tests.journey.served import serving
from tests.make import MONDAY, Make

DOCUMENT = ROOT / "docs" / "partners.md"
BLOCK = re.compile(r"^```(sh|json|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PRINTED = re.compile(r"^It prints `(.*)`\.$", re.MULTILINE)
MADE = [
    re.compile(form)
    for form in (
        r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}",
        r"[0-9a-f]{8}-(\.\.\.|[0-9a-f-]{27})",
        r"\d{4}-\d\d-\d\dT[\d:.]+Z",
        r"\d{4}-\d\d-\d\d",
    )
]
"""What a service makes anew each time: codes, ids, moments, days."""

LOUD = 'curl() { command curl --silent --show-error --fail-with-body "$@"; }\nset -eu\n[ ! -e .state ] || . ./.state\n'
KEPT = "\n{ declare -p SITE KEY DATA_KEY 2>/dev/null || true; } > .state\n"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@dataclass
class Newcomer:
    """Somebody who copies one command after another into a terminal, and what they know by then."""

    folder: Path
    address: str = ""
    key: str = ""
    known: dict[str, str] = field(default_factory=dict)

    def put_in(self, text: str) -> str:
        """The command with what it stands for: this service, the key that was printed last, what earlier answers said."""
        for written, meant in {
            "http://127.0.0.1:8000": self.address,
            "sad_...": self.key,
            "https://city.example": self.address,
            "--jurisdiction city.example": "--jurisdiction riverbank",
            "4hk7m2p9qx": self.key.split("_")[1] if self.key else "",
            **self.known,
        }.items():
            text = text.replace(written, meant)
        return text

    def runs(self, language: str, text: str) -> tuple[int, str]:
        """Runs a block; answers its status and what it printed."""
        text = self.put_in(text)
        if text.startswith("said "):
            return self._says(text)
        command = ["bash", "-c", LOUD + text + KEPT] if language == "sh" else [sys.executable, "-c", text]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout if not done.returncode or done.stdout.startswith("{") else done.stderr

    def _says(self, line: str) -> tuple[int, str]:
        """The command line of this service, in this process: starting another takes longer than all it does."""
        words, _to, file = line.partition(" > ")
        done = CliRunner().invoke(cli, shlex.split(words, comments=True)[1:])
        if file:
            (self.folder / file.strip()).write_text(done.stdout, "utf-8")
        if found := re.search(r"^sad_[\w-]+$", done.stdout, re.MULTILINE):
            self.key = found[0]
        return done.exit_code, done.stdout + done.stderr

    def compares(self, written: Any, found: Any) -> None:
        """What is written and what was answered are the same, but for what is made anew; that is remembered."""
        assert type(written) is type(found), (written, found)
        if isinstance(written, dict):
            assert list(written) == list(found)
            for name, value in written.items():
                self.compares(value, found[name])
        elif isinstance(written, list):
            assert len(written) == len(found)
            for one, other in zip(written, found, strict=True):
                self.compares(one, other)
        elif isinstance(written, str) and any(form.fullmatch(written) and form.fullmatch(found) for form in MADE):
            self.known[written] = found
        else:
            assert written == found


def blocks(text: str) -> Iterator[tuple[str, str, str]]:
    """Each block of the document: its language, its text, and the sentence behind it that says what it prints."""
    found = list(BLOCK.finditer(text))
    for block, after in zip(found, [*found[1:], None], strict=True):
        behind = PRINTED.search(text, block.end(), after.start() if after else len(text))
        yield block[1], block[2], behind[1] if behind else ""


@pytest.fixture
def riverbank(make: Make) -> PlaceCard:
    """The place of the document."""
    place = make.collaboration("riverbank")
    make.organisation(place, "council")
    make.area(place, "mill-street")
    return place


@pytest.fixture
def newcomer(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newcomer:
    """Their `said` is the command of this service."""
    for name, value in {
        "MODE": "test",
        "NOW": MONDAY.isoformat(),
        "VAR": str(settings.var),
        "DATABASE_URL": str(settings.database_url.get_secret_value() if settings.database_url else ""),
        "WEBHOOK_LOOPBACK": "true",
    }.items():
        monkeypatch.setenv(f"SAID_{name}", value)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "step.jpg").write_bytes(PICTURE)
    return Newcomer(tmp_path)


@pytest.mark.skipif(not shutil.which("curl"), reason="There is no curl here: apt-get install curl")
@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("riverbank")
def test_every_command_of_the_document_does_what_it_says(app: FastAPI, newcomer: Newcomer) -> None:
    """On one database: what each of them does is tried elsewhere, on both."""
    with serving(app) as newcomer.address:
        done: list[str] = []
        said = ""
        for language, text, printed in blocks(DOCUMENT.read_text("utf-8")):
            if language == "json":
                newcomer.compares(json.loads(text), json.loads(said))
                continue
            status, said = newcomer.runs(language, text)
            refused = said.startswith('{"type"')
            assert status == 0 or (refused and '"nope"' in text), f"{text}\n{said}"
            if printed:
                assert said.strip() == printed
            done += [line.split()[0] for line in text.splitlines() if line.startswith(("curl ", "said ", "with httpx"))]
    assert (done.count("curl"), done.count("said"), done.count("with")) == (15, 5, 2)
