"""Telling stories, deciding about them, taking them back: what is stored, and what never is."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlmodel import col, select

from service.consents.models import Consent
from service.database import Database
from service.errors import Conflict, Invalid, NotFound, Refusal, Refused
from service.feedback.models import Capturer
from service.journal.actions import OPERATOR
from service.journal.models import Entry
from service.narratives.actions import (
    Teller,
    add_consent,
    check_narrative,
    pause_narrative,
    share_narrative,
    submit_narrative,
    withdraw_narrative,
)
from service.narratives.models import ConsentIn, Kind, Narrative, NarrativeIn, StoryState, Visibility
from service.narratives.queries import Reader, Wanted, find_narratives, get_narrative
from service.people.models import Member
from service.places.models import AreaKind
from service.places.queries import PlaceCard
from service.promises.actions import Speaker, make_promise
from service.promises.models import PromiseIn
from tests.make import Make, SettableClock
from tests.narratives.conftest import YES, AtWork

Do = Callable[..., None]
PUBLIC, PARTNERS, PRIVATE = Visibility.PUBLIC, Visibility.PARTNERS, Visibility.PRIVATE


def stored(database: Database, story: UUID) -> Narrative:
    with database.read() as reads:
        return reads.exec(select(Narrative).where(Narrative.public_id == story)).one()


def public(database: Database, place: PlaceCard, today: date = date(2026, 11, 23)) -> list[UUID]:
    with database.read() as reads:
        return [row.id for row in find_narratives(reads, Reader(place.id, today), Wanted())]


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_author_can_neither_check_nor_share_their_own_story(
    make: Make, database: Database, hillside: PlaceCard, checker: Member, do: Do
) -> None:
    story = make.story(hillside, actor=checker.actor, consent=YES)
    for visibility in Visibility:
        with pytest.raises(Refused) as refusal:
            do(share_narrative, checker, story, visibility)
        assert "A second person must decide this" in refusal.value.detail
    with pytest.raises(Refused):
        do(check_narrative, checker, story)
    assert stored(database, story).state == StoryState.SUBMITTED


def test_front_line_decides_nothing_and_other_organisations_find_nothing(make: Make, hillside: PlaceCard, at_work: AtWork, do: Do) -> None:
    council = make.organisation(hillside, "council")
    make.organisation(hillside, "hub")
    story = make.story(hillside, organisation=council, consent=YES)
    deeds = ((check_narrative,), (share_narrative, PARTNERS), (withdraw_narrative,))
    for role, organisation, refusal in (
        ("frontline", "council", Refused),
        ("coordinator", "hub", NotFound),
        ("admin", None, NotFound),
        ("viewer", None, NotFound),
    ):
        member = at_work(hillside, role, organisation=organisation)
        for action, *more in deeds:
            with pytest.raises(refusal):
                do(action, member, story, *more)


def test_story_of_another_place_is_not_found(make: Make, hillside: PlaceCard, at_work: AtWork, do: Do) -> None:
    story, stranger = make.story(hillside), at_work(make.collaboration("riverbank"))
    for action, *more in ((check_narrative,), (share_narrative, PRIVATE), (pause_narrative,), (withdraw_narrative,)):
        with pytest.raises(NotFound):
            do(action, stranger, story, *more)


# ---- telling ---------------------------------------------------------------------------------------------------------


def test_story_is_told_once_per_ref_and_source(database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    given = NarrativeIn(kind=Kind.WORKED, body="They came.", occurred_on=date(2026, 11, 1), ref="case 7")
    other = given.model_copy(update={"body": "They did not come."})
    found = []
    for origin, said in (("a", given), ("a", other), ("b", given), (None, given), (None, given)):
        with database.write() as writes:
            row, is_new = submit_narrative(writes, Teller(OPERATOR, None, Capturer.IMPORT, origin), hillside, said, clock())
            found.append((row.public_id, row.body, is_new))
    assert [is_new for *_row, is_new in found] == [True, False, True, True, True]
    assert found[1][:2] == found[0][:2] and len({public_id for public_id, *_rest in found}) == 4


def test_everything_wrong_is_said_at_once_by_field(make: Make, hillside: PlaceCard) -> None:
    make.area(hillside, "otherham", kind=AreaKind.COMPARATOR)
    tomorrow = date(2026, 11, 24)
    with pytest.raises(Invalid) as refusal:
        make.story(
            hillside,
            area="otherham",
            occurred_on=tomorrow,
            promise=str(uuid4()),
            indicator="none",
            consent={**YES, "given_on": tomorrow},
        )
    assert [error.field for error in refusal.value.errors] == ["area", "occurred_on", "consent.given_on", "promise", "indicator"]
    with pytest.raises(Invalid) as refusal:
        make.story(hillside, consent={**YES, "expires_on": "2026-11-01"})
    assert [error.field for error in refusal.value.errors] == ["consent.expires_on"]


def test_draft_of_a_promise_is_no_promise_yet(make: Make, database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    speaker = Speaker(OPERATOR, frozenset({make.organisation(hillside, "council").id}), whole_place=True)
    said = {"text": "A path.", "kept_when": "Dry.", "made_on": "2026-11-01", "due_on": "2027-05-01", "side": "our_part", "maker": "council"}
    for draft in (False, True):
        with database.write() as writes:
            promise = make_promise(writes, speaker, hillside, PromiseIn.model_validate(said), clock(), draft=draft).id
        if draft:
            with pytest.raises(Invalid):
                make.story(hillside, promise=promise)
        else:
            assert stored(database, make.story(hillside, promise=promise)).promise_id == promise


def test_today_is_the_day_of_the_place(make: Make, clock: SettableClock) -> None:
    auckland = make.collaboration("auckland", time_zone="Pacific/Auckland")
    clock.at("2026-11-23T12:00Z")
    make.story(auckland, occurred_on=date(2026, 11, 24))
    with pytest.raises(Invalid):
        make.story(auckland, occurred_on=date(2026, 11, 25))


def test_area_is_named_or_the_whole_place_or_not_said(make: Make, database: Database, hillside: PlaceCard) -> None:
    area = make.area(hillside, "linden")
    said = ({"area": "linden"}, {"area": "whole_place"}, {"whole_place": True}, {})
    rows = [stored(database, make.story(hillside, **fields)) for fields in said]
    assert [(row.area_id, row.whole_place) for row in rows] == [(area.id, False), (None, True), (None, True), (None, False)]


# ---- deciding --------------------------------------------------------------------------------------------------------


def test_public_needs_a_yes_that_holds_today(
    make: Make, database: Database, hillside: PlaceCard, checker: Member, do: Do, clock: SettableClock
) -> None:
    story = make.story(hillside)
    with pytest.raises(Conflict) as refusal:
        do(share_narrative, checker, story, PUBLIC)
    assert "Nobody has said yes" in refusal.value.detail
    do(add_consent, checker, story, ConsentIn(wording_version="1", given_on=date(2026, 11, 20), expires_on=date(2026, 11, 24)))
    clock.at("2026-11-25T09:00Z")
    with pytest.raises(Conflict):
        do(share_narrative, checker, story, PUBLIC)
    do(add_consent, checker, story, ConsentIn(wording_version="1", given_on=date(2026, 11, 25)))
    do(share_narrative, checker, story, PUBLIC)
    row = stored(database, story)
    assert (row.state, row.checked_by, row.published_on) == ("shared_public", checker.person.staff_id, date(2026, 11, 23))


def test_public_story_leaves_by_itself_when_the_yes_ends(
    make: Make, database: Database, hillside: PlaceCard, checker: Member, do: Do
) -> None:
    story = make.story(hillside, consent={**YES, "expires_on": "2026-11-30"})
    do(share_narrative, checker, story, PUBLIC)
    assert public(database, hillside, date(2026, 11, 30)) == [story]
    assert public(database, hillside, date(2026, 12, 1)) == []
    assert stored(database, story).state == StoryState.SHARED_PUBLIC, "no job ran"


def test_shared_story_rests_and_comes_back_in_its_first_week(
    make: Make, database: Database, hillside: PlaceCard, checker: Member, at_work: AtWork, do: Do, clock: SettableClock
) -> None:
    make.organisation(hillside, "hub")
    story = make.story(hillside, consent=YES)
    do(share_narrative, checker, story, PUBLIC)
    do(pause_narrative, at_work(hillside, "frontline", organisation="hub"), story)
    assert public(database, hillside) == []
    clock.advance(days=14)
    do(share_narrative, checker, story, PUBLIC)
    assert stored(database, story).published_on == date(2026, 11, 23) and public(database, hillside, date(2026, 12, 7)) == [story]


def test_second_of_two_decisions_is_told_that_somebody_was_quicker(make: Make, hillside: PlaceCard, checker: Member, do: Do) -> None:
    story = make.story(hillside)
    do(check_narrative, checker, story)
    with pytest.raises(Conflict) as refusal:
        do(check_narrative, checker, story)
    assert "in the meantime" in refusal.value.detail
    do(share_narrative, checker, story, PRIVATE)
    with pytest.raises(Conflict):
        do(share_narrative, checker, story, PRIVATE)
    with pytest.raises(Conflict):
        do(pause_narrative, checker, story)


# ---- taking back -----------------------------------------------------------------------------------------------------


def test_words_taken_back_leave_the_whole_database(
    make: Make, hillside: PlaceCard, checker: Member, do: Do, database: Database, everywhere: Callable[[str], list[str]]
) -> None:
    told = {"title": "CANARYTITLE", "barrier": "CANARYBARRIER", "tags": ["CANARYTAG"], "signifiers": {"felt": "CANARYCHOICE"}}
    story = make.story(hillside, "CANARYBODY", consent=YES, **told)
    assert everywhere("CANARY") == ["narrative"], "the words are in one place"
    do(share_narrative, checker, story, PUBLIC)
    do(withdraw_narrative, checker, story)
    assert everywhere("CANARY") == [] and public(database, hillside) == []
    row = stored(database, story)
    assert (row.state, row.withdrawn_at) == ("withdrawn", make.clock())
    with database.read() as reads:
        assert all(reads.exec(select(Consent.withdrawn_at)).all())
    with pytest.raises(NotFound):
        do(withdraw_narrative, checker, story)


def test_author_takes_their_own_story_back(make: Make, hillside: PlaceCard, at_work: AtWork, do: Do, database: Database) -> None:
    council = make.organisation(hillside, "council")
    author = at_work(hillside, "frontline", organisation="council")
    story = make.story(hillside, organisation=council, actor=author.actor)
    do(withdraw_narrative, author, story)
    assert stored(database, story).state == StoryState.WITHDRAWN


# ---- whatever anybody tries ------------------------------------------------------------------------------------------

STEPS = some.lists(
    some.tuples(
        some.sampled_from(["author", "checker", "other"]), some.sampled_from(["check", *Visibility, "yes", "pause", "withdraw", "wait"])
    ),
    min_size=1,
    max_size=16,
)


@given(steps=STEPS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_story_is_public_only_with_a_yes_and_a_second_person(
    make: Make, database: Database, hillside: PlaceCard, at_work: AtWork, do: Do, clock: SettableClock, steps: list[tuple[str, str]]
) -> None:
    people = {who: at_work(hillside) for who in ("author", "checker", "other")}
    story = make.story(hillside, actor=people["author"].actor)
    for who, step in steps:
        today = clock().date()
        acts: dict[str, tuple[object, ...]] = {
            "check": (check_narrative,),
            "yes": (add_consent, ConsentIn(wording_version="1", given_on=today, expires_on=today + timedelta(days=3))),
            "pause": (pause_narrative,),
            "withdraw": (withdraw_narrative,),
            **{visibility: (share_narrative, visibility) for visibility in Visibility},
        }
        if step == "wait":
            clock.advance(days=2)
        else:
            with suppress(Refusal):
                action, *more = acts[step]
                do(action, people[who], story, *more)  # type: ignore[arg-type]
        row, today = stored(database, story), clock().date()
        with database.read() as reads:
            yeses = reads.exec(select(Consent).where(col(Consent.narrative_id) == row.id, col(Consent.withdrawn_at).is_(None))).all()
            journal = reads.exec(select(Entry.actor_id).where(Entry.subject_id == row.id, Entry.verb == "shared")).all()
        shown = story in public(database, hillside, today)
        assert shown == (row.state == "shared_public" and any(yes.expires_on and yes.expires_on >= today for yes in yeses))
        assert people["author"].person.staff_id not in {row.checked_by, *journal}
        assert (row.state == "withdrawn") == (row.body is None)
        with database.read() as reads, suppress(NotFound):
            get_narrative(reads, Reader(hillside.id, today), story)
            assert shown
