"""Moderation as staff meet it: what waits there, how careful to be with words, what is set aside, and who disagrees."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel
from pydantic import Field as Limit

from service.clock import Now
from service.database import Reads, Writes
from service.doors import Router
from service.errors import FieldError, Invalid, NotFound
from service.feedback.rules import may_decide
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.moderation import rules
from service.moderation.actions import bring_back, set_aside, set_copies_aside, set_severity, set_story_severity, uphold
from service.moderation.models import AsideReason, Severity
from service.moderation.queue_queries import get_queue
from service.people.access import AtWork, held
from service.people.models import AT_THE_DESK, Member
from service.tables import Paragraph

router = Router(prefix="/staff/{c}", include_in_schema=False)


class SeverityForm(BaseModel):
    """How careful to be."""

    severity: Severity | None = None


class AsideForm(BaseModel):
    """What is no message to the place, and why: one message, or all that say the same."""

    aside_reason: AsideReason | None = None
    message: UUID | None = None
    likeness: Annotated[str, Limit(max_length=64)] = ""


class UpholdForm(BaseModel):
    """Why it stays as it was decided."""

    answer: Paragraph | None = None


Rating = Annotated[Form[SeverityForm], Depends(form_of(SeverityForm))]
Setting = Annotated[Form[AsideForm], Depends(form_of(AsideForm))]
Judging = Annotated[Form[UpholdForm], Depends(form_of(UpholdForm))]


@router.get("/moderation", name="moderation.queue")
def queue(request: Request, member: AtWork, reads: Reads, now: Now, did: str = "") -> HTMLResponse:
    """What waits in moderation, the gravest first, and what was set aside last."""
    return _queue_page(request, member, reads, now, Form(), did=did)


@router.post("/moderation/set-aside", name="moderation.set_aside")
def put_aside(request: Request, member: AtWork, form: Setting, writes: Writes, now: Now) -> Response:
    """Says of one message, or of all that say the same, that they are no messages to the place. A large pile takes several goes."""
    _must_moderate(member)
    form.need({"aside_reason": _("Choose why.")})
    if form.errors or form.filled is None or form.filled.aside_reason is None:
        if form.value("message"):
            return see_other(request, "feedback.message", c=member.place.slug, message_id=form.value("message"))
        form.errors = [FieldError("copies-h", error.message) for error in form.errors]
        return _queue_page(request, member, writes, now, form, 422)
    filled, reason = form.filled, form.filled.aside_reason
    if filled.message:
        set_aside(writes, member, [filled.message], reason, now)
        return see_other(request, "feedback.message", c=member.place.slug, message_id=filled.message)
    done = set_copies_aside(writes, member, filled.likeness, reason, now) if filled.likeness else 0
    return see_other(request, "moderation.queue", c=member.place.slug, did=f"aside.{done}")


@router.post("/messages/{message_id}/bring-back", name="moderation.bring_back")
def fetch_back(request: Request, member: AtWork, message_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """It is a message after all."""
    bring_back(writes, member, message_id, now)
    return see_other(request, "feedback.message", c=member.place.slug, message_id=message_id)


@router.post("/messages/{message_id}/severity", name="moderation.rate_message")
def rate_message(request: Request, member: AtWork, message_id: UUID, form: Rating, writes: Writes, now: Now) -> RedirectResponse:
    """How careful to be with a message."""
    set_severity(writes, member, message_id, _severity(form), now)
    return see_other(request, "feedback.message", c=member.place.slug, message_id=message_id)


@router.post("/stories/{narrative_id}/severity", name="moderation.rate_story")
def rate_story(request: Request, member: AtWork, narrative_id: UUID, form: Rating, writes: Writes, now: Now) -> RedirectResponse:
    """How careful to be with a story."""
    held(member, *AT_THE_DESK)
    set_story_severity(writes, member, narrative_id, _severity(form), now)
    return see_other(request, "narratives.story", c=member.place.slug, narrative_id=narrative_id)


@router.post("/messages/{message_id}/uphold", name="moderation.uphold")
def stand_by(request: Request, member: AtWork, message_id: UUID, form: Judging, writes: Writes, now: Now) -> Response:
    """Another person looked at an appeal, and it stays as it was decided."""
    try:
        uphold(writes, member, message_id, (form.filled.answer if form.filled else "") or "", now)
    except Invalid as refusal:
        form.errors = [FieldError("appeals-h", error.message) for error in refusal.errors]
        return _queue_page(request, member, writes, now, form, refusal.status)
    return see_other(request, "feedback.message", c=member.place.slug, message_id=message_id)


def _severity(form: Form[SeverityForm]) -> Severity:
    severity = form.filled.severity if form.filled else None
    if severity not in rules.BY_HAND:
        raise Invalid(FieldError("severity", _("Choose how careful to be.")))
    return severity


def _must_moderate(member: Member) -> None:
    if not may_decide(member.grants, None):
        raise NotFound


def _queue_page(
    request: Request,
    member: Member,
    reads: Reads,
    now: Now,
    form: Form[AsideForm] | Form[UpholdForm] | Form[BaseModel],
    status: int = 200,
    *,
    did: str = "",
) -> HTMLResponse:
    _must_moderate(member)
    act, _dot, count = did.partition(".")
    return page(
        request,
        "moderation/queue.html",
        place=member.place,
        member=member,
        here="moderation",
        status=status,
        headers=PRIVATE,
        form=form,
        queue=get_queue(reads, member, now),
        reasons=tuple(AsideReason),
        done=int(count) if act == "aside" and count.isdecimal() and len(count) < 6 else None,
        most=rules.AT_ONCE,
    )
