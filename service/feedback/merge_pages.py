"""Putting messages together that say the same, on the page of one of them."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import Response

from service.clock import Now
from service.database import Writes
from service.doors import Router
from service.errors import Conflict
from service.feedback.desk_pages import SeenForm, message_page
from service.feedback.merge_actions import merge, unmerge
from service.feedback.overtaken import ANSWERS, TOGETHER, stop_if_overtaken
from service.feedback.round_pages import OnRound
from service.html import Form, form_of
from service.language import _
from service.people.access import AtWork

router = Router(prefix="/staff/{c}", include_in_schema=False)


class MergeForm(SeenForm):
    """Which message says the same."""

    into: UUID


Merging = Annotated[Form[MergeForm], Depends(form_of(MergeForm))]
Parting = Annotated[Form[SeenForm], Depends(form_of(SeenForm))]


@router.post("/messages/{message_id}/merge", name="feedback.merge")
def put_together(request: Request, member: AtWork, message_id: UUID, form: Merging, on: OnRound, writes: Writes, now: Now) -> Response:
    """Whoever sent it reads the answer to the other one."""
    form.need({"into": _("Choose the message that says the same.")})
    if form.errors or form.filled is None:
        return message_page(request, member, writes, message_id, now, on, Form(), 422, merging=form)
    again = _("Look again. If it should be otherwise, say so once more.")
    try:
        stop_if_overtaken(writes, member, message_id, form.filled.seen, ANSWERS | TOGETHER, now, again)
        merge(writes, member, message_id, form.filled.into, now)
    except Conflict as refusal:
        form.refuse(refusal, "into")
        return message_page(request, member, writes, message_id, now, on, Form(), refusal.status, merging=form)
    return on.done(request, member, message_id, "merged")


@router.post("/messages/{message_id}/unmerge", name="feedback.unmerge")
def take_apart(request: Request, member: AtWork, message_id: UUID, form: Parting, on: OnRound, writes: Writes, now: Now) -> Response:
    """It waits for an answer of its own again."""
    try:
        unmerge(writes, member, message_id, now)
    except Conflict as refusal:
        form.refuse(refusal, "merged-h")
        return message_page(request, member, writes, message_id, now, on, Form(), refusal.status, merging=form)
    return on.done(request, member, message_id, "unmerged")
