"""Feedback as staff meet it: one message, its reply, and who may read it."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from service.clock import Now
from service.database import Reads, Writes
from service.days import local_day
from service.errors import FieldError, Invalid
from service.feedback import rules
from service.feedback.contact_actions import open_contact
from service.feedback.desk_actions import mark_read, publish, reply, withhold
from service.feedback.message_queries import get_message
from service.feedback.models import Outcome, WithheldReason
from service.feedback.reply_form import ReplyForm, in_this_form, needed_to_reply
from service.feedback.routing_actions import assign, give_back, pass_on
from service.html import PRIVATE, Form, form_of, page, see_other
from service.idempotency import Kept, KeyUsed, asked_by, once
from service.language import _
from service.people.access import AtWork
from service.people.models import Member
from service.people.queries import find_colleagues
from service.people.rules import reaches
from service.places.queries import find_organisations
from service.promises.actions import make_promise, makers_for, speaker_of
from service.tables import Code

router = APIRouter(prefix="/staff/{c}", include_in_schema=False)


class WithholdForm(BaseModel):
    """Why offered words are not shown."""

    withheld_reason: WithheldReason


class PassForm(BaseModel):
    """Which organisation gets it."""

    organisation: Code


class AssignForm(BaseModel):
    """Who takes it on; empty: nobody."""

    staff: UUID | None = None


Passing = Annotated[Form[PassForm], Depends(form_of(PassForm))]
Assigning = Annotated[Form[AssignForm], Depends(form_of(AssignForm))]
Withholding = Annotated[Form[WithholdForm], Depends(form_of(WithholdForm))]
Written = Annotated[Form[ReplyForm], Depends(form_of(ReplyForm))]


@router.get("", name="feedback.desk")
def desk(request: Request, member: AtWork) -> RedirectResponse:
    """The collaboration's first staff page."""
    return see_other(request, "inbox.list", c=member.place.slug)


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
    """Answers it, and with "we will do this" makes the promise as well. What is refused comes back with everything that was typed."""
    form.need(needed_to_reply(form))
    if form.errors or form.filled is None:
        return _message_page(request, member, writes, message_id, now, form, 422)
    filled = form.filled
    asked = asked_by(member.place.id, member.person.staff_id, filled.idempotency_key, f"reply {message_id}", filled)
    try:
        once(writes, asked, now, lambda: _answered(writes, member, request, message_id, filled, now))
    except Invalid as refusal:
        form.refuse(refusal, "body")
        return _message_page(request, member, writes, message_id, now, form, refusal.status)
    except KeyUsed as refusal:
        form.errors = [FieldError("body", _("You sent an answer from this page before. If this is a new one, send it now."))]
        return _message_page(request, member, writes, message_id, now, form, refusal.status)
    return see_other(request, "feedback.message", c=member.place.slug, message_id=message_id)


def _answered(writes: Writes, member: Member, request: Request, message_id: UUID, filled: ReplyForm, now: Now) -> Kept:
    promise_id = None
    if filled.outcome == Outcome.WILL_DO:
        message = get_message(writes, request.app.state.server_keys, member, message_id, now)
        given = filled.promise(message, local_day(now, member.place.time_zone))
        try:
            promise_id = make_promise(writes, speaker_of(member), member.place, given, now).id
        except Invalid as refusal:
            raise Invalid(*in_this_form(refusal.errors)) from refusal
    reply(writes, member, message_id, filled.reply(promise_id), now)
    return Kept(303, "")


@router.post("/messages/{message_id}/contact", name="feedback.open_contact")
def show_contact(request: Request, member: AtWork, message_id: UUID, form: Written, writes: Writes, now: Now) -> HTMLResponse:
    """Shows once how the sender may be reached, beside the answer as far as it was written. Who opened it is in the audit."""
    opened = open_contact(writes, request.app.state.server_keys, member, message_id, now)
    return _message_page(request, member, writes, message_id, now, Form(values=form.values), contact=opened)


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


@router.post("/messages/{message_id}/pass-on", name="feedback.pass_on")
def send_on(request: Request, member: AtWork, message_id: UUID, form: Passing, writes: Writes, now: Now) -> Response:
    """An organisation gets it."""
    try:
        pass_on(writes, member, message_id, form.filled.organisation if form.filled else "", now)
    except Invalid as refusal:
        form.errors = list(refusal.errors)
        return _message_page(request, member, writes, message_id, now, Form(), refusal.status, handing=form)
    return see_other(request, "feedback.message", c=member.place.slug, message_id=message_id)


@router.post("/messages/{message_id}/give-back", name="feedback.give_back")
def bring_back(request: Request, member: AtWork, message_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """The team gets it back. Who cannot read it any more is led to the inbox."""
    give_back(writes, member, message_id, now)
    if reaches(member.grants, rules.READERS, None):
        return see_other(request, "feedback.message", c=member.place.slug, message_id=message_id)
    return see_other(request, "inbox.list", c=member.place.slug)


@router.post("/messages/{message_id}/assign", name="feedback.assign")
def hand_over(request: Request, member: AtWork, message_id: UUID, form: Assigning, writes: Writes, now: Now) -> Response:
    """Somebody takes it on, or nobody."""
    try:
        assign(writes, member, message_id, form.must_be_filled().staff, now)
    except Invalid as refusal:
        form.errors = list(refusal.errors)
        return _message_page(request, member, writes, message_id, now, Form(), refusal.status, handing=form)
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
    handing: Form[Any] | None = None,
    contact: str | None = None,
) -> HTMLResponse:
    found = get_message(reads, request.app.state.server_keys, member, message_id, now)
    makers = makers_for(reads, speaker_of(member), member.place, now) if found.may_answer else []
    if not form.values:
        own = [maker.code for maker in makers]
        form.values = {"promise_maker": found.organisation_code or (own[0] if len(own) == 1 else "")}
    form.values["idempotency_key"] = str(uuid4())
    handing = handing or Form(values={"staff": str(found.taken_by_id or "")})
    withholding = withholding or Form()
    return page(
        request,
        "feedback/message.html",
        place=member.place,
        member=member,
        here="message",
        status=status,
        headers=PRIVATE,
        form=form,
        message=found,
        contact=contact,
        makers=makers,
        outcomes=rules.OFFERED_OUTCOMES,
        withholding=withholding,
        handing=handing,
        wrong=next((one for one in (form, withholding, handing) if one.errors), form),
        reasons=tuple(WithheldReason),
        colleagues=find_colleagues(reads, member.place.id, rules.ANSWERERS, found.organisation_id) if found.may_assign else [],
        organisations=[one for one in find_organisations(reads, member.place.id) if one.code != found.organisation_code]
        if found.may_pass_on
        else [],
    )
