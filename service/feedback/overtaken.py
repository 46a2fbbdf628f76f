"""Two people at once: what others did with a message since somebody looked at it, and that they are told before they do more.

A page remembers how many deeds it knew of. Nobody's act is lost for it, and nobody's is done blindly: who comes second reads who was
first, when and with what, and decides again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from service.database import ReadSession, WriteSession
from service.errors import Conflict
from service.feedback import rules
from service.feedback.desk_queries import get_message_row
from service.journal.models import ActorKind
from service.journal.queries import find_all_done
from service.language import _, ago
from service.people.models import Member, Staff
from service.people.rules import reaches

ANSWERS, DECISIONS = frozenset({"replied"}), frozenset({"published", "withheld"})
HANDS = frozenset({"passed_on", "given_back", "assigned", "released"})
TOGETHER = frozenset({"merged", "unmerged"})
"""What the journal calls an answer, a decision about the words, a change of hands, and what is put together."""


class Overtaken(Conflict):
    """Somebody else was first. The message says who, when, and what to do now."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done with a message. `name`: who did it, as far as this member may know."""

    verb: str
    name: str | None
    mine: bool
    at: datetime


def find_deeds(reads: ReadSession, member: Member, message_id: UUID, organisation_id: UUID | None) -> list[Deed]:
    """All that was done with a message, in its order. Names are for those who may answer it as well."""
    knows = reaches(member.grants, rules.ANSWERERS, organisation_id)
    done = find_all_done(reads, member.place.id, message_id)
    ids = {one.actor_id for one in done if one.actor_id and one.actor_kind == ActorKind.STAFF} if knows else set()
    names: dict[UUID | None, str] = dict(reads.exec(select(Staff.id, Staff.name).where(col(Staff.id).in_(ids))).all())
    return [Deed(one.verb, names.get(one.actor_id), one.actor_id == member.person.staff_id, one.at) for one in done]


def stop_if_overtaken(  # noqa: PLR0913 (who acts on what, and what they knew)
    writes: WriteSession, member: Member, message_id: UUID, known: int | None, verbs: Collection[str], now: datetime, next_step: str
) -> None:
    """Holds the message until the transaction ends. `known`: what `journal.queries.count_done` said of it; without it nothing is asked.

    Raises: NotFound, Overtaken when others did one of these things since; an answer of one's own, given from another page, counts too.
    """
    if known is None:
        return
    message = get_message_row(writes, member, message_id, held=True)
    since = find_deeds(writes, member, message_id, message.organisation_id)[known:]
    told = [deed for deed in since if deed.verb in verbs and (not deed.mine or deed.verb in ANSWERS)]
    if told:
        raise Overtaken(f"{_sentence(told[-1], now)} {next_step}")


def _sentence(deed: Deed, now: datetime) -> str:
    who, when = _("You") if deed.mine else deed.name or _("Somebody"), ago(now - deed.at)
    sentences = {
        "replied": _("%(name)s answered this message %(ago)s.", name=who, ago=when),
        "merged": _("%(name)s put this message together with another %(ago)s.", name=who, ago=when),
        "unmerged": _("%(name)s took this message apart from others %(ago)s.", name=who, ago=when),
        "published": _("%(name)s showed the words to everybody %(ago)s.", name=who, ago=when),
        "withheld": _("%(name)s decided %(ago)s that the words are not shown.", name=who, ago=when),
        "passed_on": _("%(name)s passed it on %(ago)s.", name=who, ago=when),
        "given_back": _("%(name)s brought it back to the team %(ago)s.", name=who, ago=when),
        "assigned": _("%(name)s said who takes it on, %(ago)s.", name=who, ago=when),
        "released": _("%(name)s said that nobody has taken it on, %(ago)s.", name=who, ago=when),
    }
    return sentences[deed.verb]
