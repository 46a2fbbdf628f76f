"""The letter that calls somebody: it says where to look, and nothing of what was said."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import col, select

from service.database import WriteSession
from service.language import _, current
from service.outbox.letter_queries import in_own_words
from service.outbox.models import Claimed, Written
from service.people.models import Staff
from service.places.models import Collaboration
from service.safeguarding.models import Concern, ConcernStep


def urgent_letter(public_url: str) -> Callable[[WriteSession, Claimed, datetime], Written | None]:
    """Writes the letter, with addresses that begin with this one; none where somebody has it by now."""

    def write(writes: WriteSession, letter: Claimed, _now: datetime) -> Written | None:
        query = (
            select(Collaboration.slug, Collaboration.id, Collaboration.name)
            .join(Concern, col(Concern.collaboration_id) == Collaboration.id)
            .join(
                ConcernStep, (col(ConcernStep.collaboration_id) == Concern.collaboration_id) & (col(ConcernStep.concern_id) == Concern.id)
            )
            .join(Staff, col(Staff.id) == ConcernStep.asked_id)
            .where(Staff.email == letter.address, col(Staff.disabled_at).is_(None), col(Concern.taken_at).is_(None))
            .distinct()
            .order_by(Collaboration.slug)
        )
        places = writes.exec(query).all()
        if not places:
            return None
        parts = urgent_words([f"{public_url}/staff/{slug}/urgent" for slug, _id, _name in places])
        whose = (places[0][1], places[0][2]) if len(places) == 1 else None
        return in_own_words(writes, whose, letter.purpose, current().code, _("You are needed now"), parts)

    return write


def urgent_words(addresses: Sequence[str]) -> list[str]:
    """What the letter says in any case: where to look, and nothing of what was said."""
    return [
        _("Something was said that cannot wait, and nobody has it yet. Please look at it now:"),
        *addresses,
        _("Sign in, open it, and press “I have it”. If you cannot, tell somebody who can. Others are asked after you."),
        _("This letter holds nothing of what was said, so that nobody reads it by chance."),
    ]
