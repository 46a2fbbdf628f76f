"""What other systems say of a message as staff meet it: what stands on its page needs nothing more."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse

from service.clock import Now
from service.database import Writes
from service.doors import Router
from service.elsewhere.actions import put_away
from service.html import see_other
from service.people.access import AtWork

router = Router(prefix="/staff/{c}/messages/{message_id}", include_in_schema=False)


@router.post("/outside", name="elsewhere.put_away")
def put_notes_away(request: Request, member: AtWork, message_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """Nobody has to be told of it. Raises: NotFound."""
    put_away(writes, member, message_id, now)
    return see_other(request, "feedback.message", c=member.place.slug, message_id=message_id, did="put_away")
