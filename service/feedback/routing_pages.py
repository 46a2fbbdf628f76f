"""What is done with several messages at once, marked in the inbox."""

from collections.abc import Callable
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from pydantic import Field as Limit

from service.clock import Now
from service.database import Writes
from service.errors import BadRequest, Conflict, Invalid, NotFound, Refused
from service.feedback.desk_actions import mark_read
from service.feedback.routing_actions import assign, pass_on
from service.html import Form, form_of, see_other
from service.language import _
from service.people.access import AtWork, held
from service.people.models import AT_THE_DESK

router = APIRouter(prefix="/staff/{c}/messages", include_in_schema=False)

MOST_MARKED = 50
"""Messages that are marked at once: a page of the inbox."""

Short = Annotated[str, Limit(max_length=80)]


class BulkForm(BaseModel):
    """What is done with all that are marked, and the part of the inbox to come back to."""

    act: Literal["read", "take", "pass_on"]
    organisation: Short = ""
    part: Short = ""
    by_topic: Short = ""
    by_area: Short = ""
    by_organisation: Short = ""
    by_kind: Short = ""
    by_whose: Short = ""

    def back(self) -> dict[str, str]:
        """The part of the inbox that was looked at."""
        named = {"topic": self.by_topic, "area": self.by_area, "organisation": self.by_organisation, "kind": self.by_kind}
        return {"part": self.part, **named, "whose": self.by_whose}


async def _marked(request: Request) -> list[UUID]:
    """The messages that were marked, each once."""
    async with request.form(max_fields=60 + MOST_MARKED, max_files=0) as sent:
        ids = [value for value in sent.getlist("message") if isinstance(value, str)]
    try:
        return list(dict.fromkeys(UUID(one) for one in ids))[:MOST_MARKED]
    except ValueError:
        raise BadRequest(_("One of the messages that were marked has no such number.")) from None


Doing = Annotated[Form[BulkForm], Depends(form_of(BulkForm))]
Marked = Annotated[list[UUID], Depends(_marked)]


@router.post("", name="feedback.bulk")
def mark_off(request: Request, member: AtWork, form: Doing, marked: Marked, writes: Writes, now: Now) -> RedirectResponse:
    """Does one thing with each message that was marked, and says of how many it was done. One that refuses does not stop the rest."""
    held(member, *AT_THE_DESK)
    filled = form.must_be_filled()
    where = {name: value for name, value in filled.back().items() if value}
    if filled.act == "pass_on" and not filled.organisation:
        marked = []
    acts: dict[str, Callable[[UUID], bool]] = {
        "read": lambda one: mark_read(writes, member, one, now),
        "take": lambda one: assign(writes, member, one, member.person.staff_id, now),
        "pass_on": lambda one: pass_on(writes, member, one, filled.organisation, now),
    }
    done = sum(_is_done(acts[filled.act], one) for one in marked)
    return see_other(request, "inbox.list", c=member.place.slug, **where, did=f"{filled.act}.{done}.{len(marked)}")


def _is_done(act: Callable[[UUID], bool], message_id: UUID) -> bool:
    try:
        return act(message_id)
    except (Conflict, Invalid, NotFound, Refused):
        return False
