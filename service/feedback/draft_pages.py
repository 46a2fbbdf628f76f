"""Answers that are not given yet, as staff meet them: kept for later, put before a second person, given by that person or given back."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from service.clock import Now
from service.database import Reads, Writes
from service.doors import Router
from service.errors import FieldError, Invalid, Refused
from service.feedback.claim_queries import get_checks
from service.feedback.desk_pages import Written, message_page
from service.feedback.draft_actions import drop_draft, give_proposed, keep_draft, propose, return_proposed, set_checks
from service.feedback.draft_models import Checks, unsent_of
from service.feedback.draft_queries import get_proposed
from service.feedback.message_queries import get_message
from service.feedback.overtaken import ANSWERS, HANDS, TOGETHER, Overtaken, stop_if_overtaken
from service.feedback.promised_pages import check_promise, make_promised
from service.feedback.reply_form import form_of_unsent, needed_to_reply
from service.feedback.round_pages import OnRound
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.people.access import Administrator, AtWork
from service.tables import Sentence

router = Router(prefix="/staff/{c}", include_in_schema=False)


class CheckForm(BaseModel):
    """The proposed answer that somebody has looked at, and what should be otherwise."""

    draft: UUID
    why: Sentence = ""


class RuleForm(BaseModel):
    """Which answers wait for a second person."""

    checks: Checks


Checking = Annotated[Form[CheckForm], Depends(form_of(CheckForm))]
Ruling = Annotated[Form[RuleForm], Depends(form_of(RuleForm))]


@router.post("/messages/{message_id}/draft", name="feedback.keep_draft")
def keep(request: Request, member: AtWork, message_id: UUID, form: Written, on: OnRound, writes: Writes, now: Now) -> Response:
    """Keeps the answer as far as it is written; nothing of it has to be complete."""
    try:
        if form.filled is not None:
            keep_draft(writes, member, message_id, form.filled.unsent(), now)
    except Invalid as refusal:
        form.refuse(refusal, "body")
    if form.errors:
        return message_page(request, member, writes, message_id, now, on, form, 422)
    return on.done(request, member, message_id, "kept")


@router.post("/messages/{message_id}/draft/drop", name="feedback.drop_draft")
def drop(request: Request, member: AtWork, message_id: UUID, on: OnRound, writes: Writes, now: Now) -> RedirectResponse:
    """Throws away what was written and not given."""
    drop_draft(writes, member, message_id, now)
    return on.done(request, member, message_id, "dropped")


@router.post("/messages/{message_id}/propose", name="feedback.propose")
def put_forward(request: Request, member: AtWork, message_id: UUID, form: Written, on: OnRound, writes: Writes, now: Now) -> Response:
    """Puts the answer before a second person."""
    form.need(needed_to_reply(form))
    if form.errors or form.filled is None:
        return message_page(request, member, writes, message_id, now, on, form, 422)
    still = _("Read it above. Yours is kept: send it as a second answer, or leave it.")
    try:
        stop_if_overtaken(writes, member, message_id, form.filled.seen, ANSWERS | HANDS | TOGETHER, now, still)
        check_promise(writes, member, form.filled, now)
        propose(writes, member, message_id, form.filled.unsent(), now)
    except (Invalid, Overtaken) as refusal:
        form.refuse(refusal, "body")
        return message_page(request, member, writes, message_id, now, on, form, refusal.status, overtaken=isinstance(refusal, Overtaken))
    return on.done(request, member, message_id, "proposed")


@router.post("/messages/{message_id}/proposed/give", name="feedback.give_proposed")
def give(request: Request, member: AtWork, message_id: UUID, form: Checking, on: OnRound, writes: Writes, now: Now) -> Response:
    """Gives an answer that somebody else wrote; with "we will do this" the promise is made now."""
    draft = get_proposed(writes, member, message_id, form.must_be_filled().draft)
    card = get_message(writes, request.app.state.server_keys, member, message_id, now)
    try:
        promise_id = make_promised(writes, member, form_of_unsent(unsent_of(draft)), card.area_code, now, whole_place=card.row.whole_place)
    except (Invalid, Refused) as refusal:
        said = " ".join(error.message for error in refusal.errors) or refusal.detail
        form.errors = [FieldError("proposed-h", said)]
        return message_page(request, member, writes, message_id, now, on, Form(), refusal.status, returning=form)
    give_proposed(writes, member, message_id, draft.id, promise_id, now)
    return on.done(request, member, message_id, "given")


@router.post("/messages/{message_id}/proposed/return", name="feedback.return_proposed")
def hand_back(request: Request, member: AtWork, message_id: UUID, form: Checking, on: OnRound, writes: Writes, now: Now) -> Response:
    """Gives it back to who wrote it, with what should be otherwise."""
    filled = form.must_be_filled()
    try:
        return_proposed(writes, member, message_id, filled.draft, filled.why, now)
    except Invalid as refusal:
        form.refuse(refusal, "why")
        return message_page(request, member, writes, message_id, now, on, Form(), 422, returning=form)
    return on.done(request, member, message_id, "returned")


# ---- the place's rule ------------------------------------------------------------------------------------------------


@router.get("/settings/answers", name="feedback.answer_rule")
def rule(request: Request, member: Administrator, reads: Reads) -> HTMLResponse:
    """Which answers wait for a second person."""
    form: Form[RuleForm] = Form(values={"checks": get_checks(reads, member.place.id)})
    return page(
        request,
        "feedback/answer_rule.html",
        place=member.place,
        member=member,
        here="settings",
        headers=PRIVATE,
        form=form,
        choices=tuple(Checks),
    )


@router.post("/settings/answers", name="feedback.set_answer_rule")
def set_rule(request: Request, member: Administrator, form: Ruling, writes: Writes, now: Now) -> RedirectResponse:
    """Changes it. What waits already goes on waiting."""
    set_checks(writes, member, form.must_be_filled().checks, now)
    return see_other(request, "hosting.settings", c=member.place.slug)
