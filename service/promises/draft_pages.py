"""A draft of a promise, written anew on a page of its own."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from service.clock import Now
from service.database import Reads, Writes
from service.days import local_day
from service.doors import Router
from service.errors import Invalid, Refused
from service.html import PRIVATE, Form, page, see_other
from service.people.access import AtWork, held
from service.people.models import Member, Role
from service.places.queries import find_area_choices
from service.places.rules import WHOLE_PLACE
from service.promises.actions import makers_for, speaker_of
from service.promises.desk_pages import MakeForm, Making, drafts_of, needed_of_a_draft
from service.promises.draft_actions import must_be_a_draft, rewrite_draft
from service.promises.queries import get_promise

router = Router(prefix="/staff/{c}/promises/{promise_id}", include_in_schema=False)

TYPED = ("side", "text", "kept_when", "summary", "deal", "owner", "audience", "source", "made_on", "due_on", "review_by")


@router.get("/draft", name="promises.desk_draft")
def show_draft(request: Request, member: AtWork, promise_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """The form of a draft, as it was written; of a promise that is published, what sending it would answer."""
    held(member, Role.COORDINATOR)
    today = local_day(now, member.place.time_zone)
    row = get_promise(reads, member.place.id, promise_id, today, drafts_of=drafts_of(speaker_of(member))).row
    must_be_a_draft(row.promise)
    values = {name: str(value) for name in TYPED if (value := getattr(row.promise, name))}
    values |= {"maker": row.maker_code or "", "area": WHOLE_PLACE if row.promise.whole_place else row.area_code or ""}
    return _draft_page(request, member, reads, promise_id, now, Form(values=values))


@router.post("/draft", name="promises.desk_rewrite")
def rewrite(request: Request, member: AtWork, promise_id: UUID, form: Making, writes: Writes, now: Now) -> Response:
    """Keeps it in other words. What is refused comes back with everything that was typed."""
    held(member, Role.COORDINATOR)
    get_promise(writes, member.place.id, promise_id, local_day(now, member.place.time_zone), drafts_of=drafts_of(speaker_of(member)))
    form.need(needed_of_a_draft(form))
    if form.errors or form.filled is None:
        return _draft_page(request, member, writes, promise_id, now, form, 422)
    try:
        rewrite_draft(writes, speaker_of(member), member.place, promise_id, form.filled.draft(), now)
    except (Invalid, Refused) as refusal:
        form.refuse(refusal, "maker" if isinstance(refusal, Refused) else "text")
        return _draft_page(request, member, writes, promise_id, now, form, refusal.status)
    return see_other(request, "promises.desk_show", c=member.place.slug, promise_id=promise_id)


def _draft_page(
    request: Request, member: Member, reads: Reads, promise_id: UUID, now: Now, form: Form[MakeForm], status: int = 200
) -> HTMLResponse:
    return page(
        request,
        "promises/desk_draft.html",
        place=member.place,
        member=member,
        here="desk_promise",
        status=status,
        headers=PRIVATE,
        form=form,
        promise_id=promise_id,
        is_draft=True,
        makers=makers_for(reads, speaker_of(member), member.place, now),
        areas=find_area_choices(reads, member.place.id),
        whole_place=WHOLE_PLACE,
    )
