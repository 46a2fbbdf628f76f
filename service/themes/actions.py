"""Doing: naming themes, saying which messages belong to them, and writing down what is answered to all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from service.database import WriteSession
from service.errors import Conflict, FieldError, Invalid, NotFound, Refused
from service.feedback import desk_queries as messages
from service.feedback.claim_queries import get_checks
from service.feedback.draft_models import Checks, Unsent, task_of
from service.feedback.models import Feedback, Outcome
from service.feedback.rules import CLAIMS
from service.journal.actions import record
from service.language import _
from service.people.models import Member
from service.themes import rules
from service.themes.models import Theme, ThemeAnswer, ThemeForm, ThemeMessage
from service.themes.queries import get_answer_to_check, get_theme


def name_theme(writes: WriteSession, member: Member, given: ThemeForm, now: datetime) -> UUID:
    """Adds a theme; answers its id. Raises: Invalid where there is one of this name."""
    _must_be_free(writes, member, given.name, None)
    row = Theme(collaboration_id=member.place.id, staff_id=member.person.staff_id, made_at=now, **_typed(given))
    writes.add(row)
    writes.flush()
    record(writes, member.actor, "named", "theme", row.id, at=now, collaboration_id=member.place.id)
    return row.id


def change_theme(writes: WriteSession, member: Member, theme_id: UUID, given: ThemeForm, now: datetime) -> bool:
    """Calls it otherwise; answers whether that was news. Raises: NotFound, Refused where everybody reads it, Invalid."""
    row = get_theme(writes, member.place.id, theme_id, held=True)
    if row.shown_at is not None and not rules.may_show(member.grants):
        raise Refused(_("Everybody reads it. A coordinator or moderator for the whole place changes it."))
    _must_be_free(writes, member, given.name, row.id)
    typed = _typed(given)
    changed = [name for name, value in typed.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, typed[name])
    if changed:
        writes.add(row)
        writes.flush()
        record(writes, member.actor, "changed", "theme", row.id, at=now, collaboration_id=member.place.id, fields=changed)
    return bool(changed)


def _typed(given: ThemeForm) -> dict[str, Any]:
    return {"name": given.name, "about": given.about or None, "named_by": given.named_by}


def _must_be_free(writes: WriteSession, member: Member, name: str, own: UUID | None) -> None:
    found = writes.exec(select(Theme.id).where(Theme.collaboration_id == member.place.id, Theme.name == name)).first()
    if found is not None and found != own:
        raise Invalid(FieldError("name", _("There is one of this name already. Choose another name.")))


def show_theme(writes: WriteSession, member: Member, theme_id: UUID, now: datetime, *, shown: bool) -> bool:
    """Lets everybody read its name, how many told of it and what was answered to all; or no more. Answers whether that was news.

    Raises: NotFound, Refused, Conflict for who alone answered it with a claim of change.
    """
    if not rules.may_show(member.grants):
        raise Refused(_("A coordinator or moderator for the whole place decides this."))
    row = get_theme(writes, member.place.id, theme_id, held=True)
    if (row.shown_at is not None) == shown:
        return False
    if shown:
        _vouch(writes, member, row)
    row.shown_at = now if shown else None
    writes.add(row)
    writes.flush()
    record(writes, member.actor, "shown" if shown else "hidden", "theme", row.id, at=now, collaboration_id=member.place.id)
    return True


def _vouch(writes: WriteSession, member: Member, theme: Theme) -> None:
    """Whoever shows it is the second person who looks at what its answers claim."""
    given = select(ThemeAnswer).where(ThemeAnswer.collaboration_id == theme.collaboration_id, ThemeAnswer.theme_id == theme.id)
    unchecked = given.where(col(ThemeAnswer.checked_by).is_(None), col(ThemeAnswer.published_at).is_not(None))
    claims = list(writes.exec(unchecked.where(col(ThemeAnswer.outcome).in_(CLAIMS))))
    if not claims or get_checks(writes, theme.collaboration_id) == Checks.NONE:
        return
    if any(row.staff_id == member.person.staff_id for row in claims):
        raise Conflict(_("Your own answer here says that something changes. Somebody else shows it, so that a second person has looked."))
    for row in claims:
        row.checked_by = member.person.staff_id
        writes.add(row)


# ---- its messages ----------------------------------------------------------------------------------------------------


def gather(writes: WriteSession, member: Member, theme_id: UUID, ids: Sequence[UUID], now: datetime) -> int:
    """Puts messages that this member may read into a theme; answers how many were not in it. They are not answered by that.

    Raises: NotFound.
    """
    theme = get_theme(writes, member.place.id, theme_id, held=True)
    readable = select(Feedback.id).where(messages.visible_to(member), col(Feedback.id).in_(ids))
    there = select(ThemeMessage.feedback_id).where(
        ThemeMessage.collaboration_id == theme.collaboration_id, ThemeMessage.theme_id == theme.id
    )
    known = set(writes.exec(there))
    fresh = sorted(one for one in writes.exec(readable) if one not in known)
    place_id, by = member.place.id, member.person.staff_id
    writes.add_all(
        [ThemeMessage(collaboration_id=place_id, theme_id=theme.id, feedback_id=one, staff_id=by, added_at=now) for one in fresh]
    )
    writes.flush()
    for one in fresh:
        record(writes, member.actor, "themed", "feedback", one, at=now, collaboration_id=place_id)
    return len(fresh)


def take_out(writes: WriteSession, member: Member, theme_id: UUID, message_id: UUID, now: datetime) -> bool:
    """Takes a message out of a theme; answers whether that was news. What was answered stays. Raises: NotFound."""
    theme = get_theme(writes, member.place.id, theme_id, held=True)
    message = messages.get_message_row(writes, member, message_id)
    row = writes.get(ThemeMessage, (theme.collaboration_id, theme.id, message.id))
    if row is None:
        return False
    writes.delete(row)
    writes.flush()
    record(writes, member.actor, "unthemed", "feedback", message.id, at=now, collaboration_id=member.place.id)
    return True


# ---- what is answered to all -----------------------------------------------------------------------------------------


def write_answer(  # noqa: PLR0913 (each is a fact of the answer)
    writes: WriteSession, member: Member, theme_id: UUID, given: Unsent, now: datetime, *, promise_id: UUID | None = None, waits: bool
) -> UUID:
    """Writes down what is answered to all of a theme; with `waits` a second person looks first. Answers its id.

    Raises: NotFound, also for those who answer nothing, Invalid where it is not whole.
    """
    if not rules.may_answer(member.grants):
        raise NotFound
    theme = get_theme(writes, member.place.id, theme_id, held=True)
    if given.outcome is None or not given.body:
        raise Invalid(FieldError("body", _("Write the answer.")))
    if (given.outcome == Outcome.WILL_DO) != bool(given.promised):
        raise Invalid(FieldError("outcome", _("A reply that says you will do something makes a promise with a date, and no other does.")))
    row = ThemeAnswer(
        collaboration_id=theme.collaboration_id,
        theme_id=theme.id,
        outcome=given.outcome,
        body=given.body,
        reason=given.reason,
        no_kind=given.no_kind,
        promised=given.promised if waits or task_of(given.promised) else None,
        promise_id=promise_id,
        staff_id=member.person.staff_id,
        written_at=now,
        published_at=None if waits else now,
    )
    writes.add(row)
    writes.flush()
    verb = "proposed" if waits else "answered"
    record(writes, member.actor, verb, "theme", theme.id, at=now, collaboration_id=member.place.id, fields=[given.outcome])
    return row.id


def give_answer(
    writes: WriteSession, member: Member, theme_id: UUID, answer_id: UUID, promise_id: UUID | None, now: datetime
) -> ThemeAnswer:
    """Gives the answer that somebody else wrote. Raises: NotFound, also for those who answer nothing, Conflict for who wrote it."""
    row = get_answer_to_check(writes, member, theme_id, answer_id)
    row.promised = row.promised if task_of(row.promised) else None
    row.promise_id, row.published_at, row.checked_by = promise_id, now, member.person.staff_id
    writes.add(row)
    writes.flush()
    record(writes, member.actor, "answered", "theme", theme_id, at=now, collaboration_id=member.place.id, fields=[row.outcome])
    return row


def return_answer(writes: WriteSession, member: Member, theme_id: UUID, answer_id: UUID, why: str, now: datetime) -> None:
    """Gives it back to who wrote it, with a reason. Raises: NotFound, Conflict for who wrote it, Invalid."""
    row = get_answer_to_check(writes, member, theme_id, answer_id)
    if not why.strip():
        raise Invalid(FieldError("why", _("Say what should be otherwise.")))
    row.returned_why = why.strip()
    writes.add(row)
    writes.flush()
    record(writes, member.actor, "returned", "theme", theme_id, at=now, collaboration_id=member.place.id, fields=["answer"])
