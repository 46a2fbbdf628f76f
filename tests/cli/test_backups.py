"""`said backup` and `said key restore`: what is refused, then a drill: lose everything, put it back, open a code."""

import sqlite3
import sys
from io import StringIO
from pathlib import Path

import pytest
from sqlmodel import select

from service import server_keys
from service.cli import session
from service.database import Database
from service.feedback.models import Feedback
from service.feedback.queries import get_by_code
from service.places.queries import get_place
from service.server_keys import load_or_make, open_keys
from tests.cli.conftest import Said
from tests.make import MONDAY, Make

AT = ("--collaboration", "hillside")


on_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("kind", ["postgresql"], indirect=True)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file with a passphrase."""
    path = tmp_path / "passphrase"
    path.write_text("correct horse battery staple\n")
    return path


# ---- what is refused -------------------------------------------------------------------------------------------------


@on_postgresql
def test_postgresql_is_sent_to_pg_dump(hill: Said, secret: Path, tmp_path: Path) -> None:
    assert "pg_dump --format=custom" in hill.refused("backup")
    assert "pg_dump --format=custom" in hill.refused("backup", str(tmp_path / "copies"))
    load_or_make(hill.var / "keys")
    assert hill("backup", "--keys", str(tmp_path / "apart"), "--passphrase-file", str(secret)).strip().endswith(".sealed")


@on_sqlite
def test_keys_and_copy_are_kept_apart_under_a_real_passphrase(hill: Said, tmp_path: Path, secret: Path) -> None:
    load_or_make(hill.var / "keys")
    folder = str(tmp_path / "copies")
    assert "Keep the keys apart" in hill.refused("backup", folder, "--keys", folder, "--passphrase-file", str(secret))
    secret.write_text("short")
    assert "too short" in hill.refused("backup", folder, "--keys", str(tmp_path / "apart"), "--passphrase-file", str(secret))
    assert not Path(folder).exists(), "what is refused makes nothing"


@on_sqlite
def test_backup_of_nothing_is_refused(hill: Said, said_nowhere: Said, tmp_path: Path, secret: Path) -> None:
    assert "There are no server keys" in hill.refused("backup", "--keys", str(tmp_path / "apart"), "--passphrase-file", str(secret))
    said_nowhere.monkeypatch.delenv("SAID_DATABASE_URL")
    said_nowhere.monkeypatch.setenv("SAID_VAR", str(tmp_path / "empty"))
    assert "There is no database" in said_nowhere.refused("backup")


def test_sealed_keys_open_with_their_passphrase_only_and_replace_nothing(hill: Said, tmp_path: Path, secret: Path) -> None:
    load_or_make(hill.var / "keys")
    sealed = tmp_path / "keys.sealed"
    sealed.write_bytes(server_keys.seal(hill.var / "keys", "correct horse battery staple"))
    wrong = tmp_path / "wrong"
    wrong.write_text("incorrect horse battery")
    assert "The passphrase is not the one" in hill.refused("key", "restore", str(sealed), "--passphrase-file", str(wrong))
    assert "holds no sealed server keys" in hill.refused("key", "restore", str(secret), "--passphrase-file", str(secret))
    damaged = tmp_path / "damaged"
    damaged.write_bytes(sealed.read_bytes()[:-20])
    assert "or the file is damaged" in hill.refused("key", "restore", str(damaged), "--passphrase-file", str(secret))
    hill.monkeypatch.setenv("SAID_VAR", str(tmp_path / "other"))
    other = load_or_make(tmp_path / "other" / "keys").current.secret
    assert "is another key. Nothing was changed" in hill.refused("key", "restore", str(sealed), "--passphrase-file", str(secret))
    assert load_or_make(tmp_path / "other" / "keys").current.secret == other


# ---- what it does ----------------------------------------------------------------------------------------------------


@on_sqlite
def test_lost_database_and_lost_keys_come_back_and_open_their_codes(
    hill: Said, database: Database, make: Make, tmp_path: Path, secret: Path
) -> None:
    with database.read() as reads:
        place = get_place(reads, "hillside")
    kept = make.message(place, "The bench has gone")
    server_keys.rotate(hill.var / "keys")
    copy, sealed = hill("backup", str(tmp_path / "copies"), "--keys", str(tmp_path / "apart"), "--passphrase-file", str(secret)).split()
    make.message(place, "After the copy")
    assert b"bench" not in Path(sealed).read_bytes() and make.keys.current.secret not in Path(sealed).read_bytes()
    made = [Path(sealed), Path(copy), Path(sealed).parent, Path(copy).parent]
    assert [path.stat().st_mode & 0o777 for path in made] == [0o600, 0o600, 0o700, 0o700]

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    Path(copy).rename(elsewhere / "said.db")
    hill.monkeypatch.delenv("SAID_DATABASE_URL")
    hill.monkeypatch.setenv("SAID_VAR", str(elsewhere))
    hill("migrate")
    assert hill("key", "restore", sealed, "--passphrase-file", str(secret)).startswith("Server keys put back: 2.")
    assert hill("key", "restore", sealed, "--passphrase-file", str(secret)).startswith("Server keys put back: 0.")
    assert hill("verify") == "Every count is what the facts say.\n"
    restored = Database(f"sqlite:///{elsewhere / 'said.db'}")
    with restored.write() as writes:
        keys = open_keys(writes, elsewhere / "keys", MONDAY)
        message = get_by_code(writes, keys, place, kept.code)
        assert message.body == "The bench has gone"
        assert [row.body for row in writes.exec(select(Feedback))] == ["The bench has gone"]
    restored.reader.dispose()
    restored.writer.dispose()


@on_sqlite
def test_copy_is_whole_and_says_that_the_keys_are_not_in_it(hill: Said) -> None:
    out, err = hill.both("backup")
    assert "The server keys are not in it" in err
    copy = Path(out.strip())
    assert copy.parent == hill.var / "backups"
    connection = sqlite3.connect(copy)
    assert connection.execute("select slug from collaboration").fetchall() == [("hillside",)]
    connection.close()
    assert "is there already" in hill.refused("backup"), "never over another copy"
    assert [path.name for path in copy.parent.iterdir()] == [copy.name], "nothing half made stays"


class Terminal(StringIO):
    """Somebody who watches."""

    def isatty(self) -> bool:
        return True


def test_bar_is_shown_after_a_while_to_somebody_who_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    for watcher, patience, seen in ((StringIO(), 0.0, False), (Terminal(), 60.0, False), (Terminal(), -1.0, True)):
        monkeypatch.setattr(sys, "stderr", watcher)
        monkeypatch.setattr(session, "PATIENCE", patience)
        with session.watching(10, "Copy") as pulse:
            for position in (1, 5, 3, 40):
                pulse(position)
        assert ("Copy" in watcher.getvalue()) is seen and ("100%" in watcher.getvalue()) is seen
