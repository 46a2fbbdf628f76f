"""Asking about messages: what a code opens, and when an organisation last answered one."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select

from service.checks.published import PromiseToCheck, find_to_check
from service.consents.models import SaidYes
from service.consents.queries import get_said_yes
from service.database import ReadSession
from service.days import day_begins, local_day
from service.errors import NotFound
from service.feedback import rules
from service.feedback.answer_models import Became, Step, StepOut
from service.feedback.answers import find_replies, trail_of
from service.feedback.models import Feedback, Reply, Share, State, WithheldReason
from service.feedback.receipts import hashes_of
from service.loop.queries import find_look
from service.places.models import Area, Organisation
from service.places.queries import PlaceCard, find_last_of_organisations
from service.promises.rules import FINAL
from service.server_keys import ServerKeys

OWN = frozenset({Step.RECEIVED, Step.APPEALED, Step.CHECKED, Step.CONTESTED, Step.ADDED, Step.WITHDRAWN})
"""Steps that the sender took."""

OPENED_AGAIN = (Step.CONTESTED, Step.REOPENED)
"""Steps after which an answer is owed anew."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the holder of a code sees: their own words and all that came of them."""

    became: Became
    body: str | None
    want: str | None
    have: str | None
    gap: str | None
    language: str | None
    words_gone: bool
    """Their time was over."""

    share: Share
    said_yes: SaidYes
    to_check: list[PromiseToCheck]
    """Promises that it is about, or that answered it, where residents are asked whether it happened."""

    received_on: date
    owed_on: date
    """The day from which an answer is owed: that of receipt, or on which it was opened again."""

    looked_on: date | None
    """The day on which it was last opened before, and when that day began."""

    looked_moment: datetime | None

    working_days: int | None
    holder: str | None
    """The organisation that has it; none: the team."""

    merged: bool
    """It was put together with others that say the same: the replies are to all of them."""

    @property
    def news(self) -> list[StepOut]:
        """What was done since it was last opened; nothing where nobody has opened it."""
        if self.looked_moment is None:
            return []
        return [step for step in self.became.trail if step.at >= self.looked_moment and step.step not in OWN]

    @property
    def doing(self) -> list[date]:
        """The days by which smaller things will be done that are neither late nor done."""
        return [one.task.due_on for one in self.became.replies if one.task and not one.task.late and one.task.done_on is None]

    @property
    def promised(self) -> list[tuple[UUID, date]]:
        """What was promised and is neither late nor settled: the promise, and its day."""
        over = {step.promise for step in self.became.trail if step.step == Step.PROMISE_LATE or step.standing in FINAL}
        return [(one.promise, one.due_on) for one in self.became.replies if one.promise and one.due_on and one.promise not in over]


def get_by_code(reads: ReadSession, keys: ServerKeys, place: PlaceCard, code: str, *, held: bool = False) -> Feedback:
    """The message that a code opens; `held` until the transaction ends. Raises: NotFound, the same for every code that opens nothing."""
    hashes = hashes_of(keys, place.id, code)
    opens = (col(Feedback.key_hash).in_(hashes), col(Feedback.codeless_at).is_(None))
    query = select(Feedback).where(Feedback.collaboration_id == place.id, *opens)
    found = reads.exec(query.with_for_update() if held else query).first()
    if found is None:
        raise NotFound
    return found


def get_answer(reads: ReadSession, keys: ServerKeys, place: PlaceCard, code: str, now: datetime) -> Answer:
    """What became of the message that a code opens. Raises: NotFound."""
    message = get_by_code(reads, keys, place, code)
    received_on = local_day(message.received_at, place.time_zone)
    ended_on = local_day(message.replied_at or message.withdrawn_at or now, place.time_zone)
    area = reads.get(Area, (place.id, message.area_id)) if message.area_id else None
    gone = message.state == State.WITHDRAWN
    trail, looked_on = trail_of(reads, message, now), find_look(reads, message)
    owed_since = max((step.at for step in trail if step.step in OPENED_AGAIN), default=message.received_at)
    became = Became(
        state=message.state,
        publication=message.publication,
        withheld_reason=WithheldReason(message.withheld_reason) if message.withheld_reason else None,
        received_at=message.received_at,
        answer_by=rules.answer_by(local_day(owed_since, place.time_zone), place.working_days, place.thresholds),
        days_waiting=max(0, (ended_on - received_on).days),
        kind=message.kind,
        area=area.code if area else None,
        whole_place=message.whole_place,
        replies=[] if gone else find_replies(reads, message, local_day(now, place.time_zone)),
        trail=trail,
    )
    replied_on = local_day(message.replied_at, place.time_zone) if message.replied_at else None
    return Answer(
        became=became,
        body=message.body,
        want=message.want,
        have=message.have,
        gap=message.gap,
        language=message.language,
        words_gone=message.words_removed_at is not None,
        share=message.share,
        said_yes=get_said_yes(reads, message, local_day(now, place.time_zone), place.time_zone),
        to_check=[] if gone else find_to_check(reads, place.id, {message.promise_id, *(reply.promise for reply in became.replies)}),
        received_on=received_on,
        owed_on=local_day(owed_since, place.time_zone),
        looked_on=looked_on,
        looked_moment=day_begins(looked_on, place.time_zone) if looked_on else None,
        working_days=place.working_days.between(received_on, replied_on) if replied_on else None,
        holder=_holder_of(reads, message),
        merged=message.merged_into_id is not None,
    )


def _holder_of(reads: ReadSession, message: Feedback) -> str | None:
    row = reads.get(Organisation, (message.collaboration_id, message.organisation_id)) if message.organisation_id else None
    return row.name if row else None


def find_last_replied(reads: ReadSession, place_id: UUID) -> dict[UUID, datetime]:
    """By organisation: when it last answered a message."""
    return find_last_of_organisations(reads, place_id, Reply.published_at, Reply.organisation_id)
