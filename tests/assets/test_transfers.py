"""Transfers to the community: in order, with a plan and a count before, looked at within a year; who is shut out is said out loud."""

from datetime import date
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from service.assets import rules
from service.assets.actions import count_access, move_transfer, propose_transfer
from service.assets.models import AccessIn, MoveIn, Standing, TransferIn
from service.assets.queries import get_transfer, shown_count
from service.errors import Conflict, Invalid, Refused
from service.people.models import Member
from service.places.models import Threshold
from service.places.queries import PlaceCard
from service.places.rules import BOUNDS
from tests.make import Make, SettableClock

DESK, PUBLIC = "/staff/hillside/asset-transfers", "/hillside/asset-transfers"
S = Standing
FEWEST = BOUNDS[Threshold.FEWEST_PEOPLE].default


@pytest.fixture
def sam(make: Make, hillside: PlaceCard) -> Member:
    """A coordinator for the whole place."""
    make.organisation(hillside, "neighbours", name="Linden Neighbours")
    return make.at_work(hillside)


def proposed(make: Make, sam: Member) -> UUID:
    with make.database.write() as writes:
        return propose_transfer(writes, sam, TransferIn(asset="The hall", organisation="neighbours"), make.clock())


def counted(make: Make, sam: Member, transfer: UUID, people: str, **numbers: int) -> bool:
    with make.database.write() as writes:
        return count_access(writes, sam, transfer, AccessIn(people=people, **numbers), make.clock())


def moved(make: Make, sam: Member, transfer: UUID, to: Standing | None, **fields: object) -> None:
    with make.database.write() as writes:
        move_transfer(writes, sam, transfer, MoveIn.model_validate({"note": "It is so.", "to": to, **fields}), make.clock())


def run_by_the_community(make: Make, sam: Member, **before: int) -> UUID:
    """A transfer that has moved, with these groups counted before."""
    transfer = proposed(make, sam)
    for people, number in before.items():
        counted(make, sam, transfer, people, before=number)
    moved(make, sam, transfer, S.CHECKS_DONE, plan="Two keyholders, and the council's plumber.")
    moved(make, sam, transfer, S.TRANSFERRED, moved_on="2026-11-20")
    return transfer


def words(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(LexborHTMLParser(answer.text).css_first("main").text().split())


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_who_takes_it_over_says_things_and_judges_nothing(make: Make, sam: Member) -> None:
    transfer = proposed(make, sam)
    taker = make.at_work(sam.place, organisation="neighbours")
    moved(make, taker, transfer, None)
    with pytest.raises(Refused):
        moved(make, taker, transfer, S.CHECKS_DONE, plan="x")
    with pytest.raises(Refused):
        counted(make, taker, transfer, "Everybody", before=3)
    with pytest.raises(Refused), make.database.write() as writes:
        propose_transfer(writes, make.at_work(sam.place, "frontline"), TransferIn(asset="x", organisation="neighbours"), make.clock())


# ---- the order of things ---------------------------------------------------------------------------------------------


def test_only_the_steps_of_the_lifecycle_are_taken(make: Make, sam: Member) -> None:
    allowed = {(one, to) for one in S for to in rules.moves(one)}
    assert allowed == {
        (S.PROPOSED, S.CHECKS_DONE),
        (S.CHECKS_DONE, S.TRANSFERRED),
        (S.TRANSFERRED, S.REVIEWED),
        (S.REVIEWED, S.KEPT),
        (S.REVIEWED, S.HANDED_BACK),
    }
    transfer = proposed(make, sam)
    for to in S:
        if to != S.CHECKS_DONE:
            with pytest.raises(Conflict):
                moved(make, sam, transfer, to)


def test_nothing_moves_before_there_is_a_plan_and_a_count(make: Make, sam: Member) -> None:
    transfer = proposed(make, sam)
    with pytest.raises(Invalid) as refused:
        moved(make, sam, transfer, S.CHECKS_DONE)
    assert {error.field for error in refused.value.errors} == {"plan", "to"}
    counted(make, sam, transfer, "Over 75", before=40)
    moved(make, sam, transfer, S.CHECKS_DONE, plan="Two keyholders.")
    for fields in ({}, {"moved_on": "2026-11-24"}):
        with pytest.raises(Invalid):
            moved(make, sam, transfer, S.TRANSFERRED, **fields)
    for review in ("2026-11-20", "2027-11-21"):
        with pytest.raises(Invalid) as refused:
            moved(make, sam, transfer, S.TRANSFERRED, moved_on="2026-11-20", review_on=review)
        assert [error.field for error in refused.value.errors] == ["review_on"]
    moved(make, sam, transfer, S.TRANSFERRED, moved_on="2026-11-20", review_on="2027-11-20")


def test_nothing_is_looked_at_before_every_group_is_counted_again(make: Make, sam: Member) -> None:
    transfer = run_by_the_community(make, sam, Young=40, Old=30)
    counted(make, sam, transfer, "Young", after=41)
    with pytest.raises(Invalid) as refused:
        moved(make, sam, transfer, S.REVIEWED)
    assert "Old" in refused.value.errors[0].message
    with pytest.raises(Invalid):
        counted(make, sam, transfer, "Somebody else", after=1)
    with pytest.raises(Invalid):
        counted(make, sam, transfer, "Old", before=20)
    assert counted(make, sam, transfer, " old ", after=29) and not counted(make, sam, transfer, "Old", after=29)
    moved(make, sam, transfer, S.REVIEWED)
    with pytest.raises(Conflict):
        counted(make, sam, transfer, "Old", after=40)
    moved(make, sam, transfer, S.HANDED_BACK)


def test_new_look_falls_due_within_twelve_months(make: Make, sam: Member, visitor: TestClient, clock: SettableClock) -> None:
    run_by_the_community(make, sam, Young=40)
    assert "A new look by 20 November 2027." in words(visitor, PUBLIC)
    clock.at("2027-11-20T12:00Z")
    assert "A new look is due" not in words(visitor, PUBLIC)
    clock.at("2027-11-21T12:00Z")
    assert "A new look is due" in words(visitor, PUBLIC)
    assert rules.latest_review(date(2028, 2, 29)) == date(2029, 2, 28)


# ---- who can still use it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "large"), [(40, 32, False), (40, 31, True), (5, 4, False), (0, 0, False), (10, 12, False), (3, 0, True)]
)
def test_more_than_a_fifth_is_large(before: int, after: int, large: bool) -> None:
    assert rules.is_large(before, after) == large == (rules.drop(before, after) > rules.LARGE_DROP)


