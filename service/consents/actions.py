"""What somebody who holds the code of a message says of its uses: stop showing my words, show them after all, forget how to reach me."""

from collections.abc import Callable, Mapping
from datetime import datetime

from service import tombstones
from service.consents import rules
from service.consents.guards import keep_yeses, take_back_yeses
from service.consents.models import How, Purpose
from service.consents.removal import put_away
from service.database import WriteSession
from service.days import local_day
from service.errors import Conflict
from service.feedback import counts
from service.feedback.models import Publication, Share, State, WithheldReason
from service.feedback.queries import get_by_code
from service.feedback.removal import drop_contacts
from service.journal.actions import RESIDENT, record
from service.language import _
from service.moderation.models import Verdict
from service.moderation.queries import find_decision
from service.places.models import Threshold
from service.places.queries import PlaceCard
from service.server_keys import ServerKeys
from service.tombstones import Gone, Why


def stop_sharing(writes: WriteSession, keys: ServerKeys, place: PlaceCard, code: str, now: datetime) -> bool:
    """Only the team reads the words from now on; the message stays, and is answered. Answers whether that was news. Raises: NotFound."""
    message = get_by_code(writes, keys, place, code, held=True)
    ended = take_back_yeses(writes, place.id, now, purpose=Purpose.SHARE_WORDS_PUBLIC, message_id=message.id)
    if not ended:
        return False
    put_away(writes, place, message)
    for one in ended:
        tombstones.leave(writes, RESIDENT, Gone.CONSENT, one, Why.TAKEN_BACK, at=now, collaboration_id=place.id)
    fields = ["consent", "publication", "share"]
    record(writes, RESIDENT, "consent_ended", "feedback", message.id, at=now, collaboration_id=place.id, fields=fields)
    return True


def share_after_all(writes: WriteSession, keys: ServerKeys, place: PlaceCard, code: str, now: datetime) -> bool:
    """Others may read the words: somebody decides about them, as about any that are offered. Answers whether that was news.

    What was withheld before is withheld again, for the reason that the sender knows; they can disagree with it.
    Raises: NotFound, Conflict where there are no words, or somebody looks whether anyone is at risk.
    """
    message = get_by_code(writes, keys, place, code, held=True)
    if message.publication in (Publication.WAITING, Publication.PUBLISHED, Publication.WITHHELD):
        return False
    if not rules.may_share(message):
        raise Conflict(_("This cannot be changed now."))
    today = local_day(now, place.time_zone)
    months = place.thresholds.on(Threshold.YES_HOLDS, today)
    facts = {"wording_version": rules.WORDING_VERSION, "given_on": today, "expires_on": rules.holds_until(today, months)}
    whose = {"collaboration_id": place.id, "feedback_id": message.id, "purpose": Purpose.SHARE_WORDS_PUBLIC, "how": How.WEB}
    keep_yeses(writes, [{**whose, **facts}])
    decision = find_decision(writes, place.id, message.id)
    with counts.changing(writes, place, message):
        message.share, message.publication = Share.WORDS_PUBLIC, Publication.WAITING
        if message.state == State.NOT_FEEDBACK:
            message.publication, message.withheld_reason = Publication.WITHHELD, WithheldReason.SET_ASIDE
        elif decision is not None and decision.verdict == Verdict.WITHHELD:
            message.publication, message.withheld_reason = Publication.WITHHELD, decision.reason
        writes.add(message)
        writes.flush()
    fields = ["consent", "publication", "share"]
    record(writes, RESIDENT, "consented", "feedback", message.id, at=now, collaboration_id=place.id, fields=fields)
    return True


def forget_contact(writes: WriteSession, keys: ServerKeys, place: PlaceCard, code: str, now: datetime) -> bool:
    """Nobody can reach the sender any more; the answer is read with the code. Answers whether that was news. Raises: NotFound."""
    message = get_by_code(writes, keys, place, code, held=True)
    if not take_back_yeses(writes, place.id, now, purpose=Purpose.REPLY, message_id=message.id):
        return False
    drop_contacts(writes, place.id, [message.id])
    tombstones.leave(writes, RESIDENT, Gone.CONTACT, message.id, Why.TAKEN_BACK, at=now, collaboration_id=place.id)
    fields = ["consent", "contact"]
    record(writes, RESIDENT, "consent_ended", "feedback", message.id, at=now, collaboration_id=place.id, fields=fields)
    return True


ByCode = Callable[[WriteSession, ServerKeys, PlaceCard, str, datetime], bool]

ACTS: Mapping[str, ByCode] = {"stop_sharing": stop_sharing, "share_after_all": share_after_all, "forget_contact": forget_contact}
"""What a form of the answer page may ask for, by its name there."""
