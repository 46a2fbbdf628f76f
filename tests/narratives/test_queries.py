"""Who may read which story, and what is counted of those that everybody may read."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from service.database import Database
from service.errors import NotFound
from service.feedback.models import Capturer
from service.journal.actions import OPERATOR, Actor
from service.journal.models import ActorKind
from service.narratives.actions import pause_narrative, share_narrative, withdraw_narrative
from service.narratives.cards import find_stories, get_story
from service.narratives.models import Kind, Visibility
from service.narratives.queries import (
    Reader,
    Wanted,
    count_public,
    find_last_told,
    find_narratives,
    get_narrative,
    indicators_with_public_stories,
)
from service.people.models import Member
from service.places.queries import PlaceCard
from service.results.actions import put_indicator
from service.results.models import IndicatorIn
from tests.make import Make, SettableClock
from tests.narratives.conftest import YES, AtWork

Do = Callable[..., None]
TODAY = date(2026, 11, 23)
HOLDER = uuid4()


@pytest.fixture
def read(database: Database, hillside: PlaceCard) -> Callable[..., list[str]]:
    """The words of the stories that a reader may see; each can be opened alone as well, and nothing else can."""

    def by(member: Member | None = None, *, today: date = TODAY, **reader: object) -> list[str]:
        who = Reader(hillside.id, today, member, **reader)  # type: ignore[arg-type]
        with database.read() as reads:
            rows = find_narratives(reads, who, Wanted())
            assert [get_narrative(reads, who, row.id).id for row in rows] == [row.id for row in rows]
            return sorted(row.narrative.body or "" for row in rows)

    return by


@pytest.fixture
def told(make: Make, hillside: PlaceCard, checker: Member, do: Do) -> dict[str, UUID]:
    """A story in every state, by its words; the council's, except `key`, which a key told."""
    council = make.organisation(hillside, "council")
    make.organisation(hillside, "hub")
    found = {
        words: make.story(hillside, words, organisation=council, consent=YES)
        for words in ("public", "partners", "private", "waits", "paused", "gone")
    }
    found["ended"] = make.story(hillside, "ended", organisation=council, consent={**YES, "expires_on": "2026-11-23"})
    found["key"] = make.story(hillside, "key", actor=Actor(ActorKind.KEY, HOLDER))
    for words, visibility in (("public", "public"), ("ended", "public"), ("partners", "partners"), ("private", "private")):
        do(share_narrative, checker, found[words], Visibility(visibility))
    for words in ("paused", "gone"):
        do(share_narrative, checker, found[words], Visibility.PUBLIC)
    do(pause_narrative, checker, found["paused"])
    do(withdraw_narrative, checker, found["gone"])
    return found


@pytest.mark.usefixtures("told")
def test_each_reader_sees_what_is_theirs(hillside: PlaceCard, at_work: AtWork, read: Callable[..., list[str]]) -> None:
    later, own = date(2026, 11, 24), ["ended", "paused", "private", "public", "waits"]
    assert read(today=later) == ["public"]
    assert read(partner=True, today=later) == ["partners", "public"]
    assert read(holder_id=HOLDER, today=later) == ["key", "public"]
    assert read(holder_id=uuid4(), today=later) == ["public"]
    for role in ("frontline", "coordinator", "moderator"):
        assert read(at_work(hillside, role), today=later) == sorted([*own, "partners", "key"])
        assert read(at_work(hillside, role, organisation="council"), today=later) == sorted([*own, "partners"])
        assert read(at_work(hillside, role, organisation="hub"), today=later) == ["partners", "public"]
    for role in ("viewer", "admin"):
        assert read(at_work(hillside, role), today=later) == ["public"]


@pytest.mark.usefixtures("told")
def test_yes_holds_on_its_last_day_and_not_on_the_next(read: Callable[..., list[str]]) -> None:
    assert read(today=date(2026, 11, 23)) == ["ended", "public"]
    assert read(today=date(2026, 11, 24)) == ["public"]
    assert read(today=date(2026, 11, 1)) == [], "nor before it was given"


