"""What a message needs, which moves its handling allows, and whom it is for."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from service.days import WorkingDays
from service.feedback.draft_models import Checks
from service.feedback.models import Capturer, FeedbackIn, NoKind, Outcome, Publication, Share, State, WithheldReason
from service.language import N_
from service.people.models import AT_THE_DESK, Grant, Role
from service.places.models import Threshold
from service.places.rules import AS_SHIPPED, Thresholds

ONE_DAY = timedelta(days=1)

WRONG_CODE = N_("That code did not work. Check the letters and try again.")
"""The same words for every code that opens nothing."""

READERS = AT_THE_DESK
ANSWERERS = (Role.COORDINATOR,)
"""Who may read messages, and who may answer them. Viewers and admins read no words that were not shared."""

EXPLAINED = frozenset({Outcome.CANNOT_DO, Outcome.PASSED_ON})
"""Outcomes that need a reason in words."""

CLAIMS = frozenset({Outcome.DONE, Outcome.WILL_DO, Outcome.ALREADY_DOING})
"""Outcomes that claim a change, for which a second person looks. The others are courtesy."""

OFFERED_OUTCOMES = tuple(Outcome)
"""What a reply may say came of it. `will_do` makes a dated promise in the same breath."""

PUBLISHERS = (Role.COORDINATOR, Role.MODERATOR)
"""Who decides whether words that were offered are shown; never for the organisation that the message is with."""

NEVER_PUBLIC = (State.NOT_FEEDBACK, State.SAFEGUARDING_HOLD, State.WITHDRAWN)
"""Handling in which no words are shown, whatever was decided before."""

OPEN = (State.RECEIVED, State.ACKNOWLEDGED, State.ROUTED, State.IN_REVIEW, State.REOPENED)
"""Handling that still owes somebody an answer."""

HOLD_OTHERS = (*OPEN, State.REPLIED, State.LOOP_CLOSED)
"""Handling in which others that say the same can be put together with a message."""

OUT_OF_COHORT = frozenset({State.WITHDRAWN, State.NOT_FEEDBACK})
"""States of messages that do not count where answers are counted. Source: docs/measures.md#answered-rate."""

OFFERED_REASONS = tuple(reason for reason in WithheldReason if reason not in (WithheldReason.ABOUT_A_WORKER, WithheldReason.SET_ASIDE))
"""Why words can be withheld by hand. What is said of a worker goes into the lane instead, and stays there."""

_MOVES: dict[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.ACKNOWLEDGED, State.IN_REVIEW, State.NOT_FEEDBACK}),
    State.ACKNOWLEDGED: frozenset({State.IN_REVIEW, State.ROUTED, State.MERGED, State.NOT_FEEDBACK}),
    State.ROUTED: frozenset({State.IN_REVIEW, State.MERGED}),
    State.IN_REVIEW: frozenset({State.REPLIED, State.ROUTED, State.MERGED}),
    State.REPLIED: frozenset({State.LOOP_CLOSED, State.REOPENED}),
    State.LOOP_CLOSED: frozenset({State.REOPENED}),
    State.REOPENED: frozenset({State.IN_REVIEW}),
    State.MERGED: frozenset(),
    State.NOT_FEEDBACK: frozenset({State.RECEIVED, State.ACKNOWLEDGED}),
    State.SAFEGUARDING_HOLD: frozenset(),
    State.WITHDRAWN: frozenset(),
}


def moves_from(state: State) -> frozenset[State]:
    """Where a message may go from here. Anyone who holds its code may withdraw it from everywhere; that is final."""
    aside = frozenset({State.WITHDRAWN, State.SAFEGUARDING_HOLD}) - {state}
    return frozenset() if state == State.WITHDRAWN else _MOVES[state] | aside


def may_move(state: State, to: State) -> bool:
    """Whether the lifecycle allows this move."""
    return to in moves_from(state)


def way_to_reply(state: State) -> list[State] | None:
    """The states a message passes through when it is answered now; None where no answer fits. A second answer moves nothing."""
    if state in (State.REPLIED, State.LOOP_CLOSED):
        return []
    if may_move(state, State.REPLIED):
        return [State.REPLIED]
    if may_move(state, State.IN_REVIEW):
        return [State.IN_REVIEW, State.REPLIED]
    return None


NOT_ANY_MORE = N_("This message cannot be answered any more.")

_INSTEAD = {
    State.MERGED: N_("It was put together with another message. Do this with that one, or let this one stand alone again."),
    State.NOT_FEEDBACK: N_("It was set aside as no message. Bring it back first."),
}


def what_instead(state: State, otherwise: str) -> str:
    """What can be done where an answer, or passing it on, is not allowed; a sentence to translate."""
    return _INSTEAD.get(state, otherwise)


