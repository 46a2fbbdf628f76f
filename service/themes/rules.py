"""Who names themes, who shows them to everybody, and when an answer to all of a theme needs a second person."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from service.feedback import rules as messages
from service.feedback.draft_models import Checks
from service.feedback.models import Outcome
from service.people.models import Grant


def may_show(grants: Iterable[Grant]) -> bool:
    """Whether somebody with these roles says that everybody reads a theme: as with words, for the whole place."""
    return messages.may_decide(grants, None)


def may_answer(grants: Iterable[Grant]) -> bool:
    """Whether somebody with these roles answers messages at all; which of a theme, each message decides."""
    return any(grant.role in messages.ANSWERERS for grant in grants)


def waits_for_second(checks: Checks, outcome: Outcome, *, shown: bool) -> bool:
    """Whether an answer to all waits until a second person has looked. `shown`: everybody reads the theme, or one of its messages."""
    return messages.needs_second_person(checks, outcome, shown=shown)


def may_go_on(promised: Mapping[str, Any] | None, today: date) -> bool:
    """Whether an answer that was given can be given to more: not where the day has passed by which it says a small thing is done."""
    due_on = (promised or {}).get("due_on")
    return not due_on or date.fromisoformat(due_on) >= today
