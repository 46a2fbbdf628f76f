"""What stands apart: who reads it, that nobody shows it, and that it still gets its answer."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from starlette.testclient import TestClient

from service import verification
from service.audit.models import Reading, What
from service.errors import Conflict, NotFound, Refused
from service.feedback.actions import withdraw
from service.feedback.desk_actions import publish, reply, withhold
from service.feedback.message_queries import get_message
from service.feedback.models import Feedback, Outcome, Publication, ReplyIn, State, WithheldReason
from service.narratives.actions import add_consent, pause_narrative, share_narrative
from service.narratives.models import ConsentIn, Narrative, Visibility
from service.people.models import Member
from service.places.queries import PlaceCard
from service.safeguarding import queries
from service.safeguarding.actions import close, note_step, open_as_well, raise_story, set_apart_for_good, take
from service.safeguarding.models import ConcernStep, Ending, Lane, RaiseIn
from tests.make import Make
from tests.safeguarding.conftest import on_rota, raised, taken

AtWork = Callable[..., Member]
SECRET = "My neighbour shouts at her boy every night."


def row(make: Make, message_id: UUID) -> Feedback:
    with make.database.read() as reads:
        return reads.exec(select(Feedback).where(Feedback.id == message_id)).one()


def reads_it(make: Make, member: Member, message_id: UUID) -> bool:
    try:
        with make.database.read() as reads:
            return get_message(reads, make.keys, member, message_id, make.clock()).body == SECRET
    except NotFound:
        return False


def closed(make: Make, by: Member, concern: UUID, ending: Ending = Ending.LOOKED_AFTER) -> None:
    with make.database.write() as writes:
        close(writes, by, concern, ending, None, make.clock())


def counts_are_right(make: Make) -> bool:
    with make.database.read() as reads:
        return verification.differences(reads) == []


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_only_who_opened_it_in_the_lane_reads_it(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam, asha, mo, late = at_work(hillside), at_work(hillside), at_work(hillside, "moderator"), at_work(hillside, "frontline")
    admin = at_work(hillside, "admin")
    message = make.message_id(make.message(hillside, SECRET))
    assert all(reads_it(make, who, message) for who in (sam, asha, mo, late))
    on_rota(make, sam, asha)
    concern = raised(make, late, message)
    assert not any(reads_it(make, who, message) for who in (sam, asha, mo, late, admin))
    for who in (sam, late, admin):
        with pytest.raises(NotFound), make.database.write() as writes:
            take(writes, who, concern, make.clock())
    taken(make, asha, concern)
    assert [reads_it(make, who, message) for who in (asha, sam, mo, late)] == [True, False, False, False]
    with make.database.write() as writes:
        assert open_as_well(writes, mo, concern, make.clock())
    assert reads_it(make, mo, message)
    with make.database.read() as reads:
        assert {(one.what, one.actor_id) for one in reads.exec(select(Reading))} == {
            (What.SENSITIVE, asha.person.staff_id),
            (What.SENSITIVE, mo.person.staff_id),
        }


def test_who_is_spoken_of_never_sees_it(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam, asha = at_work(hillside), at_work(hillside, "moderator")
    on_rota(make, sam, asha)
    message = make.message_id(make.message(hillside, SECRET))
    concern = raised(make, sam, message, about=asha.person.staff_id)
    with make.database.read() as reads:
        assert queries.find_concerns(reads, asha) == []
        assert queries.count_urgent(reads, asha, make.clock()) == 0
    with pytest.raises(NotFound):
        taken(make, asha, concern)
    with make.database.read() as reads, pytest.raises(NotFound):
        queries.get_concern(reads, asha, concern, make.clock())


def test_only_one_has_it(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam, mo, other = at_work(hillside), at_work(hillside, "moderator"), at_work(hillside, "moderator")
    message = make.message_id(make.message(hillside, SECRET))
    concern = raised(make, sam, message)
    with pytest.raises(Conflict), make.database.write() as writes:
        open_as_well(writes, mo, concern, make.clock())
    taken(make, mo, concern)
    with pytest.raises(Conflict):
        taken(make, other, concern)
    with pytest.raises(Conflict):
        raised(make, mo, message)


def test_another_place_has_no_part_in_it(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    concern = raised(make, at_work(hillside), make.message_id(make.message(hillside, SECRET)))
    elsewhere = at_work(make.collaboration("riverbank"), "moderator")
    with make.database.read() as reads:
        assert queries.find_concerns(reads, elsewhere) == []
    with pytest.raises(NotFound):
        taken(make, elsewhere, concern)


# ---- never public ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["waiting", "published", "withheld", "team"])
@pytest.mark.parametrize("ending", list(Ending))
def test_message_leaves_every_list_and_comes_back_to_its_answer(
    make: Make, hillside: PlaceCard, at_work: AtWork, visitor: TestClient, before: str, ending: Ending
) -> None:
    sam, mo = at_work(hillside), at_work(hillside, "moderator")
    message = make.message_id(make.message(hillside, SECRET, share="team_only" if before == "team" else "words_public"))
    with make.database.write() as writes:
        if before == "published":
            publish(writes, sam, message, make.clock())
        elif before == "withheld":
            withhold(writes, sam, message, WithheldReason.ABUSIVE, make.clock())
    concern = raised(make, sam, message)
    held = row(make, message)
    assert (held.state, held.lane) == (State.SAFEGUARDING_HOLD, Lane.SAFEGUARDING)
    assert held.publication == {"team": "not_offered", "withheld": "withheld"}.get(before, "waiting")
    assert SECRET not in visitor.get("/api/v1/hillside/feedback").text + visitor.get("/hillside/community-reporting").text
    taken(make, mo, concern)
    with pytest.raises(Conflict), make.database.write() as writes:
        publish(writes, mo, message, make.clock())
    assert counts_are_right(make)
    closed(make, mo, concern, ending)
    free = row(make, message)
    assert (free.state, free.lane) == (State.IN_REVIEW, None)
    found = ending == Ending.NOTHING_FOUND
    after = {
        "waiting": "waiting" if found else "withheld",
        "published": "published" if found else "withheld",
        "withheld": "withheld",
        "team": "not_offered",
    }
    assert free.publication == after[before]
    assert (SECRET in visitor.get("/api/v1/hillside/feedback").text) == (before == "published" and found)
    assert reads_it(make, sam, message)
    with make.database.write() as writes:
        reply(writes, sam, message, ReplyIn(outcome=Outcome.THANK_YOU, body="We came."), make.clock())
    assert row(make, message).state == State.REPLIED
    assert counts_are_right(make)


def test_no_way_leads_from_an_allegation_to_the_public(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam, mo = at_work(hillside), at_work(hillside, "moderator")
    message = make.message_id(make.message(hillside, SECRET, share="words_public"))
    concern = raised(make, sam, message, lane=Lane.ALLEGATION)
    taken(make, mo, concern)
    for ending in Ending:
        for act in (publish, lambda *all_: withhold(*all_[:3], WithheldReason.ABUSIVE, all_[3])):
            with pytest.raises((Conflict, NotFound)), make.database.write() as writes:
                act(writes, mo, message, make.clock())
        if ending == Ending.PASSED_ON:
            closed(make, mo, concern, ending)
    after = row(make, message)
    assert (after.lane, after.publication, after.withheld_reason) == (Lane.ALLEGATION, Publication.WITHHELD, "about_a_worker")
    assert after.state == State.IN_REVIEW and reads_it(make, mo, message) and not reads_it(make, sam, message)
    for publication in ("published", "waiting"):
        values = {"publication": publication, "withheld_reason": None, "published_on": make.clock().date()}
        if publication == "waiting":
            values["published_on"] = None
        with pytest.raises(IntegrityError), make.database.write() as writes:
            writes.execute(update(Feedback).where(col(Feedback.id) == message).values(**values))
    assert counts_are_right(make)


def test_organisation_does_not_bury_what_criticises_it(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    make.organisation(hillside, "council")
    make.topic(hillside, "council", organisation="council")
    message = make.message_id(make.message(hillside, SECRET, topic="council", share="words_public"))
    own, mo = at_work(hillside, organisation="council"), at_work(hillside, "moderator")
    with pytest.raises(Refused):
        raised(make, own, message, lane=Lane.ALLEGATION)
    concern = raised(make, own, message)
    also_of_it = at_work(hillside, "moderator", email="both@example.org")
    make.person(hillside, "frontline", email="both@example.org", organisation="council")
    also_of_it = at_work(hillside, "moderator", email="both@example.org")
    taken(make, also_of_it, concern)
    with pytest.raises(Refused), make.database.write() as writes:
        set_apart_for_good(writes, also_of_it, concern, make.clock())
    closed(make, also_of_it, concern)
    assert row(make, message).publication == Publication.WAITING, "somebody else decides that"
    assert mo


def test_story_stands_apart_and_is_shared_by_nobody(make: Make, hillside: PlaceCard, at_work: AtWork, visitor: TestClient) -> None:
    sam, mo = at_work(hillside), at_work(hillside, "moderator")
    story = make.story(hillside, SECRET)
    today = make.clock().date()
    with make.database.write() as writes:
        add_consent(writes, sam, story, ConsentIn(wording_version="2026-11", given_on=today), make.clock())
        share_narrative(writes, sam, story, Visibility.PUBLIC, make.clock())
    assert SECRET in visitor.get("/api/v1/hillside/narratives").text
    with make.database.write() as writes:
        concern = raise_story(writes, sam, story, RaiseIn(), make.clock())
    assert SECRET not in visitor.get("/api/v1/hillside/narratives").text
    with pytest.raises(NotFound), make.database.write() as writes:
        pause_narrative(writes, sam, story, make.clock())
    taken(make, mo, concern)
    for visibility in (Visibility.PUBLIC, Visibility.PARTNERS):
        with pytest.raises(Conflict), make.database.write() as writes:
            share_narrative(writes, mo, story, visibility, make.clock())
        with pytest.raises(IntegrityError), make.database.write() as writes:
            writes.execute(update(Narrative).values(state=f"shared_{visibility}"))
    closed(make, mo, concern)
    with make.database.write() as writes:
        share_narrative(writes, sam, story, Visibility.PARTNERS, make.clock())


# ---- the sender ------------------------------------------------------------------------------------------------------


def test_sender_takes_the_words_back_and_the_concern_says_so(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    mo, sent = at_work(hillside, "moderator"), make.message(hillside, SECRET)
    concern = raised(make, mo, make.message_id(sent))
    with make.database.write() as writes:
        withdraw(writes, make.keys, hillside, sent.code, make.clock())
    taken(make, mo, concern)
    with make.database.read() as reads:
        said = queries.get_concern(reads, mo, concern, make.clock()).said
    assert said is not None and said.gone and said.body is None
    closed(make, mo, concern)
    assert row(make, make.message_id(sent)).state == State.WITHDRAWN


def test_sender_reads_a_calm_page_meanwhile(make: Make, hillside: PlaceCard, at_work: AtWork, resident: TestClient) -> None:
    sent = make.message(hillside, SECRET)
    raised(make, at_work(hillside), make.message_id(sent))
    page = resident.post("/hillside/answer", data={"code": sent.code})
    assert page.status_code == 200 and "We have read it" in page.text
    assert "Somebody is looking at it now" in page.text
    assert not re.search(r"safeguard|hold|risk", page.text, re.IGNORECASE)


# ---- who did what ----------------------------------------------------------------------------------------------------


def test_every_step_is_kept_with_who_and_when(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    mo = at_work(hillside, "moderator", name="Mo Lane")
    concern = raised(make, mo, make.message_id(make.message(hillside, SECRET)), note="She wrote at night.")
    make.clock.advance(minutes=3)
    taken(make, mo, concern)
    with make.database.write() as writes:
        note_step(writes, mo, concern, "I called the team for children.", make.clock.advance(minutes=4))
    closed(make, mo, concern, Ending.PASSED_ON)
    with make.database.read() as reads:
        steps = queries.get_concern(reads, mo, concern, make.clock()).steps
        assert [(one.did, one.by, one.note) for one in steps] == [
            ("raised", "Mo Lane", "She wrote at night."),
            ("taken", "Mo Lane", None),
            ("noted", "Mo Lane", "I called the team for children."),
            ("closed", "Mo Lane", None),
        ]
        assert reads.exec(select(ConcernStep.at).order_by(col(ConcernStep.id))).all() == sorted(one.at for one in steps)
    with pytest.raises(Conflict):
        closed(make, mo, concern)
