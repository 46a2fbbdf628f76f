"""The messages of the example: who told what where, what was read, answered, shown, withheld and taken back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from service.days import local_day
from service.errors import Refusal
from service.example import words_care, words_homes, words_life, words_paths
from service.example.diary import DAYS, Diary
from service.example.loops import answer_checked, judge
from service.example.promises import VOWS, make
from service.example.seen import add_photos
from service.example.words import Answer, Matter
from service.example.words_apart import ALONE, HELD, WISHES
from service.feedback.actions import Received, receive_feedback, withdraw
from service.feedback.desk_actions import mark_read, publish, withhold
from service.feedback.intake import PUBLIC_SENDER, Sender, message_from
from service.feedback.models import Channel, Feedback, FeedbackIn, Kind, Outcome, ReplyIn, Share, Tier, WithheldReason
from service.journal.actions import OPERATOR
from service.tasks.models import TaskIn

MESSAGES = 228
KINDS_ALONE = 22
"""How many messages there are (with those that others of the example add 242), and how many of them are a kind without words."""

MATTERS = (
    *(*words_paths.PATHS, *words_paths.GREEN, *words_homes.HOMES, *words_homes.RENT),
    *(*words_care.HEALTH, *words_life.HUB, *words_life.ROOM, *words_life.OTHER, *words_life.NEWS),
)
PROMISED = frozenset(answer.promise for matter in MATTERS for answer in matter.answers if answer.promise)
"""The promises that answers make."""

AREAS = ("hill-road", "hill-road", "hill-road", "linden", "linden", "linden", "top-fields", "top-fields", None)
"""Where messages are about. Marsh End is nearly silent: only what is about nothing else comes from there."""

LAGS = (0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 7, 7, 8, 9, 10, 11, 13, 16, 20, 27)
"""Working days until a first answer."""

BY_HELPERS = Sender(actor=OPERATOR, namespace=b"example", with_key=True)
"""Paper, phone calls and talks that somebody typed in for others."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message before it is sent."""

    given: FeedbackIn
    answers: tuple[Answer, ...]
    sender: Sender = PUBLIC_SENDER
    withheld: WithheldReason | None = None


def tell(diary: Diary) -> None:
    """Sends every message at once, each at its own moment, and writes into the diary what comes of it."""
    said = _everything_said(diary)
    moments = sorted(_some_moment(diary) for _one in said)
    coming = [(_own_moment(diary, one) or moment, one) for one, moment in zip(said, moments, strict=True)]
    coming.sort(key=lambda pair: pair[0])
    items = [
        message_from(diary.place, diary.keys, one.sender, one.given, UUID(int=diary.random.getrandbits(128), version=4).bytes, moment)
        for moment, one in coming
    ]
    add_photos(diary, items)
    received = receive_feedback(diary.writes, items)
    ids = _ids(diary)
    for (moment, one), answer in zip(coming, received, strict=True):
        if isinstance(answer, Refusal):
            raise answer
        if one.sender is PUBLIC_SENDER:
            diary.codes.append(answer.code)
        _follow(diary, one, ids[answer.public_id], answer, moment)


# ---- what is said ----------------------------------------------------------------------------------------------------


def _everything_said(diary: Diary) -> list[Said]:
    """All messages in the order in which they come. What was said once is said again, in part, only when everything was said."""
    chance = diary.random
    apart = [*_wishes(diary), *_held(), *_kinds_alone(diary)]
    first, again = _worded(diary, MESSAGES - len(apart))
    chance.shuffle(apart)
    half = len(apart) // 2
    said = []
    for part in (first + apart[:half], again + apart[half:]):
        chance.shuffle(part)
        said += part
    return [replace(one, answers=(_answer_to(diary, one),)) for one in said]


def _answer_to(diary: Diary, said: Said) -> Answer:
    promising = [answer for answer in said.answers if answer.promise]
    return promising[0] if promising else diary.random.choice(said.answers)


def _worded(diary: Diary, count: int) -> tuple[list[Said], list[Said]]:
    """Messages with words, no two the same: each opening once, and then some of them again with something more."""
    chance = diary.random
    openings = [(matter, opening) for matter in MATTERS for opening in matter.openings]
    chance.shuffle(openings)
    first = [_of_matter(diary, matter, opening, chance.choice((None, *matter.more))) for matter, opening in openings]
    said = {one.given.body for one in first}
    again = []
    for matter, opening in openings:
        left = [more for more in (None, *matter.more) if " ".join(filter(None, (opening, more))) not in said]
        if left:
            again.append(_of_matter(diary, matter, opening, chance.choice(left), once=True))
    return first, again[: max(count - len(first), 0)]


def _of_matter(diary: Diary, matter: Matter, opening: str, more: str | None, *, once: bool = False) -> Said:
    """A message. Only one that opens as its matter does can be answered with a promise, and only the first such."""
    chance = diary.random
    promising = opening == matter.openings[0] and not once
    answers = tuple(answer for answer in matter.answers if promising or not answer.promise)
    helped = chance.random() < 0.12
    area = matter.area or chance.choice(AREAS)
    given = FeedbackIn(
        kind=matter.kind if chance.random() < 0.93 else None,
        body=" ".join(filter(None, (opening, more))),
        area=area,
        whole_place=area is None and chance.random() < 0.5,
        topic=matter.topic if chance.random() < 0.9 else None,
        share=Share.WORDS_PUBLIC if chance.random() < 0.5 else Share.TEAM_ONLY,
        language=matter.language,
        contact="a.resident@hillside.example" if chance.random() < 0.05 else None,
        channel=chance.choice((Channel.PAPER, Channel.PHONE, Channel.IN_PERSON)) if helped else None,
        on_behalf=True if helped else None,
    )
    return Said(given, answers, BY_HELPERS if helped else PUBLIC_SENDER)


