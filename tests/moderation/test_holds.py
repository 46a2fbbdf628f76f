"""What is held cannot be shown until somebody has looked; what is urgent calls those on call by itself."""

from collections.abc import Callable

import pytest
from sqlmodel import col, select

from service.errors import Conflict, Invalid, NotFound, Refused
from service.feedback.desk_actions import publish
from service.feedback.models import Publication, State
from service.moderation.actions import add_rule, end_rule, set_severity, set_story_severity
from service.moderation.models import Hold, Severity
from service.moderation.queue_queries import get_queue
from service.narratives.actions import share_narrative
from service.narratives.models import Visibility
from service.people.models import Member
from service.places.queries import PlaceCard
from service.safeguarding.actions import take
from service.safeguarding.models import Concern, Lane
from service.safeguarding.queries import count_urgent
from tests.make import Make
from tests.moderation.conftest import offered, row

AtWork = Callable[..., Member]
RISKY, URGENT = "There is violence on Hill Road.", "My father hits me every night."


def test_what_a_rule_holds_is_shown_only_when_somebody_looked(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam, message = at_work(hillside), make.message_id(offered(make, hillside, RISKY))
    with pytest.raises(Conflict), make.database.write() as writes:
        publish(writes, sam, message, make.clock())
    assert row(make, message).publication == Publication.WAITING
    with make.database.read() as reads:
        assert [(one.message_id, one.severity) for one in get_queue(reads, sam, make.clock()).held] == [(message, Severity.RISK)]
    with make.database.write() as writes:
        assert set_severity(writes, sam, message, Severity.NONE, make.clock())
        assert publish(writes, sam, message, make.clock())
    with make.database.read() as reads:
        assert get_queue(reads, sam, make.clock()).held == []
        assert reads.exec(select(Hold)).one().looked_by == sam.person.staff_id


def test_what_is_urgent_goes_to_those_on_call_by_itself(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    mo, message = at_work(hillside, "moderator"), offered(make, hillside, URGENT)
    stored = row(make, message)
    assert (stored.state, stored.lane, stored.publication) == (State.SAFEGUARDING_HOLD, Lane.SAFEGUARDING, Publication.WAITING)
    with make.database.read() as reads:
        assert count_urgent(reads, mo, make.clock()) == 1
        concern = reads.exec(select(Concern)).one()
    assert concern.raised_by is None
    with make.database.write() as writes:
        take(writes, mo, concern.id, make.clock())
    make.message(hillside, "The bench has gone.")
    with make.database.read() as reads:
        assert count_urgent(reads, mo, make.clock()) == 0


def test_a_place_holds_words_of_its_own_and_what_waits_already(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam, frontline = at_work(hillside), at_work(hillside, "frontline")
    early = make.message_id(offered(make, hillside, "Mr Grabber took the bench."))
    with pytest.raises(NotFound), make.database.write() as writes:
        add_rule(writes, frontline, "mr grabber", Severity.THIRD_PARTY, make.clock())
    for wrong in ("", "  ", "!!"):
        with pytest.raises(Invalid), make.database.write() as writes:
            add_rule(writes, sam, wrong, Severity.THIRD_PARTY, make.clock())
    with make.database.write() as writes:
        rule = add_rule(writes, sam, "Mr  Grabber", Severity.THIRD_PARTY, make.clock())
    late = make.message_id(offered(make, hillside, "MR. GRABBER again."))
    elsewhere = make.message_id(offered(make, make.collaboration("riverbank"), "MR. GRABBER again."))
    with make.database.read() as reads:
        assert set(reads.exec(select(Hold.feedback_id))) == {early, late}
    with make.database.write() as writes:
        assert end_rule(writes, sam, rule, make.clock()) and not end_rule(writes, sam, rule, make.clock())
    free = make.message_id(offered(make, hillside, "Mr Grabber once more."))
    with make.database.read() as reads:
        assert not {free, elsewhere} & set(reads.exec(select(Hold.feedback_id)))


def test_holding_what_is_shown_takes_it_out_of_sight(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam, message = at_work(hillside), make.message_id(offered(make, hillside))
    with make.database.write() as writes:
        publish(writes, sam, message, make.clock())
        assert set_severity(writes, sam, message, Severity.THIRD_PARTY, make.clock())
    assert row(make, message).publication == Publication.WAITING
    with pytest.raises(Conflict), make.database.write() as writes:
        publish(writes, sam, message, make.clock())


def test_organisation_neither_holds_nor_frees_what_is_about_it(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    make.organisation(hillside, "council")
    make.topic(hillside, "council", organisation="council")
    message = make.message_id(offered(make, hillside, RISKY, topic="council"))
    make.person(hillside, "moderator", email="both@example.org")
    both = at_work(hillside, "frontline", organisation="council", email="both@example.org")
    for who in (at_work(hillside, organisation="council"), both):
        for severity in (Severity.NONE, Severity.ODD):
            with pytest.raises(Refused), make.database.write() as writes:
                set_severity(writes, who, message, severity, make.clock())
    with make.database.read() as reads:
        assert get_queue(reads, both, make.clock()).held == []


def test_held_story_is_shared_only_when_somebody_looked(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam, story = at_work(hillside), make.story(hillside, RISKY)
    with pytest.raises(Conflict), make.database.write() as writes:
        share_narrative(writes, sam, story, Visibility.PARTNERS, make.clock())
    with make.database.write() as writes:
        assert set_story_severity(writes, sam, story, Severity.NONE, make.clock())
        share_narrative(writes, sam, story, Visibility.PARTNERS, make.clock())
    with make.database.read() as reads:
        assert reads.exec(select(Hold).where(col(Hold.looked_at).is_(None))).all() == []
