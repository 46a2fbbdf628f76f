"""Against spam without hurting people: what is odd is looked at before it is shown, nothing is refused, and nobody is told anything."""

from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.feedback.arrival import made_at, mark_of
from service.feedback.models import Feedback
from service.limits import MESSAGES
from service.moderation.models import Cause, Hold, Sign
from service.moderation.rules import ODD_FROM, score_of
from service.people.models import Role
from service.places.queries import PlaceCard
from tests.feedback.test_pages import TELL, fields, page_of, said
from tests.make import Make, SettableClock


@pytest.fixture(autouse=True)
def place(hillside: PlaceCard) -> PlaceCard:
    return hillside


def sends(resident: TestClient, clock: SettableClock, *, after: float = 20.0, **typed_in: str) -> str:
    """Opens the form, takes a while, sends it; answers what the page then says."""
    form = fields(page_of(resident.get(TELL)))
    clock.advance(seconds=after)
    answer = resident.post(TELL, data={**form, "body": "The bench by the surgery has gone.", **typed_in})
    assert answer.status_code == 200, answer.text
    return said(page_of(answer))


def holds(database: Database) -> list[Hold]:
    with database.read() as reads:
        return list(reads.exec(select(Hold)))


def stored(database: Database) -> int:
    with database.read() as reads:
        return len(reads.exec(select(Feedback)).all())


def test_field_that_people_do_not_see_is_out_of_their_way(resident: TestClient) -> None:
    page = page_of(resident.get(TELL))
    [trap] = page.css("[name=homepage]")
    assert trap.attributes["tabindex"] == "-1" and trap.attributes["autocomplete"] == "off"
    assert trap.parent and trap.parent.attributes["aria-hidden"] == "true" and trap.parent.attributes["class"] == "vh"


def test_program_that_fills_everything_in_is_held_and_told_nothing(
    resident: TestClient, database: Database, clock: SettableClock, signed_in: Callable[..., TestClient], place: PlaceCard
) -> None:
    plain = sends(resident, clock)
    odd = sends(resident, clock, homepage="https://cheap.example/" + "x" * 2_000)
    assert [odd.count(word) for word in ("Thank you", "Your code")] == [plain.count(word) for word in ("Thank you", "Your code")]
    assert stored(database) == 2
    [hold] = holds(database)
    assert (hold.cause, hold.signs) == (Cause.SIGNS, "trap")
    queue = LexborHTMLParser(signed_in(place, Role.MODERATOR).get("/staff/hillside/moderation").text).css("main")[0].text()
    assert "how it arrived" in queue and "3 points" in queue and "people do not see" in queue and "cheap.example" not in queue


def test_quick_hand_is_not_held(resident: TestClient, database: Database, clock: SettableClock) -> None:
    sends(resident, clock, after=0.5, share="words_public")
    assert stored(database) == 1 and holds(database) == []


def test_page_that_was_kept_for_a_week_is_as_good_as_a_new_one(resident: TestClient, database: Database, clock: SettableClock) -> None:
    sends(resident, clock, after=7 * 86_400)
    assert stored(database) == 1 and holds(database) == []


def test_form_without_its_mark_or_with_one_that_is_made_up_counts_one_point(
    resident: TestClient, database: Database, clock: SettableClock
) -> None:
    for mark in ("", "1", "1.2", "\u0661.x", "9" * 40 + ".x", "1795428000.0"):
        sends(resident, clock, made=mark)
    assert stored(database) == 6 and holds(database) == []
    assert score_of([Sign.UNSIGNED]) < ODD_FROM <= score_of([Sign.UNSIGNED, Sign.QUICK])


def test_mark_of_another_place_or_of_another_moment_is_made_up(make: Make, place: PlaceCard) -> None:
    other = make.collaboration("riverbank")
    mark = mark_of(make.keys, place.id, make.clock())
    assert made_at(make.keys, place.id, mark) == make.clock()
    assert made_at(make.keys, other.id, mark) is None
    assert made_at(make.keys, place.id, f"{int(mark.partition('.')[0]) - 60}.{mark.partition('.')[2]}") is None


def test_nobody_behind_the_address_of_a_library_is_lost(
    resident: TestClient, database: Database, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MESSAGES, "amount", 3)
    codes = {sends(resident, clock, body=f"Message number {number} of a busy morning.") for number in range(5)}
    assert stored(database) == 5 and len(codes) == 5
    assert [hold.signs for hold in holds(database)] == ["many", "many"]


def test_flood_by_the_api_is_held_as_well_and_keys_are_not_counted(
    resident: TestClient, partner: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MESSAGES, "amount", 1)
    for client in (resident, resident, partner, partner, partner):
        assert client.post("/api/v1/hillside/feedback", json={"body": "The bench by the surgery has gone."}).status_code == 201
    assert [hold.signs for hold in holds(database)] == ["many"]


def test_what_is_odd_never_hides_what_is_urgent(resident: TestClient, database: Database, clock: SettableClock) -> None:
    sends(resident, clock, homepage="x", body="He said he will kill himself tonight.")
    with database.read() as reads:
        assert reads.exec(select(Feedback)).one().lane is not None
