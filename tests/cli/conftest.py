"""The command line as an operator has it: one database, one moment, what is printed where."""

import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from service.cli import app, main
from service.database import Database
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

    def refused(self, *words: str) -> str:
        """Runs a command that must fail as an operator sees it: one sentence on stderr, status 1; answers the sentence."""
        self.monkeypatch.setattr(sys, "argv", ["said", *words])
        self.capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = self.capture.readouterr()
        assert ended.value.code == 1, printed.err
        assert printed.out == "", "what fails prints nothing that a script could take for an answer"
        assert printed.err.count("\n") == 1, printed.err
        sentence = printed.err.strip()
        assert sentence[0].isupper() or sentence.startswith("--"), sentence
        assert sentence.endswith("."), sentence
        assert not any(word in sentence for word in ("Traceback", "Error(", "sqlalchemy", "psycopg")), sentence
        return sentence


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The settings of a command line that has a folder and no database yet. What `main` does to the log is undone."""
    import os  # noqa: PLC0415 (only to forget what was set around the tests)

    for name in [name for name in os.environ if name.startswith("SAID_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SAID_MODE", "test")
    monkeypatch.setenv("SAID_NOW", MONDAY.isoformat())
    monkeypatch.setenv("SAID_VAR", str(tmp_path / "var"))
    root, known = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    yield tmp_path / "var"
    root.handlers, root.level = handlers, level
    structlog.configure(**known)


@pytest.fixture
def said(
    environment: Path,
    database_url: str,
    database: Database,  # noqa: ARG001 (beside it: both look at the same rows)
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Said:
    """The command line on this test's database."""
    monkeypatch.setenv("SAID_DATABASE_URL", database_url)
    return Said(monkeypatch, capsys, environment)


@pytest.fixture
def hill(said: Said) -> Said:
    """The same, with a collaboration `hillside` and its council in it."""
    said("collaboration", "add", "hillside", "--name", "Hillside")
    said("organisation", "add", "council", "--name", "Hillside Council", "--kind", "council", "--collaboration", "hillside")
    return said
