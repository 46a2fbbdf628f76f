"""Photos as staff meet them: beside their message, each to be decided about."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from service.clock import Now
from service.database import Reads, ReadSession, Writes
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid
from service.html import PRIVATE, Form, form_of, page, see_other
from service.people.access import AtWork
from service.people.models import Member
from service.photos.actions import hide_photo, show_photo
from service.photos.pages import PictureResponse, picture
from service.photos.queries import find_photos, get_photo
from service.tables import Sentence

router = Router(prefix="/staff/{c}/messages/{message_id}/photos", include_in_schema=False)


class DecideForm(BaseModel):
    """What becomes of a photo, and what is on it."""

    act: Literal["show", "hide"]
    alt: Sentence = ""


Deciding = Annotated[Form[DecideForm], Depends(form_of(DecideForm))]


@router.get("", name="photos.desk")
def photos(request: Request, member: AtWork, message_id: UUID, reads: Reads) -> HTMLResponse:
    """The photos of a message."""
    return _photos_page(request, member, reads, message_id, Form())


@router.get("/{photo_id}", name="photos.picture")
def show(request: Request, member: AtWork, message_id: UUID, photo_id: UUID, reads: Reads) -> PictureResponse:
    """One picture, for those who may read its message. Raises: NotFound."""
    return picture(request, get_photo(reads, member, message_id, photo_id), "no-store")


@router.post("/{photo_id}", name="photos.decide")
def decide(request: Request, member: AtWork, message_id: UUID, photo_id: UUID, form: Deciding, writes: Writes, now: Now) -> Response:
    """Lets everybody see it, or nobody else."""
    number = get_photo(writes, member, message_id, photo_id).number
    try:
        filled = form.must_be_filled()
        if filled.act == "show":
            show_photo(writes, member, message_id, photo_id, filled.alt, now)
        else:
            hide_photo(writes, member, message_id, photo_id, now)
    except (Invalid, Conflict) as refusal:
        told = Form[DecideForm](values={f"alt-{number}": form.value("alt")})
        told.errors = [FieldError(f"alt-{number}", refusal.detail)]
        return _photos_page(request, member, writes, message_id, told, refusal.status)
    return see_other(request, "photos.desk", c=member.place.slug, message_id=message_id)


def _photos_page(
    request: Request, member: Member, reads: ReadSession, message_id: UUID, form: Form[DecideForm], status: int = 200
) -> HTMLResponse:
    rows = find_photos(reads, member, message_id)
    facts: dict[str, Any] = {"rows": rows, "form": form, "message_id": message_id}
    return page(request, "photos/desk.html", place=member.place, member=member, here="message", status=status, headers=PRIVATE, **facts)
