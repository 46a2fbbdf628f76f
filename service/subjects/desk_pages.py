"""What is held about somebody, for those who answer such requests: looking, asking, deciding, the copy."""

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from pydantic import BaseModel

from service.clock import Now
from service.database import Reads, Writes
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.people.access import Administrator, AtWork
from service.people.models import Member
from service.subjects import rules
from service.subjects.actions import ask, decide, give_copy, search
from service.subjects.models import RequestIn, SearchIn
from service.subjects.queries import Found, find_requests, get_request, get_subject

router = Router(prefix="/staff/{c}/held", include_in_schema=False)


class DecideForm(BaseModel):
    """Yes or no."""

    agreed: Literal["yes", "no"]


Searching = Annotated[Form[SearchIn], Depends(form_of(SearchIn))]
Asking = Annotated[Form[RequestIn], Depends(form_of(RequestIn))]
Deciding = Annotated[Form[DecideForm], Depends(form_of(DecideForm))]


@router.get("", name="subjects.desk")
def desk(request: Request, member: AtWork, reads: Reads) -> HTMLResponse:
    """Where administrators look for what is held, and what waits for a second person."""
    if not rules.is_steward(member.grants):
        raise NotFound
    return _desk_page(request, member, reads, Form(), [])


@router.post("", name="subjects.find")
def find(request: Request, member: Administrator, form: Searching, writes: Writes, now: Now) -> HTMLResponse:
    """What is held of what somebody goes by. It answers in the page: a code can stand in no address."""
    form.need({"known_by": _("Say what they go by."), "why": _("Say why you look. The reason is kept with your name.")})
    if form.errors or form.filled is None:
        return _desk_page(request, member, writes, form, [], 422)
    found = search(writes, request.app.state.server_keys, member.actor, member.place, form.filled, now)
    if not found:
        form.errors = [FieldError("known_by", _("Nothing is held that goes by this."))]
    return _desk_page(request, member, writes, form, found, 200 if found else 404)


@router.post("/requests", name="subjects.ask")
def ask_for(request: Request, member: Administrator, form: Asking, writes: Writes, now: Now) -> Response:
    """Asks for a copy or an erasure."""
    if form.filled is not None:
        try:
            request_id = ask(writes, member, form.filled, now)
        except Conflict as refusal:
            form.errors = [FieldError("why", refusal.detail)]
        except Invalid as refusal:
            form.errors = [FieldError("why", error.message) for error in refusal.errors]
        else:
            return see_other(request, "subjects.request", c=member.place.slug, request_id=request_id)
    else:
        form.errors = [FieldError("why", _("Choose what is asked for, and say why."))]
    found = _named(member, writes, form)
    return _desk_page(request, member, writes, form, found, 422 if found else 404)


def _named(member: Member, reads: Reads, form: Form[RequestIn]) -> list[Found]:
    """What the form was about, so that it can be filled in again."""
    known = {"wish": "copy", "why": "as above", "subject": form.value("subject"), "subject_id": form.value("subject_id")}
    try:
        about = RequestIn.model_validate(known)
        return [get_subject(reads, member.place, about.subject, about.subject_id)]
    except (ValueError, NotFound):
        return []


@router.get("/requests/{request_id}", name="subjects.request")
def show_request(request: Request, member: AtWork, request_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """One request: who asked for what and why, and what was decided."""
    if not rules.is_steward(member.grants):
        raise NotFound
    row = get_request(reads, member.place, request_id)
    asked = row.request
    return page(
        request,
        "subjects/request.html",
        place=member.place,
        member=member,
        here="held",
        headers=PRIVATE,
        row=row,
        found=get_subject(reads, member.place, asked.subject, asked.subject_id),
        may_decide=asked.decided_at is None and rules.may_decide(member.grants, asked.asked_by, member.person.staff_id),
        may_copy=asked.wish == "copy"
        and bool(asked.agreed)
        and asked.asked_by == member.person.staff_id
        and rules.is_open_for_copying(asked.decided_at, now),
    )


@router.post("/requests/{request_id}/decide", name="subjects.decide")
def decide_about(request: Request, member: AtWork, request_id: UUID, form: Deciding, writes: Writes, now: Now) -> RedirectResponse:
    """A second person agrees or does not."""
    if not rules.is_steward(member.grants):
        raise NotFound
    decide(writes, member, request_id, form.must_be_filled().agreed == "yes", now)
    return see_other(request, "subjects.request", c=member.place.slug, request_id=request_id)


@router.post("/requests/{request_id}/copy", name="subjects.copy")
def fetch_copy(request: Request, member: Administrator, request_id: UUID, writes: Writes, now: Now) -> PlainTextResponse:
    """The copy, as a file."""
    copy = give_copy(writes, request.app.state.server_keys, member, request_id, now)
    named = {"Content-Disposition": f'attachment; filename="held-{request_id}.json"'}
    return PlainTextResponse(json.dumps(copy, ensure_ascii=False, indent=2), media_type="application/json", headers={**PRIVATE, **named})


def _desk_page(request: Request, member: Member, reads: Reads, form: Form[Any], found: list[Found], status: int = 200) -> HTMLResponse:
    return page(
        request,
        "subjects/desk.html",
        place=member.place,
        member=member,
        here="held",
        status=status,
        headers=PRIVATE,
        form=form,
        found=found,
        rows=find_requests(reads, member.place),
        may_look=any(grant.role == "admin" and grant.organisation_id is None for grant in member.grants),
    )