def _wishes(diary: Diary) -> Iterator[Said]:
    for want, have, gap, tier in WISHES:
        area = diary.random.choice(AREAS)
        given = FeedbackIn(kind=Kind.IDEA, want=want, have=have, gap=gap, tier=Tier(tier), area=area, topic="hub", share=Share.WORDS_PUBLIC)
        yield Said(given, (Answer(Outcome.NEED_MORE, "We like this. Can you come by on a Wednesday, so that we plan it together?"),))


def _held() -> Iterator[Said]:
    for topic, kind, body, reason in HELD:
        given = FeedbackIn(kind=kind, body=body, topic=topic, area="linden", share=Share.WORDS_PUBLIC, language="en")
        yield Said(given, (Answer(Outcome.THANK_YOU, "Thank you. We have read it. Your words stay with the team."),), withheld=reason)


def _kinds_alone(diary: Diary) -> Iterator[Said]:
    for _number in range(KINDS_ALONE):
        kind = diary.random.choice((Kind.GOOD, Kind.GOOD, Kind.NOT_GOOD, Kind.NOT_GOOD, Kind.IDEA, Kind.QUESTION))
        area = diary.random.choice(AREAS)
        yield Said(FeedbackIn(kind=kind, area=area), (ALONE[kind],))


def _some_moment(diary: Diary, ago: int | None = None) -> datetime:
    """Any day, a little oftener of late, in the hours in which people are up."""
    chance = diary.random
    ago = ago or 1 + int((DAYS - 1) * chance.random() ** 1.15)
    return diary.moment(ago, chance.choice((7, 8, 9, 11, 12, 13, 15, 17, 18, 19, 20, 21, 22)), chance.randrange(60))


def _own_moment(diary: Diary, said: Said) -> datetime | None:
    """What led to a promise came some days before it; what is withheld, long enough ago that somebody has decided."""
    promised = said.answers[0].promise
    if promised:
        return _some_moment(diary, VOWS[promised].made.ago + 6)
    return _some_moment(diary, diary.random.randrange(20, DAYS)) if said.withheld else None


def _ids(diary: Diary) -> dict[UUID, UUID]:
    """The id of each message by its public one."""
    rows = diary.writes.exec(select(Feedback.public_id, Feedback.id).where(col(Feedback.collaboration_id) == diary.place.id))
    return dict(rows.all())


# ---- what comes of it ------------------------------------------------------------------------------------------------


def _follow(diary: Diary, said: Said, message_id: UUID, received: Received, moment: datetime) -> None:
    """Reading, answering, deciding who may read it, and, of a few, taking it back."""
    chance, writes = diary.random, diary.writes
    came = local_day(moment, diary.place.time_zone)
    lag, fate = chance.choice(LAGS), chance.random()
    settled = bool(said.answers[0].promise or said.withheld)
    promised = said.answers[0].promise
    answered = diary.moment(diary.working(VOWS[promised].made.ago), 11) if promised else _worked(diary, came, lag)
    read = min(_worked(diary, came, min(lag, chance.choice((0, 1, 1, 2, 3)))), answered)
    if fate > 0.96 and not settled:  # nobody has opened it
        return
    back = diary.moment((diary.today - came).days - chance.randrange(1, 20), 20) if chance.random() < 0.045 and not settled else None

    def then(at: datetime, act: str) -> None:
        if at > moment and diary.has_come(at) and (back is None or at < back):
            diary.at(at, acts[act])

    coordinator, moderator = diary.staff["coordinator"], diary.staff["moderator"]
    acts = {
        "read": lambda at: mark_read(writes, coordinator, message_id, at),
        "answer": lambda at: _answer(diary, message_id, said.answers[0], at),
        "publish": lambda at: publish(writes, moderator, message_id, at),
        "withhold": lambda at: withhold(writes, moderator, message_id, said.withheld or WithheldReason.COULD_TELL_WHO, at),
    }
    then(read, "read")
    if fate < 0.9 or settled:
        then(answered + timedelta(minutes=40), "answer")
        if back is None and not said.withheld:
            judge(diary, said.given.body, message_id, received.code, answered + timedelta(minutes=40))
    if said.given.share == Share.WORDS_PUBLIC and (said.withheld or chance.random() < 0.93):
        decided = _worked(diary, came, chance.choice((1, 2, 3, 4, 6))) + timedelta(minutes=90)
        then(max(decided, read + timedelta(minutes=5)), "withhold" if said.withheld else "publish")
    if back is not None and diary.has_come(back) and back > moment:
        diary.at(back, lambda at: withdraw(writes, diary.keys, diary.place, received.code, at))


def _worked(diary: Diary, came: date, lag: int) -> datetime:
    """Some hour of the working day that is so many working days later."""
    return diary.office_hour((diary.today - diary.place.working_days.after(came, lag)).days)


def _answer(diary: Diary, message_id: UUID, answer: Answer, at: datetime) -> None:
    promised = make(diary, answer.promise, at) if answer.promise else None
    task = None
    if answer.task:
        words, role, days = answer.task
        task = TaskIn(words=words, role=role, due_on=local_day(at, diary.place.time_zone) + timedelta(days=days))
    said = {"outcome": answer.outcome, "body": answer.body, "reason": answer.reason, "no_kind": answer.no_kind}
    given = ReplyIn.model_validate({**said, "promise": promised, "task": task})
    answer_checked(diary, message_id, given, at)
