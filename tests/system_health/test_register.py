"""The register of what gets in the way: who may read and move what, what everybody may know, what withdrawal takes along."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.errors import Conflict, Invalid, NotFound, Refused
from service.narratives.actions import share_narrative, withdraw_narrative
from service.narratives.models import Visibility
from service.people.models import Member, Role
from service.places.queries import PlaceCard
from service.system_health.models import Barrier, BarrierMove, Standing
from service.system_health.queries import find_barriers, find_themes, get_card
from tests.make import Make
from tests.narratives.conftest import YES
from tests.system_health.conftest import Move

REGISTER, PUBLIC = "/staff/hillside/barriers", "/hillside/system-health"
TODAY = date(2026, 11, 23)
AtWork = Callable[..., Member]
Report = Callable[..., UUID]


def words_in(browser: TestClient, path: str, selector: str = "main") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return " ".join(" ".join(node.text() for node in LexborHTMLParser(answer.text).css(selector)).split())


# ---- who may ---------------------------------------------------------------------------------------------------------


def test_only_a_coordinator_who_reaches_it_moves_a_barrier(
    make: Make, hillside: PlaceCard, at_work: AtWork, barrier: Report, move: Move, coordinator: Member
) -> None:
    council = make.organisation(hillside, "council")
    make.organisation(hillside, "hub")
    found = barrier(council)
    with pytest.raises(NotFound):
        move(at_work(hillside, organisation="hub"), found, "looked_into", theme="A form")
    for role in (Role.FRONTLINE, Role.MODERATOR):
        with pytest.raises(Refused):
            move(at_work(hillside, role, organisation="council"), found, "looked_into", theme="A form")
    move(at_work(hillside, organisation="council"), found, "looked_into", theme="A form")
    with pytest.raises(Refused):  # named, so that the hub may read of it, and no more
        move(at_work(hillside, organisation="hub"), found, "real_rule", rule_kind="statute")
    move(coordinator, found, "real_rule", rule_kind="statute")


def test_another_organisation_reads_the_name_and_no_unshared_word(
    make: Make, database: Database, hillside: PlaceCard, at_work: AtWork, barrier: Report, move: Move, coordinator: Member
) -> None:
    council = make.organisation(hillside, "council")
    make.organisation(hillside, "hub")
    found = barrier(council, "A secret of the council")
    hub = at_work(hillside, Role.FRONTLINE, organisation="hub")
    with database.read() as reads:
        assert find_barriers(reads, hub, TODAY, list(Standing)) == []
        [own] = find_barriers(reads, at_work(hillside, Role.FRONTLINE, organisation="council"), TODAY, list(Standing))
    assert (own.words, own.stories) == ("A secret of the council", 1)
    move(coordinator, found, "looked_into", theme="A form that goes first")
    with database.read() as reads:
        card = get_card(reads, hub, found, TODAY)
    assert (card.line.theme, card.line.words, card.line.stories, card.stories, card.moves) == ("A form that goes first", None, 0, [], ())


# ---- moving ----------------------------------------------------------------------------------------------------------


def test_move_that_is_not_allowed_changes_nothing(coordinator: Member, barrier: Report, move: Move, database: Database) -> None:
    found = barrier()
    for to in set(Standing) - {Standing.LOOKED_INTO}:
        with pytest.raises(Conflict):
            move(coordinator, found, to, theme="A form")
    with pytest.raises(Invalid):  # without a name nobody outside would read of it
        move(coordinator, found, "looked_into")
    move(coordinator, found, "looked_into", theme="A form")
    with pytest.raises(Invalid):
        move(coordinator, found, "real_rule")
    with database.read() as reads:
        assert [row.standing for row in reads.exec(select(Barrier))] == ["looked_into"]
        assert len(reads.exec(select(BarrierMove)).all()) == 1


def test_pages_say_a_custom_is_no_rule_and_keep_what_was_typed(staff: TestClient, barrier: Report, visitor: TestClient) -> None:
    at = f"{REGISTER}/{barrier()}"
    refused = staff.post(at, data={"to": "looked_into", "theme": "", "note": "I will <ask>."})
    page = LexborHTMLParser(refused.text)
    assert refused.status_code == 422 and page.css("#theme-error") and page.css("#note")[0].text() == "I will <ask>."
    assert staff.post(at, data={"to": "changed", "theme": "A form", "note": "x"}).status_code == 409
    assert staff.post(at, data={"to": "looked_into", "theme": "A form that goes first", "note": "x"}).status_code == 303
    assert staff.post(at, data={"to": "custom_not_rule", "note": "Nobody knows why."}).status_code == 303
    assert "No rule says so: it is only how we do it" in words_in(staff, at) and "1 thing gets in the way" in words_in(staff, REGISTER)
    assert staff.post(at, data={"to": "changed", "note": "It is gone."}).status_code == 303
    assert "Nothing gets in the way" in words_in(staff, REGISTER) and "A form that goes first" in words_in(staff, f"{REGISTER}?part=ended")
    assert "No rule said so: it was only how we did it." in words_in(visitor, PUBLIC)
    assert staff.get(f"{REGISTER}/{uuid4()}").status_code == 404


# ---- what everybody may know -----------------------------------------------------------------------------------------


def test_public_reads_names_and_shared_words_alone(
    make: Make,
    database: Database,
    hillside: PlaceCard,
    visitor: TestClient,
    at_work: AtWork,
    barrier: Report,
    move: Move,
    coordinator: Member,
) -> None:
    barrier(words="Hidden words")
    assert "Hidden words" not in words_in(visitor, PUBLIC) and "1 of 1 barriers still stands" in words_in(visitor, PUBLIC)
    found = barrier(words="Their own words", consent=YES)
    move(coordinator, found, "looked_into", theme="A form that goes first", source="Section 4")
    said = words_in(visitor, PUBLIC)
    assert "A form that goes first" in said and "Section 4" in said and "It took a week." not in said and "Asked the desk" not in said
    with database.read() as reads:
        [story] = get_card(reads, coordinator, found, TODAY).stories
    second = at_work(hillside, Role.MODERATOR)
    with database.write() as writes:
        share_narrative(writes, second, story.id, Visibility.PUBLIC, make.clock())
    assert "It took a week." in words_in(visitor, PUBLIC)
    with database.write() as writes:
        withdraw_narrative(writes, second, story.id, make.clock())
    assert "It took a week." not in words_in(visitor, PUBLIC)
    with database.read() as reads:
        [theme] = find_themes(reads, hillside.id, TODAY, hillside.time_zone)
        card = get_card(reads, coordinator, found, TODAY)
    assert theme.stories == [] and card.stories == [] and card.line.words is None
