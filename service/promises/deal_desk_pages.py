"""Deals as staff meet them: all of them, making one, telling one in other words, hanging a promise on one."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from service.clock import Now
from service.database import Reads, Writes
from service.days import local_day
from service.doors import Router
from service.errors import Conflict, Invalid
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.people.access import AtWork, held
from service.people.models import AT_THE_DESK, Member, Role
from service.promises import rules
from service.promises.actions import speaker_of
from service.promises.deal_actions import attach_promise, change_deal, make_deal
from service.promises.deal_models import DealIn, DealLevel, DealRow
from service.promises.deal_queries import find_deal_accounts, find_deals, find_makers, get_deal_account, get_deal_row
from service.promises.desk_pages import drafts_of
from service.promises.models import Said
from service.tables import IsoDay, Line

router = Router(prefix="/staff/{c}", include_in_schema=False)


class DealForm(BaseModel):
    """A deal as it is typed."""

    title: Line | None = None
    level: DealLevel = DealLevel.PRIORITY
    parent: UUID | None = None
    theme: Line | None = None
    said: Said | None = None
    since: IsoDay | None = None
    until: IsoDay | None = None

    def deal(self) -> DealIn:
        """What is sent on."""
        return DealIn.model_validate(self.model_dump(exclude_none=True))


class AttachForm(BaseModel):
    """The deal that a promise is to hang on; none takes it off."""

    deal: UUID | None = None


Dealing = Annotated[Form[DealForm], Depends(form_of(DealForm))]
Attaching = Annotated[Form[AttachForm], Depends(form_of(AttachForm))]


@router.get("/deals", name="promises.desk_deals")
def list_deals(request: Request, member: AtWork, reads: Reads, now: Now) -> HTMLResponse:
    """Every deal, with nothing in it or not, and the form of a new one."""
    held(member, *AT_THE_DESK)
    return _list_page(request, member, reads, now, Form(values={"level": DealLevel.PRIORITY}))


@router.post("/deals", name="promises.desk_make_deal")
def make(request: Request, member: AtWork, form: Dealing, writes: Writes, now: Now) -> Response:
    """Makes a deal. What is refused comes back with everything that was typed."""
    held(member, Role.COORDINATOR)
    form.need({"title": _("Give the deal a title.")})
    if form.errors or form.filled is None:
        return _list_page(request, member, writes, now, form, 422)
    try:
        deal_id = make_deal(writes, speaker_of(member), member.place, form.filled.deal(), now)
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal, "title")
        return _list_page(request, member, writes, now, form, refusal.status)
    return see_other(request, "promises.desk_deal", c=member.place.slug, deal_id=deal_id)


@router.get("/deals/{deal_id}", name="promises.desk_deal")
def show(request: Request, member: AtWork, deal_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """One deal, what hangs on it, and how it is told."""
    held(member, *AT_THE_DESK)
    row = get_deal_row(reads, member.place.id, deal_id)
    values = {"title": row.title, "level": row.level, "parent": str(row.parent_id or ""), "theme": row.theme or "", "said": row.said or ""}
    days = {name: day.isoformat() if day else "" for name, day in (("since", row.since), ("until", row.until))}
    return _deal_page(request, member, reads, deal_id, now, Form(values={**values, **days}))


@router.post("/deals/{deal_id}", name="promises.desk_change_deal")
def change(request: Request, member: AtWork, deal_id: UUID, form: Dealing, writes: Writes, now: Now) -> Response:
    """Tells it in other words. What is refused comes back with everything that was typed."""
    held(member, Role.COORDINATOR)
    get_deal_row(writes, member.place.id, deal_id)
    form.need({"title": _("Give the deal a title.")})
    if form.errors or form.filled is None:
        return _deal_page(request, member, writes, deal_id, now, form, 422)
    try:
        change_deal(writes, speaker_of(member), member.place, deal_id, form.filled.deal(), now)
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal, "title")
        return _deal_page(request, member, writes, deal_id, now, form, refusal.status)
    return see_other(request, "promises.desk_deal", c=member.place.slug, deal_id=deal_id)


@router.post("/promises/{promise_id}/deal", name="promises.desk_attach")
def attach(request: Request, member: AtWork, promise_id: UUID, form: Attaching, writes: Writes, now: Now) -> RedirectResponse:
    """Hangs a promise on a deal, or takes it off."""
    held(member, Role.COORDINATOR)
    attach_promise(writes, speaker_of(member), member.place, promise_id, form.must_be_filled().deal, now)
    return see_other(request, "promises.desk_show", c=member.place.slug, promise_id=promise_id)


def _list_page(request: Request, member: Member, reads: Reads, now: Now, form: Form[DealForm], status: int = 200) -> HTMLResponse:
    place, speaker = member.place, speaker_of(member)
    today = local_day(now, place.time_zone)
    return page(
        request,
        "promises/desk_deals.html",
        place=place,
        member=member,
        here="desk_deals",
        status=status,
        headers=PRIVATE,
        form=form,
        deals=find_deal_accounts(reads, place.id, today, drafts_of=drafts_of(speaker), empty_too=True),
        headlines=_headlines(reads, member),
        may_make=speaker.whole_place or bool(speaker.organisations),
    )


def _deal_page(
    request: Request, member: Member, reads: Reads, deal_id: UUID, now: Now, form: Form[DealForm], status: int = 200
) -> HTMLResponse:
    place, speaker = member.place, speaker_of(member)
    makers = find_makers(reads, get_deal_row(reads, place.id, deal_id))
    today = local_day(now, place.time_zone)
    return page(
        request,
        "promises/desk_deal.html",
        place=place,
        member=member,
        here="desk_deal",
        status=status,
        headers=PRIVATE,
        form=form,
        account=get_deal_account(reads, place.id, deal_id, today, drafts_of=drafts_of(speaker), empty_too=True),
        is_public=not get_deal_account(reads, place.id, deal_id, today, empty_too=True).empty,
        headlines=[deal for deal in _headlines(reads, member) if deal.id != deal_id],
        may_change=rules.may_change_deal(speaker.organisations, makers, whole_place=speaker.whole_place),
    )


def _headlines(reads: Reads, member: Member) -> list[DealRow]:
    return [deal for deal in find_deals(reads, member.place.id) if deal.level == DealLevel.HEADLINE]
