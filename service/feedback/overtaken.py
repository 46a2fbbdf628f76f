"""Two people at once: what others did with a message since somebody looked at it, and that they are told before they do more.

A page remembers how many deeds it knew of. Nobody's act is lost for it, and nobody's is done blindly: who comes second reads who was
first, when and with what, and decides again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func
from sqlmodel import col, select

from service.database import ReadSession, WriteSession
from service.errors import Conflict
from service.feedback import rules
from service.feedback.desk_queries import get_message_row
from service.journal.models import ActorKind, Entry
from service.language import _, ago
from service.people.models import Member, Staff
from service.people.rules import reaches

ANSWERS, DECISIONS = frozenset({"replied"}), frozenset({"published", "withheld"})
HANDS = frozenset({"passed_on", "given_back", "assigned", "released"})
"""What the journal calls an answer, a decision about the words, and a change of hands."""


class Overtaken(Conflict):
    """Somebody else was first. The message says who, when, and what to do now."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done with a message. `name`: who did it, as far as this member may know."""

    verb: str
    name: str | None
    mine: bool
    at: datetime


def count_deeds(reads: ReadSession, member: Member, message_id: UUID) -> int:
    """How much had been done with the message when its page was shown."""
    query = select(func.count()).select_from(Entry).where(Entry.collaboration_id == member.place.id, Entry.subject_id == message_id)
    return reads.exec(query).one()


def find_deeds(reads: ReadSession, member: Member, message_id: UUID, organisation_id: UUID | None) -> list[Deed]:
    """All that was done with a message, in its order. Names are for those who may answer it as well."""
    knows = reaches(member.grants, rules.ANSWERERS, organisation_id)
    by_staff = and_(col(Entry.actor_kind) == ActorKind.STAFF, col(Staff.id) == Entry.actor_id)
    query = (
        select(Entry, Staff.name)
        .join(Staff, by_staff, isouter=True)
        .where(Entry.collaboration_id == member.place.id, Entry.subject_id == message_id)
        .order_by(col(Entry.at), col(Entry.id))
    )
    return [
        Deed(entry.verb, name if knows else None, entry.actor_id == member.person.staff_id, entry.at) for entry, name in reads.exec(query)
    ]


def stop_if_overtaken(  # noqa: PLR0913 (who acts on what, and what they knew)
    writes: WriteSession, member: Member, message_id: UUID, known: int | None, verbs: Collection[str], now: datetime, next_step: str
) -> None:
    """Holds the message until the transaction ends. `known`: what `count_deeds` said of it; without it nothing is asked.

    Raises: NotFound, Overtaken when others did one of these things since; an answer of one's own, given from another page, counts too.
    """
    if known is None:
        return
    message = get_message_row(writes, member, message_id)
    since = find_deeds(writes, member, message_id, message.organisation_id)[known:]
    told = [deed for deed in since if deed.verb in verbs and (not deed.mine or deed.verb in ANSWERS)]
    if told:
        raise Overtaken(f"{_sentence(told[-1], now)} {next_step}")


def _sentence(deed: Deed, now: datetime) -> str:
    who, when = _("You") if deed.mine else deed.name or _("Somebody"), ago(now - deed.at)
    sentences = {
        "replied": _("%(name)s answered this message %(ago)s.", name=who, ago=when),
        "published": _("%(name)s showed the words to everybody %(ago)s.", name=who, ago=when),
        "withheld": _("%(name)s decided %(ago)s that the words are not shown.", name=who, ago=when),
        "passed_on": _("%(name)s passed it on %(ago)s.", name=who, ago=when),
        "given_back": _("%(name)s brought it back to the team %(ago)s.", name=who, ago=when),
        "assigned": _("%(name)s said who takes it on, %(ago)s.", name=who, ago=when),
        "released": _("%(name)s said that nobody has taken it on, %(ago)s.", name=who, ago=when),
    }
    return sentences[deed.verb]