def test_what_cannot_be_seen_cannot_be_opened(told: dict[str, UUID], database: Database, hillside: PlaceCard) -> None:
    with database.read() as reads:
        for words in ("partners", "private", "waits", "paused", "gone", "key"):
            with pytest.raises(NotFound):
                get_narrative(reads, Reader(hillside.id, TODAY), told[words])


def test_staff_see_that_a_yes_has_ended_and_nobody_sees_who_wrote(
    told: dict[str, UUID], database: Database, checker: Member, clock: SettableClock
) -> None:
    clock.at("2026-11-24T09:00Z")
    with database.read() as reads:
        shelf = find_stories(reads, checker, "shared", None, clock())
        assert {line.excerpt: line.silent for line in shelf.lines} == {"public": False, "ended": True, "partners": False}
        assert (shelf.waiting, shelf.shared, shelf.all) == (3, 3, 7)
        card = get_story(reads, checker, told["ended"], clock())
        assert card.line.silent and not card.consented and card.yes
        assert not [name for name in dir(card) + dir(card.line) if "author" in name], "what somebody wrote is not counted per person"


# ---- counts ----------------------------------------------------------------------------------------------------------


def test_public_stories_are_counted_by_kind_teller_and_area(
    make: Make, database: Database, hillside: PlaceCard, checker: Member, do: Do, clock: SettableClock
) -> None:
    area = make.area(hillside, "linden").id
    clock.at("2026-11-09T09:00Z")
    for fields in (
        {"kind": "worked", "area": "linden"},
        {"kind": "worked", "area": "linden"},
        {"kind": "mixed", "captured_by": Capturer.FRONTLINE},
        {"kind": "surprise", "consent": None},
    ):
        story = make.story(hillside, **{"consent": YES, **fields})  # type: ignore[arg-type]
        do(share_narrative, checker, story, Visibility.PUBLIC if fields.get("consent", YES) else Visibility.PARTNERS)
        clock.advance(days=7)
    make.story(hillside, consent=YES)
    make.story(make.collaboration("riverbank"), consent=YES)
    with database.read() as reads:
        today = clock().date()
        worked, mixed = (Kind.WORKED, Capturer.PARTNER_ORG, area), (Kind.MIXED, Capturer.FRONTLINE, None)
        assert count_public(reads, hillside.id, today) == {worked: 2, mixed: 1}
        assert count_public(reads, hillside.id, today, since=date(2026, 11, 16)) == {worked: 1, mixed: 1}
        assert count_public(reads, hillside.id, today, until=date(2026, 11, 16)) == {worked: 2}
        assert count_public(reads, hillside.id, date(2026, 11, 1)) == {}


def test_each_organisation_says_when_it_last_told(make: Make, database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    council = make.organisation(hillside, "council")
    make.organisation(hillside, "hub")
    for _day in range(3):
        last = clock.advance(days=1)
        make.story(hillside, organisation=council)
    clock.advance(days=1)
    make.story(hillside)
    with database.read() as reads:
        assert find_last_told(reads, hillside.id) == {council.id: last}


def test_last_told_is_found_by_the_index(database: Database) -> None:
    """One step into the index for each organisation, however many stories there are."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL chooses by how much there is")
    with database.read() as reads:
        plan = reads.connection().execute(
            text("explain query plan select max(submitted_at) from narrative where collaboration_id = 'a' and organisation_id = 'b'")
        )
        assert "ix_narrative_collaboration_id_organisation_id_submitted_at" in str(plan.all())


def test_indicators_that_public_stories_name(make: Make, database: Database, hillside: PlaceCard, checker: Member, do: Do) -> None:
    given = IndicatorIn.model_validate({"name": "x", "kind": "population", "unit": "%", "good_direction": "up"})
    with database.write() as writes:
        ids = {code: put_indicator(writes, OPERATOR, hillside, code, given, make.clock())[0].id for code in ("damp", "school")}
    stories = [make.story(hillside, indicator=code, consent=YES) for code in ("damp", "damp", "school")]
    for story in stories[:2]:
        do(share_narrative, checker, story, Visibility.PUBLIC)
    with database.read() as reads:
        assert indicators_with_public_stories(reads, hillside.id, TODAY) == {ids["damp"]}
        assert indicators_with_public_stories(reads, hillside.id, date(2026, 11, 1)) == set()
