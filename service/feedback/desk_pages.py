"""Feedback as staff meet it: the inbox, one message, its reply."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from service.clock import Now
from service.database import Reads, Writes
from service.errors import FieldError, Invalid
from service.feedback import rules
from service.feedback.actions import mark_read, publish, reply, withhold
from service.feedback.models import Outcome, ReplyIn, WithheldReason
from service.feedback.queries import OFFERED, PARTS, find_messages, get_message, read_cursor
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.people.access import AtWork, held
from service.people.models import Member
from service.tables import Paragraph, Words

router = APIRouter(prefix="/staff/{c}", include_in_schema=False)


class ReplyForm(BaseModel):
    """The reply as it is typed."""

    outcome: Outcome
    body: Words | None = None
    reason: Paragraph | None = None


class WithholdForm(BaseModel):
    """Why offered words are not shown."""

    withheld_reason: WithheldReason


Withholding = Annotated[Form[WithholdForm], Depends(form_of(WithholdForm))]
Written = Annotated[Form[ReplyForm], Depends(form_of(ReplyForm))]


@router.get("", name="feedback.desk")
def desk(request: Request, member: AtWork) -> RedirectResponse:
    """The collaboration's first staff page."""
    return see_other(request, "feedback.inbox", c=member.place.slug)


@router.get("/inbox", name="feedback.inbox")
def inbox(
    request: Request, member: AtWork, reads: Reads, now: Now, part: str = "owed", after: Annotated[str, Query(max_length=80)] = ""
) -> HTMLResponse:
    """The messages that this member may read, the longest wait first."""
    held(member, *rules.READERS)
    decides = rules.may_decide(member.grants, None)
    part = part if part in PARTS or (part == OFFERED and decides) else "owed"
    found = find_messages(reads, member, part, now, after=read_cursor(after))
    return page(
        request,
        "feedback/inbox.html",
        place=member.place,
        member=member,
        here="inbox",
        headers=PRIVATE,
        fragments=("message_list",),
        inbox=found,
        part=part,
        aim=rules.ANSWER_WITHIN,
    )


@router.get("/messages/{message_id}", name="feedback.message")
def message(request: Request, member: AtWork, message_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """One message, what was answered, and what may be done."""
    return _message_page(request, member, reads, message_id, now, Form())


@router.post("/messages/{message_id}/read", name="feedback.mark_read")
def mark(request: Request, member: AtWork, message_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """Somebody read it."""
    mark_read(writes, member, message_id, now)
    return see_other(request, "feedback.message", c=member.place.slug, message_id=message_id)


@router.post("/messages/{message_id}/reply", name="feedback.reply")
def answer(request: Request, member: AtWork, message_id: UUID, form: Written, writes: Writes, now: Now) -> Response:
    """Answers it. What is refused comes back with everything that was typed."""
    if form.filled is None:
        return _message_page(request, member, writes, message_id, now, form, 422)
    try:
        given = ReplyIn(outcome=form.filled.outcome, body=form.filled.body or "", reason=form.filled.reason)
        reply(writes, member, message_id, given, now)
    except Invalid as refusal:
        form.refuse(refusal, "body")
        return _message_page(request, member, writes, message_id, now, form, refusal.status)
    return see_other(request, "feedback.message", c=member.place.slug, message_id=message_id)


@router.post("/messages/{message_id}/publish", name="feedback.publish")
def show_words(request: Request, member: AtWork, message_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """Everybody may read the words."""
    publish(writes, member, message_id, now)
    return see_other(request, "feedback.message", c=member.place.slug, message_id=message_id)


@router.post("/messages/{message_id}/withhold", name="feedback.withhold")
def keep_words(request: Request, member: AtWork, message_id: UUID, form: Withholding, writes: Writes, now: Now) -> Response:
    """Nobody else may read the words, and the sender is told why."""
    if form.filled is None:
        form.errors = [FieldError("withheld_reason", _("Choose a reason. The person who wrote it reads it."))]
        return _message_page(request, member, writes, message_id, now, Form(), 422, withholding=form)
    withhold(writes, member, message_id, form.filled.withheld_reason, now)
    return see_other(request, "feedback.message", c=member.place.slug, message_id=message_id)


def _message_page(
    request: Request,
    member: Member,
    reads: Reads,
    message_id: UUID,
    now: Now,
    form: Form[ReplyForm],
    status: int = 200,
    *,
    withholding: Form[WithholdForm] | None = None,
) -> HTMLResponse:
    return page(
        request,
        "feedback/message.html",
        place=member.place,
        member=member,
        here="message",
        status=status,
        headers=PRIVATE,
        form=form,
        message=get_message(reads, request.app.state.server_keys, member, message_id, now),
        outcomes=rules.OFFERED_OUTCOMES,
        withholding=withholding or Form(),
        reasons=tuple(WithheldReason),
    )
