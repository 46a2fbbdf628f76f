"""Who is asked when something cannot wait, who may see it, and what becomes of the words meanwhile.

Source: security.md T17 and T21, as docs/safeguarding.md tells it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from service.feedback.models import Publication, State, WithheldReason
from service.people.models import AT_THE_DESK, Grant, Role
from service.safeguarding.models import Did, Ending, Lane

ACKNOWLEDGE_MINUTES = 30
"""How long somebody who was asked has, where the place says nothing else."""

ON_CALL = AT_THE_DESK
"""Who may be on the rota: who works at the desk for the whole place."""

SAW = (Did.TAKEN, Did.OPENED)
"""Steps after which somebody has the words before them."""

LONGEST_TURN = timedelta(days=31)


def watches(grants: Iterable[Grant]) -> bool:
    """Whether somebody looks after the lane at any time: a moderator for the whole place."""
    return any(grant.role == Role.MODERATOR and grant.organisation_id is None for grant in grants)


def keeps_rota(grants: Iterable[Grant]) -> bool:
    """Whether somebody says who is on the rota: an administrator or coordinator for the whole place."""
    return any(grant.role in (Role.ADMIN, Role.COORDINATOR) and grant.organisation_id is None for grant in grants)


def answers_for_all(grants: Iterable[Grant]) -> bool:
    """Whether somebody is told when nobody comes, though they read no words: an administrator for the whole place."""
    return any(grant.role == Role.ADMIN and grant.organisation_id is None for grant in grants)


def is_of(grants: Iterable[Grant], organisation_id: UUID | None) -> bool:
    """Whether somebody holds a role, whichever, of this organisation."""
    return organisation_id is not None and any(grant.organisation_id == organisation_id for grant in grants)


def next_in_line(line: Sequence[UUID], asked: Iterable[UUID]) -> UUID | None:
    """Who is asked now: the first in line who was not asked yet. None: it is time to tell everybody."""
    known = set(asked)
    return next((staff_id for staff_id in line if staff_id not in known), None)


def ask_again_at(now: datetime, minutes: int) -> datetime:
    """When the next one is asked, if nobody has it by then."""
    return now + timedelta(minutes=minutes)


Shown = tuple[Publication, WithheldReason | None]
"""Whether the words are public, and why not."""


def apart(lane: Lane, publication: Publication, reason: WithheldReason | None) -> Shown:
    """What becomes of words that were offered, while they are in the lane: never public. Said to be about a worker: not ever."""
    if publication in (Publication.NOT_OFFERED, Publication.WITHDRAWN):
        return publication, None
    if lane == Lane.ALLEGATION:
        return Publication.WITHHELD, WithheldReason.ABOUT_A_WORKER
    return (Publication.WAITING, None) if publication == Publication.PUBLISHED else (publication, reason)


def back(lane: Lane, ending: Ending, now: Shown, before: Publication, *, may_decide: bool) -> Shown:
    """What becomes of words when they leave the lane. They are public again only where they were, and nothing was found.

    What may harm somebody stays with the team; who is of the organisation that it is with does not decide that, and it waits.
    """
    if lane == Lane.ALLEGATION or now[0] != Publication.WAITING:
        return now
    if ending == Ending.NOTHING_FOUND:
        return (Publication.PUBLISHED, None) if before == Publication.PUBLISHED and may_decide else now
    return (Publication.WITHHELD, WithheldReason.COULD_HARM) if may_decide else now


def state_after(before: State, *, read: bool) -> State:
    """How far the handling is when a message leaves the lane: as far as before; and somebody has read it."""
    return State.IN_REVIEW if read and before in (State.RECEIVED, State.ACKNOWLEDGED) else before
