"""Whether loops were closed: the worked check of docs/measures.md, and every figure of it against plain SQL."""

from datetime import date
from uuid import UUID

from sqlmodel import Session, select
from starlette.testclient import TestClient

from service.feedback.desk_actions import reply
from service.feedback.merge_actions import merge
from service.feedback.models import Outcome, ReplyIn
from service.loop.actions import check_reply, follow_up
from service.loop.models import Answered, Better, CheckIn
from service.people.models import Member
from service.places.queries import PlaceCard
from service.promises.actions import make_promise, report_progress, speaker_of
from service.promises.models import ProgressIn, Promise, PromiseIn, Side, Standing
from tests.accountability import independent
from tests.accountability.comparing import by_code, compare, figures_of
from tests.accountability.independent import Facts
from tests.accountability.world import NOW, TODAY
from tests.make import Make

THEN = "2026-09-01T10:00Z"


def talk(make: Make, place: PlaceCard, desk: Member, maker: Member) -> dict[str, UUID]:
    """One message for each place in which one can stand, with what their senders say."""
    messages, codes = {}, {}
    make.clock.at(THEN)
    for name in ("closed", "unanswered", "not_due", "late", "not_told", "open_again", "answered"):
        told = make.message(place, f"About {name}.")
        codes[name], messages[name] = told.code, make.message_id(told)
    make.clock.advance(days=3)
    due = {"not_due": date(2027, 1, 31), "late": date(2026, 10, 1), "not_told": date(2026, 12, 1)}
    for name, message in messages.items():
        if name != "unanswered":
            answer(make, place, desk, message, due.get(name))
    check(make, place, codes["closed"], Answered.YES, Better.YES)
    check(make, place, codes["open_again"], Answered.NO, Better.NO)
    check(make, place, codes["not_due"], Answered.PARTLY, Better.TOO_SOON)
    check(make, place, codes["late"], Answered.SKIP, Better.PARTLY)
    make.clock.advance(days=1)
    check(make, place, codes["late"], Answered.YES, Better.NO)
    with make.database.read() as reads:
        kept = reads.exec(select(Promise).where(Promise.due_on == due["not_told"])).one()
    for who, to in ((maker, Standing.CLAIMED_KEPT), (desk, Standing.KEPT)):
        with make.database.write() as writes:
            report_progress(writes, speaker_of(who), place, kept.id, ProgressIn(note="So it is.", to=to), make.clock())
    make.clock.at(NOW)
    return messages


def answer(make: Make, place: PlaceCard, desk: Member, message: UUID, due_on: date | None) -> None:
    with make.database.write() as writes:
        promise = None
        if due_on:
            given = PromiseIn(
                text="We will.", side=Side.OUR_PART, maker="council", made_on=date(2026, 9, 1), due_on=due_on, kept_when="It is there."
            )
            promise = make_promise(writes, speaker_of(desk), place, given, make.clock()).id
        outcome = Outcome.WILL_DO if due_on else Outcome.THANK_YOU
        reply(writes, desk, message, ReplyIn(outcome=outcome, body="Our answer.", promise=promise), make.clock())


def check(make: Make, place: PlaceCard, code: str, answered: Answered, better: Better) -> None:
    with make.database.write() as writes:
        check_reply(writes, make.keys, place, CheckIn(code=code, answered=answered, better=better), make.clock())


def test_each_message_stands_in_one_place_and_the_rest_adds_up(make: Make, hillside: PlaceCard, visitor: TestClient) -> None:
    make.organisation(hillside, "council")
    desk, maker = make.at_work(hillside), make.at_work(hillside, organisation="council")
    messages = talk(make, hillside, desk, maker)
    figures = figures_of(visitor, "hillside")
    whole = dict(by_code(figures, None))
    parts = {key: one["n"] for key, one in by_code(figures, "state") if one["figure"] == "loop_by_part"}
    assert parts == dict.fromkeys(messages.keys() - {"closed"}, 1)
    assert (whole["loop_closed_rate"]["n"], whole["loop_closed_rate"]["denominator"]) == (1, 7)
    assert whole["better_now"]["n"] == 1 and whole["better_now"]["denominator"] == 3, "too soon is left out, the last word counts"
    assert (whole["checks_given"]["n"], whole["checks_given"]["denominator"]) == (4, 6)
    assert (whole["did_what_we_said"]["n"], whole["did_what_we_said"]["denominator"]) == (1, 2)
    assert whole["longest_wait"]["value"] == 83 and whole["answered_within_10"]["n"] == 6
    with make.database.write() as writes:
        follow_up(writes, desk, messages["not_told"], "It is there.", make.clock())
        merge(writes, desk, messages["unanswered"], messages["late"], make.clock())
    after = figures_of(visitor, "hillside", **{"from": "2026-01-01"})
    parts = {key: one["n"] for key, one in by_code(after, "state") if one["figure"] == "loop_by_part" and one["n"]}
    assert parts == {"not_due": 1, "late": 2, "open_again": 1, "answered": 1}, (
        "who was put together with another stands where that one does"
    )
    assert dict(by_code(after, None))["loop_closed_rate"]["n"] == 2


def test_nothing_to_count_is_said_and_is_no_number(hillside: PlaceCard, visitor: TestClient) -> None:
    whole = dict(by_code(figures_of(visitor, hillside.slug), None))
    for code in ("loop_closed_rate", "answered_within_10", "longest_wait", "better_now", "checks_given", "did_what_we_said"):
        assert whole[code]["value"] is None and whole[code]["words"]
    assert whole["did_what_we_said"]["words"] == "Nothing that an answer promised was due yet."


def test_figures_of_loops_are_what_the_facts_say(make: Make, busy: PlaceCard, visitor: TestClient) -> None:
    desk, maker = make.at_work(busy), make.at_work(busy, organisation="council")
    talk(make, busy, desk, maker)
    with Session(make.database.reader) as session:
        found = Facts(session, busy.slug, TODAY)
        compare(visitor, busy.slug, found)
        assert all(independent.loops_by_part(found).get(part) for part in ("unanswered", "open_again", "not_due", "late", "not_told"))