def test_group_that_is_shut_out_is_said_out_loud(make: Make, sam: Member, visitor: TestClient) -> None:
    transfer = run_by_the_community(make, sam, Young=40, Wheelchair=42)
    counted(make, sam, transfer, "Young", after=40)
    assert "Fewer people can use it" not in words(visitor, f"{PUBLIC}/{transfer}")
    counted(make, sam, transfer, "Wheelchair", after=20)
    assert "Fewer people can use it than before: Wheelchair." in words(visitor, f"{PUBLIC}/{transfer}")


def test_people_are_rounded_and_few_are_not_shown(make: Make, sam: Member, visitor: TestClient, staff: TestClient) -> None:
    transfer = run_by_the_community(make, sam, Blind=7, Deaf=8, Old=43, Nobody=0)
    shown = words(visitor, f"{PUBLIC}/{transfer}")
    assert "Blind Too few to show safely" in shown and "Deaf 10" in shown and "Old 45" in shown and "Nobody 0" in shown
    assert "43" not in shown
    assert "Old 43" in words(staff, f"{DESK}/{transfer}")
    counted(make, sam, transfer, "Old", after=7)
    assert "Old More than a fifth fewer than before. 45 Too few to show safely" in words(visitor, f"{PUBLIC}/{transfer}")


def test_what_is_said_of_a_group_tells_nothing_that_is_hidden() -> None:
    """Two groups that are shown alike are spoken of alike."""
    told: dict[object, set[bool | None]] = {}
    for before in range(60):
        for after in range(60):
            one, other = shown_count(before, FEWEST), shown_count(after, FEWEST)
            told.setdefault((one.value, other.value), set()).add(rules.shown_drop(one, other))
            assert one.least <= before <= one.most
    assert all(len(answers) == 1 for answers in told.values())
    assert told[None, None] == {None} and told[45, None] == {True} and told[10, None] == {None}


# ---- the pages -------------------------------------------------------------------------------------------------------


def test_transfer_is_proposed_and_told_on_the_pages(make: Make, sam: Member, staff: TestClient, visitor: TestClient) -> None:
    assert "Nothing has passed to the community here yet." in words(visitor, PUBLIC)
    wrong = staff.post(DESK, data={"asset": "", "about": "<kept>"})
    assert wrong.status_code == 422 and LexborHTMLParser(wrong.text).css_first("#about").text() == "<kept>"
    path = staff.post(DESK, data={"asset": "The hall", "organisation": "neighbours"}).headers["location"]
    assert staff.post(f"{path}/people", data={"people": "Over 75", "before": "many"}).status_code == 422
    assert staff.post(f"{path}/people", data={"people": "Over 75", "before": "40"}).status_code == 303
    refused = staff.post(path, data={"note": "Ready <soon>.", "to": "checks_done"})
    assert refused.status_code == 422 and LexborHTMLParser(refused.text).css_first("#note").text() == "Ready <soon>."
    assert staff.post(path, data={"note": "Ready.", "to": "checks_done", "plan": "Two keyholders."}).status_code == 303
    early = staff.post(path, data={"note": "Typed <too> early.", "to": "kept"})
    assert early.status_code == 409 and "What you can say: It has moved: the community runs it now." in early.text
    assert LexborHTMLParser(early.text).css_first("#note").text() == "Typed <too> early."
    shown = words(visitor, f"{PUBLIC}/{path.rpartition('/')[2]}")
    assert "The checks are done" in shown and "Two keyholders." in shown and "Ready." in shown
    with make.database.read() as reads:
        assert get_transfer(reads, sam.place, UUID(path.rpartition("/")[2]), date(2026, 11, 23)).row.standing == S.CHECKS_DONE
