"""What was taken back stays taken back when an older copy is put in its place: nothing has to be remembered by hand."""

import json
import shutil
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlmodel import col
from starlette.testclient import TestClient

from service import verification
from service.app import create_app
from service.database import Database
from service.feedback.actions import withdraw
from service.feedback.models import Feedback, State
from service.journal.actions import OPERATOR
from service.keeping import ledger, replay
from service.keeping.ledger import Line
from service.narratives.actions import withdraw_narrative
from service.people.actions import disable, forget_person
from service.places.queries import PlaceCard
from service.settings import Settings
from service.tombstones import Gone, Tombstone, Why
from tests.keeping.world import answered, dumped, files_of, member, published
from tests.make import MONDAY, Make, SettableClock

on_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


def take_all_back(make: Make, place: PlaceCard) -> None:
    """A message that was answered and published, a story and a person."""
    sam = member(make, place)
    leaver = member(make, place, email="leaver@hillside.example")
    message = make.message(place, "CANARY words", share="words_public", contact="CANARY@example.org", kind="idea")
    answered(make, sam, message, "CANARY answer")
    published(make, sam, message)
    story = make.story(place, "CANARY story", title="CANARY title", barrier="CANARY barrier")
    make.message(place, "These stay")
    copy_as_older(make)
    with make.database.write() as writes:
        withdraw(writes, make.keys, place, message.code, make.clock())
        withdraw_narrative(writes, sam, story, make.clock())
        disable(writes, OPERATOR, leaver.person.email, make.clock())
        forget_person(writes, OPERATOR, leaver.person.email, make.clock())


def copy_as_older(make: Make) -> None:
    """An older backup: the whole database at this moment."""
    path = make.database.writer.url.database
    driver = make.database.writer.raw_connection()
    try:
        driver.cursor().execute("VACUUM INTO ?", (f"{path}.older",))
    finally:
        driver.close()


def put_back(database: Database, settings: Settings) -> None:
    """The operator stops the service and puts the older copy in the database's place."""
    database.reader.dispose()
    database.writer.dispose()
    path = Path(settings.database.removeprefix("sqlite:///"))
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    shutil.move(f"{path}.older", path)


@on_sqlite
def test_older_copy_loses_again_at_the_start_what_was_taken_back_since(
    make: Make, hillside: PlaceCard, database: Database, settings: Settings, clock: SettableClock
) -> None:
    take_all_back(make, hillside)
    replay.catch_up(database, settings.var, clock())
    put_back(database, settings)
    assert "CANARY words" in dumped(database), "the older copy has it"
    clock.advance(days=3)
    with TestClient(create_app(settings, clock=clock)) as browser:
        assert "CANARY" not in browser.get("/hillside/community-reporting").text
    for trace in ("CANARY", "leaver"):
        assert trace not in dumped(database)
    with database.read() as reads:
        assert verification.differences(reads) == []
        [gone] = reads.execute(select(Feedback).where(col(Feedback.state) == State.WITHDRAWN)).scalars().all()
        assert gone.withdrawn_at == MONDAY, "the day on which it was taken back, not the one of the restore"
    database.reader.dispose()
    database.writer.dispose()
    assert "CANARY" not in files_of(database, settings) and "These stay" in files_of(database, settings)


@on_sqlite
def test_without_the_ledger_the_words_are_back(
    make: Make, hillside: PlaceCard, database: Database, settings: Settings, clock: SettableClock
) -> None:
    """The control: it is the ledger that does it."""
    take_all_back(make, hillside)
    put_back(database, settings)
    assert replay.catch_up(database, settings.var, clock()) == 0
    assert "CANARY words" in dumped(database)


def test_ledger_of_another_machine_is_replayed_on_either_database(
    make: Make, hillside: PlaceCard, database: Database, settings: Settings, clock: SettableClock
) -> None:
    """As after `pg_restore`: the rows are back, the tombstones are not."""
    message, story = make.message(hillside, "CANARY"), make.story(hillside, "CANARY story")
    with database.read() as reads:
        story_id = UUID(str(reads.connection().exec_driver_sql("select id from narrative").scalar_one()))
    lines = [
        Line(hillside.id, Gone.MESSAGE, make.message_id(message), Why.TAKEN_BACK, MONDAY),
        Line(hillside.id, Gone.STORY, story_id, Why.ERASED, MONDAY),
        Line(hillside.id, Gone.MESSAGE, UUID(int=5), Why.TAKEN_BACK, MONDAY),
        Line(UUID(int=6), Gone.CONTACT, UUID(int=7), Why.TAKEN_BACK, MONDAY),
    ]
    clock.advance(days=1)
    assert replay.replay(database, lines, clock()) == 4 and story
    assert "CANARY" not in dumped(database)
    assert replay.replay(database, lines, clock()) == 0, "once is enough"
    with database.read() as reads:
        assert verification.differences(reads) == []
        assert reads.execute(select(col(Tombstone.at)).distinct()).scalars().all() == [MONDAY]
    assert replay.write_down(database, settings.var) == 4


def test_ledger_grows_and_is_never_torn(make: Make, hillside: PlaceCard, database: Database, settings: Settings) -> None:
    path = ledger.path_in(settings.var)
    first, second = (make.message(hillside, "x") for _number in range(2))
    for message in (first, second):
        with database.write() as writes:
            withdraw(writes, make.keys, hillside, message.code, make.clock())
        assert replay.write_down(database, settings.var) == 1
    assert replay.write_down(database, settings.var) == 0
    assert [line.subject_id for line in ledger.read(path)] == [make.message_id(first), make.message_id(second)]
    assert path.stat().st_mode & 0o777 == 0o600
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])  # the power went while the second line was written
    assert len(ledger.read(path)) == 1
    assert replay.write_down(database, settings.var) == 1
    assert len(ledger.read(path)) == 2
    path.write_text(json.dumps({"something": "else"}) + "\n")
    with pytest.raises(RuntimeError, match="line 1: this is no line"):
        ledger.read(path)


def test_service_writes_the_ledger_by_itself(make: Make, hillside: PlaceCard, settings: Settings, app: FastAPI) -> None:
    message = make.message(hillside, "x")
    with TestClient(app) as browser:
        answer = browser.post("/api/v1/hillside/receipts/withdraw", json={"code": message.code})
        assert answer.status_code == 200
    [line] = ledger.read(ledger.path_in(settings.var))
    assert (line.gone, line.subject_id, line.why) == (Gone.MESSAGE, make.message_id(message), Why.TAKEN_BACK)
    assert "x" not in line.why
