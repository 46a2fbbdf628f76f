"""Saved views as staff meet them: saving the list that is being looked at, and the page where views are kept in order."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel
from pydantic import Field as Limit

from service.clock import Now
from service.database import Reads, Writes
from service.doors import Router
from service.errors import Invalid
from service.html import PRIVATE, Form, form_of, page, see_other
from service.inbox.choice_queries import FIELDS, choices_for, read_wanted
from service.people.access import AtWork, held
from service.people.models import AT_THE_DESK, Member
from service.saved_views.actions import begin_with, move_view, remove_view, rename_view, save_view
from service.saved_views.models import Name, ViewIn
from service.saved_views.queries import find_views
from service.saved_views.rules import may_share

router = Router(prefix="/staff/{c}/views", include_in_schema=False)

Short = Annotated[str, Limit(max_length=80)]


class ViewForm(BaseModel):
    """A name, whether all share it, and the list that it stands for."""

    name: Name
    shared: Literal["yes"] | None = None
    part: Short = ""
    topic: Short = ""
    area: Short = ""
    organisation: Short = ""
    kind: Short = ""
    whose: Short = ""

    def view(self) -> ViewIn:
        """What is kept."""
        return ViewIn(name=self.name, shared=self.shared == "yes")


class MoveForm(BaseModel):
    """Where to."""

    to: Literal["up", "down"]


class StartForm(BaseModel):
    """Whether the inbox begins with it."""

    start: Literal["yes", "no"]


Naming = Annotated[Form[ViewForm], Depends(form_of(ViewForm))]
Moving = Annotated[Form[MoveForm], Depends(form_of(MoveForm))]
Starting = Annotated[Form[StartForm], Depends(form_of(StartForm))]


@router.get("", name="saved_views.list")
def show(request: Request, member: AtWork, reads: Reads) -> HTMLResponse:
    """A member's own views and those that are shared, to rename, order and remove."""
    held(member, *AT_THE_DESK)
    return _page(request, member, reads, Form())


@router.post("", name="saved_views.save")
def save(request: Request, member: AtWork, form: Naming, writes: Writes, now: Now) -> Response:
    """Saves the list that was looked at, and goes back to it. What is refused comes back with the list still named."""
    held(member, *AT_THE_DESK)
    try:
        filled = form.must_be_filled()
        save_view(writes, member, filled.view(), read_wanted(writes, member, filled.model_dump()), now)
    except Invalid as refusal:
        if not form.errors:
            form.refuse(refusal, "name")
        return _page(request, member, writes, form, refusal.status)
    where = {name: getattr(filled, name) for name in ("part", *FIELDS) if getattr(filled, name)}
    return see_other(request, "inbox.list", c=member.place.slug, **where)


@router.post("/{view_id}", name="saved_views.rename")
def rename(request: Request, member: AtWork, view_id: UUID, form: Naming, writes: Writes, now: Now) -> Response:
    """Another name, or for others."""
    held(member, *AT_THE_DESK)
    try:
        rename_view(writes, member, view_id, form.must_be_filled().view(), now)
    except Invalid as refusal:
        if not form.errors:
            form.refuse(refusal, "name")
        return _page(request, member, writes, form, refusal.status, of=view_id)
    return _back(request, member)


@router.post("/{view_id}/move", name="saved_views.move")
def move(request: Request, member: AtWork, view_id: UUID, form: Moving, writes: Writes, now: Now) -> RedirectResponse:
    """One place up or down."""
    held(member, *AT_THE_DESK)
    move_view(writes, member, view_id, now, up=form.must_be_filled().to == "up")
    return _back(request, member)


@router.post("/{view_id}/start", name="saved_views.start")
def start(request: Request, member: AtWork, view_id: UUID, form: Starting, writes: Writes, now: Now) -> RedirectResponse:
    """The inbox begins with it, or with everything again."""
    held(member, *AT_THE_DESK)
    begin_with(writes, member, view_id if form.must_be_filled().start == "yes" else None, now)
    return _back(request, member)


@router.post("/{view_id}/remove", name="saved_views.remove")
def remove(request: Request, member: AtWork, view_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """The view goes; nothing that it showed is touched."""
    held(member, *AT_THE_DESK)
    remove_view(writes, member, view_id, now)
    return _back(request, member)


def _back(request: Request, member: Member) -> RedirectResponse:
    return see_other(request, "saved_views.list", c=member.place.slug)


def _page(request: Request, member: Member, reads: Reads, form: Form[Any], status: int = 200, of: UUID | None = None) -> HTMLResponse:
    """`form` is that of the view `of`, or of a list that is not saved yet."""
    choices = choices_for(reads, member)
    return page(
        request,
        "saved_views/list.html",
        place=member.place,
        member=member,
        here="inbox",
        status=status,
        headers=PRIVATE,
        views=find_views(reads, member, choices),
        choices=choices,
        form=form,
        of=of,
        fields=("part", *FIELDS),
        shares=may_share(member.grants),
    )
