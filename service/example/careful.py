"""What had to be handled with care in the example: what could not wait, what named somebody, what was no message, and who disagreed."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from service.errors import Refusal
from service.example.diary import Diary
from service.feedback.actions import Message, receive_feedback
from service.feedback.desk_actions import publish, reply, withhold
from service.feedback.intake import PUBLIC_SENDER, Arrival, message_from
from service.feedback.models import Feedback, FeedbackIn, Kind, Outcome, ReplyIn, Share, WithheldReason
from service.moderation.actions import add_rule, appeal, set_aside, set_severity
from service.moderation.models import AsideReason, Severity, Sign
from service.moderation.redaction_actions import redact_message
from service.safeguarding.actions import ask_around, close, note_step, raise_message, take
from service.safeguarding.models import Concern, Ending, Lane, RaiseIn, TurnIn
from service.safeguarding.rota_actions import put_on_rota

HARM = "There is shouting next door every night. He hits the child, I hear it through the wall."
ACCUSED = "The man at the front desk took money from my mother for a form that is free. He wears his name on his coat."
NAMED = "Bob Carver at number nine mends everybody's bikes for nothing. Put up a sign for his shed."
LIED = "You said the lift would run by May. That was not true, and you knew it."
RUDE = "Whoever laid that path was asleep. It floods each time."
RISKY = "Two dogs run loose on Top Fields, and somebody threatened me when I said so."
BY_A_PROGRAM = UUID("5c0f6b1e-0c53-4c1e-9a55-6d1f4a9d2e01")
ADVERT = "Cheap windows for the whole of Hillside, today only"


def take_care(diary: Diary) -> None:
    """Writes into the diary what had to be handled with care."""
    coordinator, moderator, writes = diary.staff["coordinator"], diary.staff["moderator"], diary.writes
    _keep_rota(diary)
    _harm(diary)

    def accused(at: datetime) -> None:
        message = _told(diary, at, ACCUSED)
        concern = raise_message(writes, moderator, message, RaiseIn(lane=Lane.ALLEGATION), at)
        take(writes, moderator, concern, at + timedelta(minutes=4))
        close(writes, moderator, concern, Ending.PASSED_ON, "The hub's trustees look into it.", at + timedelta(hours=5))

    def named(at: datetime) -> None:
        message = _told(diary, at, NAMED, Kind.GOOD)
        redact_message(writes, diary.keys, moderator, message, ["Bob Carver"], at + timedelta(hours=2))
        publish(writes, moderator, message, at + timedelta(hours=2))

    def disagreed(at: datetime, words: str, why: str, *, decided: bool) -> None:
        [answer] = receive_feedback(writes, [_sent(diary, at, words)])
        if isinstance(answer, Refusal):
            raise answer
        message = _id(diary, answer.public_id)
        withhold(writes, moderator, message, WithheldReason.ABUSIVE, at + timedelta(days=1))
        appeal(writes, diary.keys, diary.place, answer.code, why, at + timedelta(days=2))
        if decided:
            publish(writes, coordinator, message, at + timedelta(days=3))

    def risky(at: datetime) -> None:
        message = _told(diary, at, RISKY)
        set_severity(writes, moderator, message, Severity.THIRD_PARTY, at + timedelta(hours=3))

    def by_a_program(at: datetime) -> None:
        given = FeedbackIn(body="Cheap roofs, ring today, best in the county.", share=Share.WORDS_PUBLIC, language="en")
        arrival = Arrival((Sign.TRAP, Sign.QUICK))
        receive_feedback(writes, [message_from(diary.place, diary.keys, PUBLIC_SENDER, given, BY_A_PROGRAM.bytes, at, arrival)])

    def adverts(at: datetime) -> None:
        messages = [_told(diary, at + timedelta(minutes=number), ADVERT) for number in range(5)]
        set_aside(writes, moderator, messages[:4], AsideReason.ADVERT, at + timedelta(hours=1))

    diary.at(diary.moment(41, 11), accused)
    diary.at(diary.moment(33, 12), named)
    diary.at(diary.moment(27, 9), lambda at: disagreed(at, LIED, "I wrote what you promised. That is not abusive.", decided=True))
    diary.at(diary.moment(6, 15), lambda at: disagreed(at, RUDE, "It was a joke, and the path does flood.", decided=False))
    diary.at(diary.moment(3, 18), risky)
    diary.at(diary.moment(9, 2), adverts)
    diary.at(diary.moment(2, 4), by_a_program)
    diary.at(diary.moment(60, 10), lambda at: add_rule(writes, moderator, "white van", Severity.THIRD_PARTY, at))


def _keep_rota(diary: Diary) -> None:
    """Somebody is on call until a fortnight from now, and somebody else in case they do not come."""

    def keep(at: datetime) -> None:
        for place, who in enumerate(("coordinator", "moderator"), start=1):
            staff, ends_at = diary.staff[who].person.staff_id, diary.moment(-14, 9)
            turn = TurnIn(staff=staff, begins_at=diary.moment(15, 9), ends_at=ends_at, place_in_line=place)
            put_on_rota(diary.writes, diary.staff["coordinator"], turn, at)

    diary.at(diary.moment(15, 8), keep)


def _harm(diary: Diary) -> None:
    """Its words raised it, somebody came within minutes, and it got its answer."""
    coordinator, writes = diary.staff["coordinator"], diary.writes

    def told(at: datetime) -> None:
        message = _told(diary, at, HARM, share=Share.TEAM_ONLY)
        ask_around(writes, at)
        concern = writes.exec(select(Concern.id).where(col(Concern.feedback_id) == message)).one()
        take(writes, coordinator, concern, at + timedelta(minutes=6))
        note_step(writes, coordinator, concern, "Called the team for children. They go there today.", at + timedelta(minutes=20))
        close(writes, coordinator, concern, Ending.PASSED_ON, None, at + timedelta(hours=3))
        said = "Thank you for telling us. People who can help know of it. In danger, call 999 at once."
        given = ReplyIn(outcome=Outcome.PASSED_ON, body=said, reason="Keeping a child safe is their work, and they acted the same day.")
        reply(writes, coordinator, message, given, at + timedelta(hours=4))

    diary.at(diary.moment(12, 20), told)


def _told(diary: Diary, at: datetime, words: str, kind: Kind = Kind.NOT_GOOD, share: Share = Share.WORDS_PUBLIC) -> UUID:
    """Somebody told this then; answers the message's id."""
    [answer] = receive_feedback(diary.writes, [_sent(diary, at, words, kind, share)])
    if isinstance(answer, Refusal):
        raise answer
    return _id(diary, answer.public_id)


def _sent(diary: Diary, at: datetime, words: str, kind: Kind = Kind.NOT_GOOD, share: Share = Share.WORDS_PUBLIC) -> Message:
    given = FeedbackIn(kind=kind, body=words, area="hill-road", share=share, language="en")
    return message_from(diary.place, diary.keys, PUBLIC_SENDER, given, UUID(int=diary.random.getrandbits(128), version=4).bytes, at)


def _id(diary: Diary, public_id: UUID) -> UUID:
    return diary.writes.exec(select(Feedback.id).where(Feedback.public_id == public_id)).one()
