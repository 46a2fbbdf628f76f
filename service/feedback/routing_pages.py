"""What is done with several messages at once, marked in the inbox, and undone."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from pydantic import Field as Limit

from service.clock import Now
from service.database import Writes
from service.doors import Router
from service.errors import BadRequest, Invalid
from service.feedback.bulk_actions import act_together, unact_together
from service.feedback.bulk_models import Together
from service.html import Form, form_of, see_other
from service.language import _
from service.people.access import AtWork, held
from service.people.models import AT_THE_DESK

router = Router(prefix="/staff/{c}/messages", include_in_schema=False)

MOST_MARKED = 50
"""Messages that are marked at once: a page of the inbox."""

Short = Annotated[str, Limit(max_length=80)]


class BackForm(BaseModel):
    """The part of the inbox to come back to."""

    part: Short = ""
    by_topic: Short = ""
    by_area: Short = ""
    by_organisation: Short = ""
    by_kind: Short = ""
    by_whose: Short = ""

    def back(self) -> dict[str, str]:
        """The part of the inbox that was looked at, as its address says it."""
        named = {"topic": self.by_topic, "area": self.by_area, "organisation": self.by_organisation, "kind": self.by_kind}
        return {name: value for name, value in {"part": self.part, **named, "whose": self.by_whose}.items() if value}


class BulkForm(BackForm):
    """What is done with all that are marked."""

    act: Together
    organisation: Short = ""


class UndoForm(BackForm):
    """Which act is taken back, and how many messages were marked for it."""

    act: Together
    bulk: UUID
    marked: Annotated[int, Limit(ge=0, le=MOST_MARKED)] = 0


async def _marked(request: Request) -> list[UUID]:
    """The messages that were marked, each once."""
    async with request.form(max_fields=60 + MOST_MARKED, max_files=0) as sent:
        ids = [value for value in sent.getlist("message") if isinstance(value, str)]
    try:
        return list(dict.fromkeys(UUID(one) for one in ids))[:MOST_MARKED]
    except ValueError:
        raise BadRequest(_("One of the messages that were marked has no such number.")) from None


Doing = Annotated[Form[BulkForm], Depends(form_of(BulkForm))]
Undoing = Annotated[Form[UndoForm], Depends(form_of(UndoForm))]
Marked = Annotated[list[UUID], Depends(_marked)]


@router.post("", name="feedback.bulk")
def mark_off(request: Request, member: AtWork, form: Doing, marked: Marked, writes: Writes, now: Now) -> RedirectResponse:
    """Does one thing with each message that was marked, and says of which it was done and why not of the others."""
    held(member, *AT_THE_DESK)
    filled = form.must_be_filled()
    bulk, number = None, len(marked)
    try:
        bulk = act_together(writes, member, filled.act, marked, filled.organisation, now) if marked else None
    except Invalid:  # nothing was chosen to pass them on to, and the list says so
        number = 0
    did = f"{filled.act}.{bulk.hex if bulk else 'none'}.{number}"
    return see_other(request, "inbox.list", c=member.place.slug, **filled.back(), did=did)


@router.post("/undo", name="feedback.undo_bulk")
def take_back(request: Request, member: AtWork, form: Undoing, writes: Writes, now: Now) -> RedirectResponse:
    """Takes it back where nobody did anything since."""
    held(member, *AT_THE_DESK)
    filled = form.must_be_filled()
    unact_together(writes, member, filled.bulk, now)
    return see_other(request, "inbox.list", c=member.place.slug, **filled.back(), did=f"{filled.act}.{filled.bulk.hex}.{filled.marked}")
