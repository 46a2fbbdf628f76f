"""What is answered about messages: the receipt, what became of one, and what everybody may read."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from service.feedback.models import Kind, NoKind, Outcome, Publication, State, Tier, WithheldReason
from service.photos.models import PhotoOut
from service.places.models import Out
from service.promises.models import Standing
from service.tasks.models import TaskOut, TaskSaid


class Receipt(Out):
    """The message is stored; the code opens it."""

    id: UUID
    receipt: str
    received_at: datetime
    answer_by: date


class Came(StrEnum):
    """What came of an answer to many for one of them."""

    DONE = "done"
    PROPOSED = "proposed"
    ANSWERED = "answered"
    NOT_YOURS = "not_yours"


class ReplyOut(Out):
    """A published reply. With `will_do` comes the promise, and the day by which it is due."""

    outcome: Outcome
    body: str
    reason: str | None
    no_kind: NoKind | None
    """Of a no: what kind of reason it has."""

    organisation: str | None
    promise: UUID | None
    due_on: date | None
    task: TaskOut | None
    """Something smaller than a promise that will be done."""

    published_at: datetime
    checked: bool
    """Somebody who did not write it has looked at it."""


class Step(StrEnum):
    """A step on a message's trail."""

    RECEIVED = "received"
    READ = "read"
    PASSED_ON = "passed_on"
    REPLIED = "replied"
    PUBLISHED = "published"
    WITHHELD = "withheld"
    SET_ASIDE = "set_aside"
    BROUGHT_BACK = "brought_back"
    NAMES_REMOVED = "names_removed"
    APPEALED = "appealed"
    APPEAL_DECIDED = "appeal_decided"
    MERGED = "merged"
    NOT_SHARED = "not_shared"
    WITHDRAWN = "withdrawn"
    CHECKED = "checked"
    CONTESTED = "contested"
    ADDED = "added"
    REOPENED = "reopened"
    PROMISE_MOVED = "promise_moved"
    PROMISE_LATE = "promise_late"
    TASK_LATE = "task_late"
    TASK_DONE = "task_done"
    FOLLOWED_UP = "followed_up"
    LOOP_CLOSED = "loop_closed"


class StepOut(Out):
    """One step and when it was taken. `organisation`: the name of the one that it was passed on to; null: back to the team.

    `promise`: the one that moved, or whose day passed, to `standing`; `words`: what was said with it.
    """

    step: Step
    at: datetime
    organisation: str | None = None
    promise: UUID | None = None
    standing: Standing | None = None
    words: str | None = None


class Became(Out):
    """What became of a message. `days_waiting` counts calendar days until the first reply, or until now."""

    state: State
    publication: Publication
    withheld_reason: WithheldReason | None
    received_at: datetime
    answer_by: date
    days_waiting: int
    kind: Kind | None
    area: str | None
    whole_place: bool
    replies: list[ReplyOut]
    trail: list[StepOut]


class PublishedReply(Out):
    """A reply to a published message. `organisation` is a code, `week` a Monday."""

    outcome: Outcome
    body: str
    reason: str | None
    no_kind: NoKind | None
    organisation: str | None
    promise: UUID | None
    task: TaskSaid | None
    week: date


class PublishedOut(Out):
    """A published message: the words of somebody who is not named. `week` is the Monday of the week in which it was first public."""

    id: UUID
    week: date
    kind: Kind | None
    body: str | None
    want: str | None
    have: str | None
    gap: str | None
    tier: Tier | None = None
    area: str | None
    whole_place: bool
    topic: str | None
    language: str | None
    state: State
    replies: list[PublishedReply]
    photos: list[PhotoOut]
