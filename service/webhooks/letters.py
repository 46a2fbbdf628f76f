"""The letter to administrators when a webhook was switched off because it took nothing any more. It names the webhook, and no resident."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from service.database import WriteSession
from service.language import _
from service.news import Off, Webhook
from service.outbox.models import Claimed, Written
from service.people.models import Staff
from service.places.models import Collaboration


def address_of(place_id: UUID, staff_id: UUID, webhook_id: UUID) -> str:
    """What the letter is about, in place of an address, which is looked up when it is written."""
    return f"{place_id.hex}.{staff_id.hex}.{webhook_id.hex}"


def webhook_letter(public_url: str) -> Callable[[WriteSession, Claimed, datetime], Written | None]:
    """Writes to one administrator; nothing where the webhook is on again or was taken away, or they have left."""

    def write(writes: WriteSession, letter: Claimed, _now: datetime) -> Written | None:
        place_id, staff_id, webhook_id = (UUID(hex=part) for part in letter.address.split("."))
        place, staff = writes.get(Collaboration, place_id), writes.get(Staff, staff_id)
        webhook = writes.get(Webhook, (place_id, webhook_id))
        if place is None or staff is None or staff.disabled_at is not None or webhook is None or webhook.off_at is None:
            return None
        why = (
            _("The other side says that nothing is there any more, so it is not told again.")
            if webhook.off_why == Off.GONE
            else _("We tried again and again, and it did not take what it was told.")
        )
        body = [
            _("The webhook “%(name)s” of %(place)s was switched off.", name=webhook.description, place=place.name),
            why,
            _("It is told of nothing new. What waited for it waits on. See what went wrong, and switch it on again, here:"),
            f"{public_url}/staff/{place.slug}/settings/webhooks/{webhook.id}",
        ]
        return Written(_("A webhook was switched off in %(place)s", place=place.name), "\n\n".join(body) + "\n", to=staff.email)

    return write
