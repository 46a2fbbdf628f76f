"""Community checks as staff meet them: what residents say, what they saw, whom to ask."""

from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel
from pydantic import Field as Limit

from service.checks import rules
from service.checks.actions import decide_comment, invite_to_check, look_at_comment
from service.checks.models import MOST_INVITED
from service.checks.pages import address_of
from service.checks.queries import find_codes, find_rounds, find_seen, may_decide, may_invite, may_read_words
from service.clock import Now
from service.database import Reads, ReadSession, Writes
from service.days import local_day
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.html import PRIVATE, Form, form_of, page, see_other
from service.idempotency import Kept, KeyUsed, asked_by, once
from service.language import _
from service.people.access import AtWork, held
from service.people.models import AT_THE_DESK, Member, Role
from service.promises.queries import get_promise
from service.qr import picture_of

router = Router(prefix="/staff/{c}/promises/{promise_id}", include_in_schema=False)


class InviteForm(BaseModel):
    """How many."""

    number: int | None = None
    idempotency_key: Annotated[str, Limit(max_length=60)] = ""


class DecideForm(BaseModel):
    """What becomes of somebody's words."""

    act: Literal["publish", "withhold", "look"]


Inviting = Annotated[Form[InviteForm], Depends(form_of(InviteForm))]
Deciding = Annotated[Form[DecideForm], Depends(form_of(DecideForm))]


@router.get("/checks", name="checks.desk")
def show(request: Request, member: AtWork, promise_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """What residents say of a promise."""
    held(member, *AT_THE_DESK)
    return _checks_page(request, member, reads, promise_id, now, Form())


@router.post("/invitations", name="checks.invite")
def invite(request: Request, member: AtWork, promise_id: UUID, form: Inviting, writes: Writes, now: Now) -> Response:
    """Makes invitations; the next page shows their codes."""
    held(member, Role.COORDINATOR)
    form.need({"number": _("Say how many.")})
    if form.errors or form.filled is None:
        return _checks_page(request, member, writes, promise_id, now, form, 422)
    filled, keys = form.filled, request.app.state.server_keys

    def work() -> Kept:
        return Kept(303, str(invite_to_check(writes, keys, member, promise_id, filled.number or 0, now).id))

    try:
        asked = asked_by(member.place.id, member.person.staff_id, filled.idempotency_key, f"invite {promise_id}", filled)
        kept, _replayed = once(writes, asked, now, work)
    except (Invalid, KeyUsed, Conflict) as refusal:
        form.errors = list(refusal.errors) or [FieldError("number", refusal.detail)]
        return _checks_page(request, member, writes, promise_id, now, form, refusal.status)
    return see_other(request, "checks.invitations", c=member.place.slug, promise_id=promise_id, round_id=kept.body)


@router.get("/invitations/{round_id}", name="checks.invitations")
def invitations(request: Request, member: AtWork, promise_id: UUID, round_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """A sheet of slips, for half an hour and for who made them. Raises: NotFound otherwise."""
    held(member, Role.COORDINATOR)
    place = member.place
    account = get_promise(reads, place.id, promise_id, local_day(now, place.time_zone))
    codes = find_codes(reads, request.app.state.server_keys, member, promise_id, round_id, now)
    if not codes:
        raise NotFound
    address = address_of(request, place, promise_id)
    facts: dict[str, Any] = {"account": account, "codes": codes, "address": address, "picture": picture_of(address), "forget": True}
    return page(request, "checks/slips.html", place=place, member=member, here="desk_promise", headers=PRIVATE, **facts)


@router.post("/checks/{check_id}", name="checks.decide")
def decide(
    request: Request, member: AtWork, promise_id: UUID, check_id: UUID, form: Deciding, writes: Writes, now: Now
) -> RedirectResponse:
    """Shows what somebody saw to everybody, or does not; or says that what a rule held has been read."""
    held(member, Role.COORDINATOR, Role.MODERATOR)
    act = form.must_be_filled().act
    if act == "look":
        look_at_comment(writes, member, promise_id, check_id, now)
    else:
        decide_comment(writes, member, promise_id, check_id, now, publish=act == "publish")
    return see_other(request, "checks.desk", c=member.place.slug, promise_id=promise_id)


def _checks_page(
    request: Request, member: Member, reads: ReadSession, promise_id: UUID, now: Now, form: Form[InviteForm], status: int = 200
) -> HTMLResponse:
    place = member.place
    account = get_promise(reads, place.id, promise_id, local_day(now, place.time_zone))
    promise = account.row.promise
    form.values["idempotency_key"] = str(uuid4())
    form.values.setdefault("number", "20")
    is_asked = rules.may_be_checked(promise.side, promise.standing)
    return page(
        request,
        "checks/desk.html",
        place=place,
        member=member,
        here="desk_promise",
        status=status,
        headers=PRIVATE,
        form=form,
        account=account,
        is_asked=is_asked,
        judged=promise.standing in rules.JUDGED,
        seen=find_seen(reads, member, promise),
        rounds=find_rounds(reads, place.id, promise_id, member, now),
        may_invite=is_asked and may_invite(reads, member, promise),
        may_decide=may_decide(member, promise),
        may_read=may_read_words(member, promise),
        most=MOST_INVITED,
    )
