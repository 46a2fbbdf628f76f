"""Stories as staff meet them: the shelf, one story and what becomes of it."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from service.clock import Now
from service.consents.models import How, Purpose
from service.database import Reads, Writes
from service.days import local_day
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.moderation.rules import BY_HAND
from service.narratives import rules
from service.narratives.actions import add_consent, check_narrative, end_consent, pause_narrative, share_narrative, withdraw_narrative
from service.narratives.cards import PARTS, find_stories, get_story, read_cursor
from service.narratives.models import ConsentIn, Kind, Visibility
from service.people.access import AtWork, held
from service.people.models import Member
from service.promises.back_queries import find_of_stories
from service.tables import IsoDay

router = Router(prefix="/staff/{c}", include_in_schema=False)


class ConsentForm(BaseModel):
    """The teller's yes, as it is written down later: to which use, in which way, on which day."""

    purpose: Literal[Purpose.SHARE_WORDS_PUBLIC, Purpose.SHARE_ANONYMISED_PARTNERS] = Purpose.SHARE_WORDS_PUBLIC
    consent: Literal["yes"] | None = None
    how: How | None = None
    given_on: IsoDay | None = None


class EndForm(BaseModel):
    """Which yes was taken back."""

    yes: UUID


class ShareForm(BaseModel):
    """Who may read it."""

    visibility: Visibility


class WithdrawForm(BaseModel):
    """Whether they were asked, and said yes."""

    sure: Literal["yes"] | None = None


Consenting = Annotated[Form[ConsentForm], Depends(form_of(ConsentForm))]
Ending = Annotated[Form[EndForm], Depends(form_of(EndForm))]
Sharing = Annotated[Form[ShareForm], Depends(form_of(ShareForm))]
Withdrawing = Annotated[Form[WithdrawForm], Depends(form_of(WithdrawForm))]


# ---- the shelf -------------------------------------------------------------------------------------------------------


@router.get("/stories", name="narratives.shelf")
def shelf(
    request: Request,
    member: AtWork,
    reads: Reads,
    now: Now,
    part: str = "waiting",
    kind: str = "",
    after: Annotated[str, Query(max_length=80)] = "",
) -> HTMLResponse:
    """The stories that this member may read, the latest first."""
    held(member, *rules.WRITERS)
    part = part if part in PARTS else "waiting"
    chosen = Kind(kind) if kind in set(Kind) else None
    return page(
        request,
        "narratives/shelf.html",
        place=member.place,
        member=member,
        here="stories",
        headers=PRIVATE,
        fragments=("story_list",),
        shelf=find_stories(reads, member, part, chosen, now, after=read_cursor(after)),
        part=part,
        kind=chosen,
    )


# ---- one story -------------------------------------------------------------------------------------------------------


