"""What the teller of a story said yes to, as staff write it down: to which use, how, when, until when; and what follows when it ends."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.consents.models import Consent, How, Purpose
from service.database import Database
from service.errors import Conflict, NotFound
from service.keeping import retention
from service.narratives.actions import end_consent, share_narrative
from service.narratives.models import Narrative, StoryState, Visibility
from service.people.models import Member
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

YES = {"wording_version": "2026-11", "given_on": "2026-11-20"}
API = "/api/v1/hillside/narratives"
AtWork = Callable[..., Member]


def shared(make: Make, member: Member, place: PlaceCard, visibility: Visibility = Visibility.PUBLIC) -> UUID:
    story = make.story(place, "CANARYWORD of a nurse", consent=YES)
    with make.database.write() as writes:
        share_narrative(writes, member, story, visibility, make.clock())
    return story


def yeses(database: Database) -> list[Consent]:
    with database.read() as reads:
        return list(reads.exec(select(Consent).order_by(Consent.id)))


def state_of(database: Database, make: Make, story: UUID) -> StoryState:
    with database.read() as reads:
        return reads.exec(select(Narrative.state).where(Narrative.id == make.story_id(story))).one()


def test_yes_to_a_story_ends_on_a_day_even_where_nobody_said_which(make: Make, hillside: PlaceCard, database: Database) -> None:
    make.story(hillside, consent=YES)
    make.story(hillside, consent={**YES, "expires_on": "2027-01-31"})
    assert [yes.expires_on for yes in yeses(database)] == [date(2029, 11, 20), date(2027, 1, 31)]


def test_story_rests_in_the_request_in_which_its_yes_is_taken_back(
    make: Make, hillside: PlaceCard, at_work: AtWork, staff: TestClient, visitor: TestClient, database: Database
) -> None:
    story = shared(make, at_work(hillside), hillside)
    addresses = ("/hillside", "/hillside/narratives", "/hillside/search?q=canaryword", API, f"{API}/{story}")
    assert [path for path in addresses if "CANARYWORD" in visitor.get(path).text] == list(addresses[1:])
    at = f"/staff/hillside/stories/{story}"
    answer = staff.post(f"{at}/consent/end", data={"yes": str(yeses(database)[0].id)})
    assert (answer.status_code, answer.headers["location"]) == (303, at)
    assert [path for path in addresses if "CANARYWORD" in visitor.get(path).text] == []
    assert state_of(database, make, story) == StoryState.PAUSED
    page = staff.get(at).text
    assert "They took it back on" in page and "has ended, so it cannot be shown" in page


def test_another_yes_that_still_holds_keeps_it_shown(make: Make, hillside: PlaceCard, at_work: AtWork, staff: TestClient) -> None:
    member = at_work(hillside)
    story = shared(make, member, hillside)
    first = yeses(make.database)[0].id
    sent = {"purpose": "share_words_public", "consent": "yes", "how": "in_person", "given_on": "2026-11-22"}
    assert staff.post(f"/staff/hillside/stories/{story}/consent", data=sent).status_code == 303
    with make.database.write() as writes:
        assert end_consent(writes, member, story, first, make.clock())
        assert not end_consent(writes, member, story, first, make.clock()), "once is enough"
    assert state_of(make.database, make, story) == StoryState.SHARED_PUBLIC
    renewed = yeses(make.database)[-1]
    assert (renewed.how, renewed.given_on, renewed.purpose) == (How.IN_PERSON, date(2026, 11, 22), Purpose.SHARE_WORDS_PUBLIC)


def test_yes_for_those_who_work_here_is_one_of_its_own(make: Make, hillside: PlaceCard, at_work: AtWork, staff: TestClient) -> None:
    member, story = at_work(hillside), make.story(hillside)
    sent = {"purpose": "share_anonymised_partners", "consent": "yes", "how": "phone", "given_on": "2026-11-22"}
    assert staff.post(f"/staff/hillside/stories/{story}/consent", data=sent).status_code == 303
    with make.database.write() as writes:
        share_narrative(writes, member, story, Visibility.PARTNERS, make.clock())
    with pytest.raises(Conflict), make.database.write() as writes:
        share_narrative(writes, member, story, Visibility.PUBLIC, make.clock())
    with make.database.write() as writes:
        assert end_consent(writes, member, story, yeses(make.database)[0].id, make.clock())
    assert state_of(make.database, make, story) == StoryState.PAUSED
    with pytest.raises(Conflict), make.database.write() as writes:
        share_narrative(writes, member, story, Visibility.PARTNERS, make.clock())


def test_nobody_ends_a_yes_of_another_story_or_of_a_message(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    member, story, other = at_work(hillside), make.story(hillside, consent=YES), make.story(hillside)
    make.message(hillside, share="words_public")
    for yes in yeses(make.database):
        for told in (story, other):
            if yes.narrative_id != make.story_id(told):
                with pytest.raises(NotFound), make.database.write() as writes:
                    end_consent(writes, member, told, yes.id, make.clock())


def test_story_rests_when_the_last_day_of_its_yes_is_over(
    make: Make, hillside: PlaceCard, at_work: AtWork, database: Database, clock: SettableClock
) -> None:
    story = shared(make, at_work(hillside), hillside)
    clock.at("2029-11-21T10:00Z")
    retention.retain(database, clock())
    assert state_of(database, make, story) == StoryState.PAUSED
    assert [(yes.expired_at, yes.withdrawn_at) for yes in yeses(database)] == [(clock(), None)]
