"""The loop as staff meet it: saying what became of a message, and opening it again."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel
from pydantic import Field as Limit

from service.clock import Now
from service.database import Reads, Writes
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.feedback.message_queries import get_message
from service.html import PRIVATE, Form, form_of, page, see_other
from service.idempotency import Kept, KeyUsed, asked_by, once
from service.language import _
from service.loop.actions import follow_up, reopen
from service.people.access import AtWork
from service.people.models import Member
from service.tables import Words, new_id

router = Router(prefix="/staff/{c}/messages/{message_id}", include_in_schema=False)


class FollowUpForm(BaseModel):
    """What became of it, as it is typed."""

    body: Words | None = None
    done: Literal["", "yes"] = ""
    idempotency_key: Annotated[str, Limit(max_length=60)] = ""


Followed = Annotated[Form[FollowUpForm], Depends(form_of(FollowUpForm))]


@router.get("/follow-up", name="loop.follow_up")
def show_form(request: Request, member: AtWork, message_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """The words, the answer and what was promised, and a box for what became of it."""
    return _form_page(request, member, reads, message_id, now, Form())


@router.post("/follow-up", name="loop.tell_sender")
def tell(request: Request, member: AtWork, message_id: UUID, form: Followed, writes: Writes, now: Now) -> Response:
    """Tells the sender. What is refused comes back with everything that was typed."""
    form.need({"body": _("Write what became of it.")})
    if form.errors or form.filled is None:
        return _form_page(request, member, writes, message_id, now, form, 422)
    filled = form.filled

    def work() -> Kept:
        follow_up(writes, member, message_id, filled.body or "", now, done=filled.done == "yes")
        return Kept(303, "")

    try:
        once(writes, asked_by(member.place.id, member.person.staff_id, filled.idempotency_key, f"follow {message_id}", filled), now, work)
    except (Invalid, Conflict) as refusal:
        used = _("You sent something from this page before. If this is new, send it now.")
        form.errors = [FieldError("body", used)] if isinstance(refusal, KeyUsed) else []
        if not form.errors:
            form.refuse(refusal, "body")
        return _form_page(request, member, writes, message_id, now, form, refusal.status)
    return see_other(request, "feedback.message", c=member.place.slug, message_id=message_id, did="followed_up")


@router.post("/reopen", name="loop.reopen")
def open_again(request: Request, member: AtWork, message_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """The answer was wrong: it goes back to those who owe one."""
    reopen(writes, member, message_id, now)
    return see_other(request, "feedback.message", c=member.place.slug, message_id=message_id, did="reopened")


def _form_page(
    request: Request, member: Member, reads: Reads, message_id: UUID, now: Now, form: Form[FollowUpForm], status: int = 200
) -> HTMLResponse:
    found = get_message(reads, request.app.state.server_keys, member, message_id, now)
    if not found.may_follow_up and status == 200:
        raise NotFound
    form.values["idempotency_key"] = str(new_id())
    return page(
        request,
        "loop/follow_up.html",
        place=member.place,
        member=member,
        here="message",
        status=status,
        headers=PRIVATE,
        form=form,
        message=found,
    )