@router.get("/stories/{narrative_id}", name="narratives.story")
def story(request: Request, member: AtWork, narrative_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """One story, and what may be done with it."""
    held(member, *rules.WRITERS)
    return _story_page(request, member, reads, narrative_id, now, Form())


@router.post("/stories/{narrative_id}/check", name="narratives.check")
def check(request: Request, member: AtWork, narrative_id: UUID, writes: Writes, now: Now) -> Response:
    """Somebody takes it up."""
    held(member, *rules.WRITERS)
    try:
        check_narrative(writes, member, narrative_id, now)
    except Conflict as refusal:
        return _too_late(request, member, writes, narrative_id, now, refusal)
    return _back_to(request, member, narrative_id)


@router.post("/stories/{narrative_id}/share", name="narratives.share")
def share(request: Request, member: AtWork, narrative_id: UUID, form: Sharing, writes: Writes, now: Now) -> Response:
    """Decides who may read it."""
    held(member, *rules.WRITERS)
    form.need({"visibility": _("Choose who may read it.")})
    if form.filled is None:
        return _story_page(request, member, writes, narrative_id, now, Form(form.values, form.errors), 422)
    try:
        share_narrative(writes, member, narrative_id, form.filled.visibility, now)
    except Conflict as refusal:
        return _too_late(request, member, writes, narrative_id, now, refusal)
    return _back_to(request, member, narrative_id)


@router.post("/stories/{narrative_id}/consent", name="narratives.consent")
def consent(request: Request, member: AtWork, narrative_id: UUID, form: Consenting, writes: Writes, now: Now) -> Response:
    """The teller said yes to one use of the words."""
    held(member, *rules.WRITERS)
    needed = {"consent": _("Tick this if the person said yes."), "how": _("Say how they said so.")}
    form.need({**needed, "given_on": _("Say on which day they said yes.")})
    if form.errors or form.filled is None or form.filled.given_on is None:
        return _story_page(request, member, writes, narrative_id, now, Form(form.values, form.errors), 422)
    given = ConsentIn(wording_version=rules.WORDING_VERSION, given_on=form.filled.given_on)
    try:
        add_consent(writes, member, narrative_id, given, now, form.filled.purpose, form.filled.how)
    except Invalid as refusal:
        errors = [FieldError("given_on", error.message) for error in refusal.errors]
        return _story_page(request, member, writes, narrative_id, now, Form(form.values, errors), refusal.status)
    return _back_to(request, member, narrative_id)


@router.post("/stories/{narrative_id}/consent/end", name="narratives.end_consent")
def consent_ends(request: Request, member: AtWork, narrative_id: UUID, form: Ending, writes: Writes, now: Now) -> RedirectResponse:
    """The teller took a yes back. Who read the story because of it does not any more."""
    held(member, *rules.WRITERS)
    end_consent(writes, member, narrative_id, form.must_be_filled().yes, now)
    return _back_to(request, member, narrative_id)


@router.post("/stories/{narrative_id}/pause", name="narratives.pause")
def pause(request: Request, member: AtWork, narrative_id: UUID, writes: Writes, now: Now) -> Response:
    """Nobody else reads it until it is shared again. Who is of another organisation does not see it any more either."""
    held(member, *rules.WRITERS)
    try:
        pause_narrative(writes, member, narrative_id, now)
    except Conflict as refusal:
        return _too_late(request, member, writes, narrative_id, now, refusal)
    return see_other(request, "narratives.shelf", c=member.place.slug)


@router.post("/stories/{narrative_id}/withdraw", name="narratives.withdraw")
def withdraw(request: Request, member: AtWork, narrative_id: UUID, form: Withdrawing, writes: Writes, now: Now) -> Response:
    """Takes it back for good, after asking once."""
    held(member, *rules.WRITERS)
    if form.filled is not None and form.filled.sure:
        withdraw_narrative(writes, member, narrative_id, now)
        return see_other(request, "narratives.shelf", c=member.place.slug, part="all")
    card = get_story(writes, member, narrative_id, now)
    if rules.Deed.WITHDRAW not in card.deeds:
        return _story_page(request, member, writes, narrative_id, now, Form(), 403)
    return page(request, "narratives/ask_withdraw.html", place=member.place, member=member, here="stories", headers=PRIVATE, story=card)


def _back_to(request: Request, member: Member, narrative_id: UUID) -> RedirectResponse:
    return see_other(request, "narratives.story", c=member.place.slug, narrative_id=narrative_id)


def _too_late(request: Request, member: Member, reads: Reads, narrative_id: UUID, now: Now, refusal: Conflict) -> HTMLResponse:
    errors = [FieldError("decide", refusal.detail)]
    return _story_page(request, member, reads, narrative_id, now, Form(errors=errors), refusal.status)


def _story_page(
    request: Request, member: Member, reads: Reads, narrative_id: UUID, now: Now, form: Form[BaseModel], status: int = 200
) -> HTMLResponse:
    today = local_day(now, member.place.time_zone)
    form.values.setdefault("given_on", today.isoformat())
    form.values.setdefault("purpose", Purpose.SHARE_WORDS_PUBLIC)
    return page(
        request,
        "narratives/story.html",
        place=member.place,
        member=member,
        here="story",
        status=status,
        headers=PRIVATE,
        form=form,
        story=get_story(reads, member, narrative_id, now),
        behind=find_of_stories(reads, member.place.id, [narrative_id], today).get(narrative_id, []),
        severities=BY_HAND,
        wording=_(rules.WORDING),
        uses={Purpose.SHARE_WORDS_PUBLIC: _(rules.WORDING), Purpose.SHARE_ANONYMISED_PARTNERS: _(rules.WORDING_PARTNERS)},
        wording_version=rules.WORDING_VERSION,
    )
