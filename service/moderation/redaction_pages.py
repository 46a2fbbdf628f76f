"""Taking names out of somebody's words, as staff meet it: what stands there, what is taken out, and the original for a reason."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel
from pydantic import Field as Limit

from service.clock import Now
from service.database import Reads, Writes
from service.days import local_day
from service.doors import Router
from service.errors import Invalid, Refused
from service.feedback.desk_queries import get_message_row
from service.feedback.rules import may_decide
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.moderation.queries import find_redactions
from service.moderation.redaction_actions import open_original, put_back, redact_message, redact_story
from service.narratives import rules as stories
from service.narratives.queries import Reader, get_narrative
from service.people.access import AtWork, held
from service.people.models import AT_THE_DESK, Member
from service.people.rules import reaches
from service.tables import Words

router = Router(prefix="/staff/{c}", include_in_schema=False)


class TakeOutForm(BaseModel):
    """What is taken out: one name or piece of text a line."""

    pieces: Words | None = None

    def named(self) -> list[str]:
        """Each line that holds something."""
        return [line for line in (self.pieces or "").splitlines() if line.strip()]


class WhyForm(BaseModel):
    """Why somebody opens the original."""

    why: Annotated[str, Limit(max_length=400)] = ""


TakingOut = Annotated[Form[TakeOutForm], Depends(form_of(TakeOutForm))]
Asking = Annotated[Form[WhyForm], Depends(form_of(WhyForm))]


@router.get("/messages/{message_id}/names", name="moderation.names_in_message")
def names_in_message(request: Request, member: AtWork, message_id: UUID, reads: Reads) -> HTMLResponse:
    """What stands in a message, and what was taken out of it."""
    return _message_page(request, member, reads, message_id, Form())


@router.post("/messages/{message_id}/names", name="moderation.redact_message")
def take_out_of_message(request: Request, member: AtWork, message_id: UUID, form: TakingOut, writes: Writes, now: Now) -> Response:
    """Takes names out of a message."""
    try:
        pieces = form.filled.named() if form.filled else []
        redact_message(writes, request.app.state.server_keys, member, message_id, pieces, now)
    except Invalid as refusal:
        form.errors = list(refusal.errors)
        return _message_page(request, member, writes, message_id, form, refusal.status)
    return see_other(request, "moderation.names_in_message", c=member.place.slug, message_id=message_id)


@router.get("/stories/{narrative_id}/names", name="moderation.names_in_story")
def names_in_story(request: Request, member: AtWork, narrative_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """What stands in a story, and what was taken out of it."""
    return _story_page(request, member, reads, narrative_id, now, Form())


@router.post("/stories/{narrative_id}/names", name="moderation.redact_story")
def take_out_of_story(request: Request, member: AtWork, narrative_id: UUID, form: TakingOut, writes: Writes, now: Now) -> Response:
    """Takes names out of a story."""
    held(member, *AT_THE_DESK)
    try:
        pieces = form.filled.named() if form.filled else []
        redact_story(writes, request.app.state.server_keys, member, narrative_id, pieces, now)
    except Invalid as refusal:
        form.errors = list(refusal.errors)
        return _story_page(request, member, writes, narrative_id, now, form, refusal.status)
    return see_other(request, "moderation.names_in_story", c=member.place.slug, narrative_id=narrative_id)


@router.post("/moderation/originals/{redaction_id}", name="moderation.open_original")
def show_original(request: Request, member: AtWork, redaction_id: UUID, form: Asking, writes: Writes, now: Now) -> Response:
    """The original, once, for a reason that is kept."""
    held(member, *AT_THE_DESK)
    original = ""
    try:
        original = open_original(writes, request.app.state.server_keys, member, redaction_id, form.value("why"), now)
    except Invalid as refusal:
        form.errors = list(refusal.errors)
    return page(
        request,
        "moderation/original.html",
        place=member.place,
        member=member,
        here="original",
        status=422 if form.errors else 200,
        headers=PRIVATE,
        form=form,
        original=original,
        redaction_id=redaction_id,
    )


@router.post("/moderation/originals/{redaction_id}/put-back", name="moderation.put_back")
def undo(request: Request, member: AtWork, redaction_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """The teller's own words stand there again."""
    held(member, *AT_THE_DESK)
    message_id, story_id = put_back(writes, request.app.state.server_keys, member, redaction_id, now)
    if message_id:
        return see_other(request, "moderation.names_in_message", c=member.place.slug, message_id=message_id)
    return see_other(request, "moderation.names_in_story", c=member.place.slug, narrative_id=story_id)


def _message_page(
    request: Request, member: Member, reads: Reads, message_id: UUID, form: Form[TakeOutForm] | Form[BaseModel], status: int = 200
) -> HTMLResponse:
    message = get_message_row(reads, member, message_id)
    if not may_decide(member.grants, message.organisation_id):
        raise Refused(_("A coordinator or moderator for the whole place decides this, and nobody of the organisation that it is with."))
    said = {"body": message.body, "want": message.want, "have": message.have, "gap": message.gap, "language": message.language}
    taken = find_redactions(reads, member, message_id=message.id)
    back = ("feedback.message", {"message_id": message_id})
    return _names_page(request, member, said, taken, back, form, status)


def _story_page(
    request: Request,
    member: Member,
    reads: Reads,
    narrative_id: UUID,
    now: Now,
    form: Form[TakeOutForm] | Form[BaseModel],
    status: int = 200,
) -> HTMLResponse:
    held(member, *AT_THE_DESK)
    reader = Reader(member.place.id, local_day(now, member.place.time_zone), member)
    story = get_narrative(reads, reader, narrative_id).narrative
    if not reaches(member.grants, stories.CHECKERS, story.organisation_id):
        raise Refused(_("A coordinator or moderator decides this."))
    said = {"title": story.title, "body": story.body, "gap": None, "language": story.language}
    taken = find_redactions(reads, member, story_id=story.id)
    return _names_page(request, member, said, taken, ("narratives.story", {"narrative_id": narrative_id}), form, status)


def _names_page(
    request: Request,
    member: Member,
    said: dict[str, str | None],
    taken: Any,
    back: tuple[str, dict[str, UUID]],
    form: Form[TakeOutForm] | Form[BaseModel],
    status: int,
) -> HTMLResponse:
    return page(
        request,
        "moderation/names.html",
        place=member.place,
        member=member,
        here="names",
        status=status,
        headers=PRIVATE,
        form=form,
        said=said,
        taken=taken,
        back=back,
    )
