"""What the sender of a message said yes to: kept with the message, ended with its code, and gone from every page in the same request."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import SQLModel, select
from starlette.testclient import TestClient

from service import verification
from service.consents.models import Consent, How, Purpose
from service.consents.rules import holds_until
from service.database import Database
from service.errors import Conflict
from service.feedback.actions import Received
from service.feedback.desk_actions import publish, withhold
from service.feedback.models import Contact, Feedback, Publication, Share, WithheldReason
from service.journal.actions import OPERATOR
from service.keeping import ledger, replay, retention
from service.keeping.worker import Keeper
from service.people.models import Member
from service.places.models import Threshold, ThresholdIn
from service.places.queries import PlaceCard, get_place
from service.places.setting_actions import set_threshold
from service.settings import Settings
from tests.make import Make, SettableClock

CANARY = "CANARYWORD about the bench"
ENDED = "2029-11-24T10:00Z"
"""The day after the last day of a yes that was given on the day of these tests."""

AtWork = Callable[..., Member]


def shown(make: Make, member: Member, place: PlaceCard, **said: Any) -> Received:
    """A message that everybody reads."""
    message = make.message(place, CANARY, share="words_public", **said)
    with make.database.write() as writes:
        publish(writes, member, make.message_id(message), make.clock())
    return message


def row_of(database: Database, message: Received) -> Feedback:
    with database.read() as reads:
        return reads.exec(select(Feedback).where(Feedback.public_id == message.public_id)).one()


def yeses(database: Database) -> list[Consent]:
    with database.read() as reads:
        return list(reads.exec(select(Consent).order_by(Consent.purpose, Consent.id)))


def says(client: TestClient, message: Received, act: str, **more: str) -> str:
    answer = client.post("/hillside/answer", data={"code": message.code, "act": act, **more})
    assert answer.status_code == 200
    return " ".join(LexborHTMLParser(answer.text).body.text(separator=" ").split())  # type: ignore[union-attr]


EVERYWHERE = (
    *("", "/community-reporting", "/narratives", "/outcomes", "/results", "/system-health", "/promises", "/search?q=canaryword"),
    *("/tell", "/answer", "/about", "/kept"),
)
ACCOUNT = "/account/community-reporting"
OF_THE_API = ("/feedback", "/feedback?q=canaryword", "/narratives", ACCOUNT, f"{ACCOUNT}?format=csv")


def places_where_it_stands(visitor: TestClient) -> list[str]:
    """Every page, list, search and file of the place on which somebody who is nobody reads the words."""
    addresses = [f"/hillside{path}" for path in EVERYWHERE] + [f"/api/v1/hillside{path}" for path in OF_THE_API]
    return [address for address in addresses if "CANARYWORD" in visitor.get(address).text]


# ---- what is kept ----------------------------------------------------------------------------------------------------


def test_what_is_ticked_is_kept_as_a_yes_with_its_wording_its_day_and_its_last_day(
    make: Make, hillside: PlaceCard, database: Database, visitor: TestClient
) -> None:
    make.message(hillside, CANARY)
    assert yeses(database) == []
    visitor.post("/api/v1/hillside/feedback", json={"body": CANARY, "share": "words_public", "contact": "0123"})
    reply, words = yeses(database)
    assert (words.purpose, words.wording_version, words.how) == (Purpose.SHARE_WORDS_PUBLIC, "2026-11", How.WEB)
    assert (words.given_on, words.expires_on) == (date(2026, 11, 23), date(2029, 11, 23))
    assert (reply.purpose, reply.expires_on, reply.withdrawn_at) == (Purpose.REPLY, None, None)


def test_place_says_how_long_a_yes_holds_and_who_said_it_before_keeps_their_day(
    make: Make, hillside: PlaceCard, database: Database, clock: SettableClock
) -> None:
    make.message(hillside, CANARY, share="words_public")
    with database.write() as writes:
        shorter = ThresholdIn(threshold=Threshold.YES_HOLDS, value=6, since=clock().date(), why="We ask again.")
        set_threshold(writes, OPERATOR, hillside, shorter, clock())
    with database.read() as reads:
        make.message(get_place(reads, "hillside"), CANARY, share="words_public")
    assert {yes.expires_on for yes in yeses(database)} == {date(2029, 11, 23), date(2027, 5, 23)}


@pytest.mark.parametrize(("given", "months", "last"), [("2026-08-31", 6, "2027-02-28"), ("2028-02-29", 12, "2029-02-28")])
def test_last_month_may_be_a_short_one(given: str, months: int, last: str) -> None:
    assert holds_until(date.fromisoformat(given), months) == date.fromisoformat(last)


# ---- ended by who gave it --------------------------------------------------------------------------------------------


def test_words_are_gone_from_every_page_in_the_request_that_stops_them(
    make: Make, hillside: PlaceCard, at_work: AtWork, visitor: TestClient, resident: TestClient, database: Database
) -> None:
    message = shown(make, at_work(hillside), hillside)
    before = places_where_it_stands(visitor)
    assert len(before) >= 4 and places_where_it_stands(visitor) == before, "they are read, and kept for the next reader"
    told = says(resident, message, "stop_sharing")
    assert "Nobody else can read your words now." in told and CANARY in told, "the sender still reads them"
    assert "Your yes to showing your words ended." in told
    assert places_where_it_stands(visitor) == []
    row = row_of(database, message)
    assert (row.publication, row.share, row.published_on) == (Publication.NOT_OFFERED, Share.TEAM_ONLY, None)
    with database.read() as reads:
        assert verification.differences(reads) == [], "and the sums are right"


def test_who_shares_after_all_waits_for_somebody_to_look(
    make: Make, hillside: PlaceCard, at_work: AtWork, visitor: TestClient, resident: TestClient, database: Database
) -> None:
    member = at_work(hillside)
    message = shown(make, member, hillside)
    says(resident, message, "stop_sharing")
    assert "We have not decided yet." in says(resident, message, "share_after_all")
    assert places_where_it_stands(visitor) == [] and row_of(database, message).publication == Publication.WAITING
    with database.write() as writes:
        assert publish(writes, member, make.message_id(message), make.clock())
    assert places_where_it_stands(visitor)
    assert [yes.withdrawn_at is None for yes in yeses(database)] in ([True, False], [False, True]), "a renewed yes is another row"


def test_what_was_withheld_is_not_waiting_again_because_its_sender_stopped_and_began_anew(
    make: Make, hillside: PlaceCard, at_work: AtWork, resident: TestClient, database: Database
) -> None:
    message = make.message(hillside, CANARY, share="words_public")
    with database.write() as writes:
        withhold(writes, at_work(hillside), make.message_id(message), WithheldReason.COULD_TELL_WHO, make.clock())
    says(resident, message, "stop_sharing")
    says(resident, message, "share_after_all")
    row = row_of(database, message)
    assert (row.publication, row.withheld_reason) == (Publication.WITHHELD, WithheldReason.COULD_TELL_WHO)


def test_contact_is_forgotten_and_the_message_is_still_answered(
    make: Make, hillside: PlaceCard, resident: TestClient, database: Database, clock: SettableClock
) -> None:
    message = make.message(hillside, CANARY, contact="0123 456789")
    assert "Forget how to reach me" in says(resident, message, "read")
    told = says(resident, message, "forget_contact")
    assert "We have forgotten how to reach you." in told and "We will try to answer" in told
    with database.read() as reads:
        assert reads.exec(select(Contact)).all() == []
    assert [yes.withdrawn_at for yes in yeses(database)] == [clock()]


def test_words_taken_back_end_every_yes(make: Make, hillside: PlaceCard, resident: TestClient, database: Database) -> None:
    message = make.message(hillside, CANARY, share="words_public", contact="0123")
    says(resident, message, "withdraw")
    assert len(yeses(database)) == 2 and all(yes.withdrawn_at for yes in yeses(database))
    assert "said yes to" not in says(resident, message, "read")


def test_wrong_code_ends_nothing(make: Make, hillside: PlaceCard, resident: TestClient, database: Database) -> None:
    make.message(hillside, CANARY, share="words_public", contact="0123")
    for act in ("stop_sharing", "share_after_all", "forget_contact"):
        answer = resident.post("/hillside/answer", data={"code": "K7QF-2M9X-TR4D-W8ZP5", "act": act})
        assert answer.status_code == 404
    assert all(yes.withdrawn_at is None for yes in yeses(database))


# ---- ended by its time -----------------------------------------------------------------------------------------------


def test_words_are_gone_from_every_page_when_the_last_day_of_the_yes_is_over(
    make: Make, hillside: PlaceCard, at_work: AtWork, visitor: TestClient, resident: TestClient, database: Database, clock: SettableClock
) -> None:
    member = at_work(hillside)
    message = shown(make, member, hillside)
    clock.at("2029-11-23T10:00Z")
    assert retention.retain(database, clock())["hillside: consents"] == 0 and places_where_it_stands(visitor), "its last day"
    clock.at(ENDED)
    with database.read() as reads:
        [step] = retention.consent_steps(reads, clock())
    with database.write() as writes:
        assert step(writes, clock()) == 1
    assert places_where_it_stands(visitor) == []
    assert row_of(database, message).body == CANARY, "they wait for a new yes before they count as not shown"
    assert "Only the team can read your words" in says(resident, message, "read")
    with database.read() as reads:
        assert retention.consent_steps(reads, clock()) == [] and verification.differences(reads) == []
    says(resident, message, "share_after_all")
    with database.write() as writes:
        assert publish(writes, member, make.message_id(message), clock())


def test_nobody_publishes_on_a_yes_that_is_over(make: Make, hillside: PlaceCard, at_work: AtWork, clock: SettableClock) -> None:
    member, message = at_work(hillside), make.message(hillside, CANARY, share="words_public")
    clock.at(ENDED)
    with pytest.raises(Conflict), make.database.write() as writes:
        publish(writes, member, make.message_id(message), clock())


def test_keeper_ends_what_is_over_at_its_next_look(
    make: Make, hillside: PlaceCard, database: Database, settings: Settings, clock: SettableClock
) -> None:
    make.message(hillside, CANARY, share="words_public")
    keeper = Keeper(database, settings.var, clock)
    assert asyncio.run(keeper.end_consents()) == {}
    clock.at(ENDED)
    assert [asyncio.run(keeper.end_consents()) for _look in range(2)] == [{"hillside: consents": 1}, {}]


# ---- and it stays ended ----------------------------------------------------------------------------------------------


def test_older_copy_of_the_database_does_not_bring_a_yes_back(
    make: Make, hillside: PlaceCard, at_work: AtWork, visitor: TestClient, resident: TestClient, database: Database, settings: Settings
) -> None:
    message = shown(make, at_work(hillside), hillside)
    with database.read() as reads:
        before = {table.name: reads.connection().execute(select(table)).mappings().all() for table in (CONSENT, FEEDBACK)}
    says(resident, message, "stop_sharing")
    replay.write_down(database, settings.var)
    lines = ledger.read(ledger.path_in(settings.var))
    with database.write() as writes:  # what an older backup holds: the yes, the published words, and no tombstone
        writes.connection().execute(TOMBSTONE.delete())
        for table in (FEEDBACK, CONSENT):
            writes.connection().execute(table.delete() if table is CONSENT else table.update().values(_of(before[FEEDBACK.name][0])))
        writes.connection().execute(CONSENT.insert(), [dict(row) for row in before[CONSENT.name]])
    assert replay.replay(database, lines, make.clock()) == 1
    assert places_where_it_stands(visitor) == [] and all(yes.withdrawn_at for yes in yeses(database))


CONSENT, FEEDBACK, TOMBSTONE = (SQLModel.metadata.tables[name] for name in ("consent", "feedback", "tombstone"))


def _of(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in ("share", "publication", "published_on")}
