"""The command line as an operator has it: one database, one moment, what is printed where."""

import logging
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from service.cli import app, main
from service.settings import Settings
from tests.make import MONDAY


@dataclass(frozen=True)
class Said:
    """`said ...`, run in this process: `said("migrate")` answers what stands on stdout."""

    monkeypatch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]
    var: Path

    def __call__(self, *words: str) -> str:
        """Runs a command that must succeed and say nothing on stderr; answers its stdout."""
        out, err = self.both(*words)
        assert err == "", err
        return out

    def both(self, *words: str) -> tuple[str, str]:
        """Runs a command that must succeed; answers stdout and stderr."""
        result = CliRunner().invoke(app, list(words), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout, result.stderr

    def lines_of_failure(self, *words: str) -> list[str]:
        """Runs a command that must fail as an operator sees it, with status 1; answers the lines on stderr."""
        self.monkeypatch.setattr(sys, "argv", ["said", *words])
        self.capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = self.capture.readouterr()
        assert ended.value.code == 1, printed.err
        assert printed.out == "", "what fails prints nothing that a script could take for an answer"
        return printed.err.splitlines()

    def refused(self, *words: str) -> str:
        """Runs a command that must fail with one clear sentence; answers the sentence."""
        lines = self.lines_of_failure(*words)
        assert len(lines) == 1, lines
        [sentence] = lines
        assert sentence.endswith("."), sentence
        assert not any(word in sentence for word in ("Traceback", "Error(", "sqlalchemy", "psycopg")), sentence
        return sentence


def set_around(monkeypatch: pytest.MonkeyPatch, var: Path, **settings: str) -> None:
    """Sets what stands around a command: these settings and no others."""
    for name in [name for name in os.environ if name.startswith("SAID_")]:
        monkeypatch.delenv(name)
    for name, value in {"mode": "test", "now": MONDAY.isoformat(), "var": str(var), **settings}.items():
        monkeypatch.setenv(f"SAID_{name.upper()}", value)


@pytest.fixture
def quiet_log() -> Iterator[None]:
    """Undoes what `main` does to the log of this process."""
    root, known = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.configure(**known)


@pytest.fixture
def said_nowhere(
    quiet_log: None,  # noqa: ARG001
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Said:
    """The command line before there is any database."""
    set_around(monkeypatch, tmp_path / "var")
    return Said(monkeypatch, capsys, tmp_path / "var")


@pytest.fixture
def said(settings: Settings, database_url: str, said_nowhere: Said) -> Said:
    """The command line on this test's database, beside the service."""
    assert settings.var == said_nowhere.var
    set_around(said_nowhere.monkeypatch, said_nowhere.var, database_url=database_url)
    return said_nowhere


@pytest.fixture
def hill(said: Said) -> Said:
    """The same, with a collaboration `hillside` and its council in it."""
    said("collaboration", "add", "hillside", "--name", "Hillside")
    said("organisation", "add", "council", "--name", "Hillside Council", "--kind", "council", "--collaboration", "hillside")
    return said
