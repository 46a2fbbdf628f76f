"""`said serve`: a real server in a process of its own, on a SQLite file of its own, or one that says why it does not start."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from service.settings import ROOT
from tests.cli.conftest import Said
from tests.databases import Databases

pytestmark = pytest.mark.slow

START = [sys.executable, "-c", "import sys; sys.argv[0] = 'said'; from service.cli import main; main()", "serve"]
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
LINK = re.compile(r"http://127\.0\.0\.1:(\d+)(/staff/sign-in/\S+)")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def around(var: Path, port: int, **settings: str) -> dict[str, str]:
    """What stands around the server: nothing of the machine's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAID_")}
    given = {"var": str(var), "port": str(port), "log": "json", **settings}
    return {**kept, **{f"SAID_{name.upper()}": value for name, value in given.items()}, "PYTHONUNBUFFERED": "1"}


class Server:
    """A server that runs: what it printed until it could be reached, and how it ended."""

    def __init__(self, environment: dict[str, str], *options: str) -> None:
        self.port = environment["SAID_PORT"]
        self.process = subprocess.Popen(
            [*START, *options], cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.printed: list[str] = []
        assert self.process.stdout is not None
        wanted = "Sign in" if "--example" in options else "Said & Done is at"
        for line in self.process.stdout:
            self.printed.append(line)
            if line.startswith(wanted):
                break
        else:
            pytest.fail(f"It did not start: {self.process.communicate(timeout=60)[1]}")

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=20)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Stops it; answers its status and all it wrote to stderr."""
        self.process.send_signal(how)
        _rest, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors


@contextmanager
def serving(var: Path, *options: str, **settings: str) -> Iterator[Server]:
    """A server on a free port, stopped when the block ends."""
    server = Server(around(var, free_port(), **settings), *options)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop(signal.SIGKILL)


def sentence_of(environment: dict[str, str], *options: str) -> str:
    """What a server says that must not start: one sentence on stderr, status 1, nothing on stdout."""
    try:
        ended = subprocess.run([*START, *options], cwd=ROOT, env=environment, text=True, capture_output=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        pytest.fail("It started.")
    assert (ended.returncode, ended.stdout) == (1, ""), ended.stderr
    lines = ended.stderr.strip().splitlines()
    assert len(lines) == 1, ended.stderr
    return lines[0]


# ---- what does not start ---------------------------------------------------------------------------------------------


@pytest.fixture
def refused(said_nowhere: Said) -> Iterator[Callable[..., str]]:
    """What a server says, in this process, that must not start: `refused("--example", port="8000")`. One that starts is stopped."""

    def started(*_found: object) -> None:
        pytest.fail("It started.")

    def refuse(*options: str, **settings: str) -> str:
        for name, value in {"port": str(free_port()), **settings}.items():
            said_nowhere.monkeypatch.setenv(f"SAID_{name.upper()}", value)
        signal.alarm(60)
        [sentence] = said_nowhere.lines_of_failure("serve", *options)
        signal.alarm(0)
        return sentence

    before = signal.signal(signal.SIGALRM, started)
    yield refuse
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def test_second_server_on_the_same_file_is_refused(tmp_path: Path, databases: Databases, refused: Callable[..., str]) -> None:
    """Whatever folder it calls its own: what counts is the file that both would write."""
    var, other = tmp_path / "var", tmp_path / "other"
    var.mkdir()
    with databases.migrated("sqlite", var) as url, serving(var) as first:
        assert "Another server" in refused("--example")
        shutil.copytree(var / "keys", other / "keys")
        assert "Another server" in refused(var=str(other), database_url=url)
        assert first.get("/readyz").status_code == 200


def test_port_that_is_taken_is_named(tmp_path: Path, refused: Callable[..., str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert port in refused("--example", port=port)
    assert not (tmp_path / "var" / "said.db").exists(), "found out before anything is made"


def test_server_without_a_migrated_database_says_what_to_do(refused: Callable[..., str]) -> None:
    assert "said migrate" in refused()


# ---- what starts -----------------------------------------------------------------------------------------------------


def test_server_lets_its_coordinator_in_once_ends_quietly_and_keeps_what_is_there_but_not_without_its_keys(tmp_path: Path) -> None:
    var = tmp_path / "var"
    with serving(var, "--example") as server:
        printed = "".join(server.printed)
        assert {*ADDRESS.findall(printed)} == {server.port}, "every address printed is where it really is"
        link = LINK.search(printed)
        assert link is not None
        assert server.get("/hillside").status_code == 200
        with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", headers={"User-Agent": "CANARY-AGENT"}) as browser:
            assert browser.post(link[2]).status_code == 303
            assert browser.get("/staff/hillside/inbox").status_code == 200
            assert browser.post(link[2]).status_code == 404
            told = browser.post("/api/v1/hillside/feedback", json={"body": "CANARY-BODY"})
            assert told.status_code == 201
        status, log = server.stop()
    assert status in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
    assert "Traceback" not in log
    assert not (var / "said.db-wal").exists(), "the last connection folded the write-ahead log in"
    lines = [json.loads(line) for line in log.splitlines()]
    assert [(line["event"], line["route"], line["status"]) for line in lines] == [
        ("request", "/{c}", 200),
        ("request", "/staff/sign-in/{secret}", 303),
        ("request", "/staff/{c}/inbox", 200),
        ("request", "/staff/sign-in/{secret}", 404),
        ("request", "/api/v1/{c}/feedback", 201),
    ]
    assert not any(found in log for found in ("127.0.0.1", "CANARY", link[2].rpartition("/")[2])), "no address, no word, no secret"
    with serving(var, "--example") as server:
        second_link = LINK.search("".join(server.printed))
        code = {"code": told.json()["receipt"]}
        answer = httpx.post(f"http://127.0.0.1:{server.port}/api/v1/hillside/receipts", json=code)
        assert answer.json()["state"] == "acknowledged"
        assert not any(line.startswith("Made the example") for line in server.printed)
        server.stop()
    assert second_link and link[2] != second_link[2]
    for key in (var / "keys").iterdir():
        key.unlink()
    assert "backup" in sentence_of(around(var, free_port())), "it would give codes that fit nothing of what is stored"