def way_to_pass_on(state: State) -> list[State] | None:
    """The states a message passes through when an organisation gets it; None where it has its answer, or needs none."""
    if may_move(state, State.ROUTED):
        return [State.ROUTED]
    if may_move(state, State.IN_REVIEW):
        return [State.IN_REVIEW, State.ROUTED]
    return None


def may_pass_on(grants: Iterable[Grant]) -> bool:
    """Whether somebody with these roles says which organisation a message is with: a coordinator for the whole place."""
    return any(grant.role in ANSWERERS and grant.organisation_id is None for grant in grants)


def may_give_back(grants: Iterable[Grant], organisation_id: UUID | None) -> bool:
    """Whether somebody with these roles may bring a message back to the team: who passes it on, and who got it."""
    held = list(grants)
    of_it = organisation_id is not None and any(grant.role in ANSWERERS and grant.organisation_id == organisation_id for grant in held)
    return of_it or may_pass_on(held)


def may_take_away(grants: Iterable[Grant], organisation_id: UUID | None, publication: Publication) -> bool:
    """Whether moving a message gives its mover no say about its words: who is of the organisation that it is with has none."""
    held = list(grants)
    return publication == Publication.NOT_OFFERED or may_decide(held, organisation_id) or not may_decide(held, None)


def may_hold_others(state: State) -> bool:
    """Whether a message can be put together with this one."""
    return state in HOLD_OTHERS


def may_stand_alone(state: State, replied_at: datetime | None) -> bool:
    """Whether a message can be taken out again from among those it was put together with: as long as it has no answer with them."""
    return state == State.MERGED and replied_at is None


def needs_second_person(checks: Checks, outcome: Outcome, *, shown: bool) -> bool:
    """Whether an answer waits until a second person has looked: a claim of change may, courtesy never. `shown`: everybody reads it."""
    return outcome in CLAIMS and (checks == Checks.EVERY or (checks == Checks.SHOWN and shown))


def kind_of_no(outcome: Outcome, given: NoKind | None) -> NoKind | None:
    """What kind of reason a no has: where none was chosen, another one. Nothing else has any."""
    return (given or NoKind.OTHER) if outcome == Outcome.CANNOT_DO else None


def says_something(message: FeedbackIn) -> bool:
    """Whether there is a kind, or are words. Nothing else is ever required."""
    return bool(message.kind or message.body or message.want or message.have or message.gap)


def is_owed_an_answer(captured_by: str) -> bool:
    """Whether the wait for an answer counts: not where the message was only collected from elsewhere."""
    return captured_by != Capturer.IMPORT


def first_publication(share: str) -> Publication:
    """Where a message stands on the way to being public."""
    return Publication.WAITING if share == Share.WORDS_PUBLIC else Publication.NOT_OFFERED


def may_decide(grants: Iterable[Grant], organisation_id: UUID | None) -> bool:
    """Whether somebody with these roles may publish or withhold a message that is with this organisation.

    A role for the whole place is needed; whoever also holds one, whichever, of that organisation counts as of it.
    """
    held = list(grants)
    of_it = organisation_id is not None and any(grant.organisation_id == organisation_id for grant in held)
    return not of_it and any(grant.role in PUBLISHERS and grant.organisation_id is None for grant in held)


def may_publish(state: State, publication: Publication) -> bool:
    """Whether the words were offered, and nothing about their handling forbids it."""
    return publication in (Publication.WAITING, Publication.WITHHELD) and state not in NEVER_PUBLIC


def may_withhold(publication: Publication) -> bool:
    """Whether there is something to withhold; withholding again is giving another reason."""
    return publication in (Publication.WAITING, Publication.PUBLISHED, Publication.WITHHELD)


def answer_by(received_on: date, days: WorkingDays, thresholds: Thresholds = AS_SHIPPED) -> date:
    """The day by which there should be an answer: as many working days on as held on the day of receipt, which itself is 0."""
    return days.after(received_on, thresholds.on(Threshold.ANSWER_WITHIN, received_on))


def late_days(today: date, days: WorkingDays, thresholds: Thresholds) -> list[tuple[date | None, date]]:
    """Days of receipt whose answer was due before today, as ranges: a first day (None: the beginning), and the day after the last."""
    begin, longest = today, thresholds.highest(Threshold.ANSWER_WITHIN)
    while days.after(begin - ONE_DAY, longest) >= today:
        begin -= ONE_DAY
    found: list[tuple[date | None, date]] = [(None, begin)]
    while begin < today:
        if answer_by(begin, days, thresholds) < today:
            first, last = found.pop() if found[-1][1] == begin else (begin, begin)
            found.append((first, last + ONE_DAY))
        begin += ONE_DAY
    return found
