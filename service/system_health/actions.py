"""Reporting what gets in the way, and saying what became of it."""

from datetime import datetime
from uuid import UUID

from service.database import WriteSession
from service.errors import Conflict, FieldError, Invalid, Refused
from service.journal.actions import Actor, record
from service.language import _
from service.narratives.models import Narrative
from service.people.models import Member
from service.people.rules import reaches
from service.places.queries import PlaceCard
from service.system_health import rules
from service.system_health.models import Barrier, BarrierKind, BarrierMove, BarrierStory, MoveIn, Standing
from service.system_health.queries import find_named, find_same_words, get_barrier


def report_barrier(
    writes: WriteSession, actor: Actor, place: PlaceCard, kind: BarrierKind, organisation_id: UUID | None, now: datetime
) -> UUID:
    """Enters something that got in the way into the register. What it was is said by the story that names it."""
    row = Barrier(collaboration_id=place.id, kind=kind, organisation_id=organisation_id, reported_at=now, changed_at=now)
    writes.add(row)
    writes.flush()
    record(writes, actor, "reported", "barrier", row.id, at=now, collaboration_id=place.id)
    return row.id


def name_barrier(writes: WriteSession, actor: Actor, place: PlaceCard, barrier_id: UUID, story_id: UUID, now: datetime) -> None:
    """A story says what got in the way: this barrier of the register. Once said, it stays; the first one counts."""
    if writes.get(BarrierStory, (place.id, story_id)) is not None:
        return
    writes.add(BarrierStory(collaboration_id=place.id, narrative_id=story_id, barrier_id=barrier_id))
    writes.flush()
    record(writes, actor, "named", "barrier", barrier_id, at=now, collaboration_id=place.id)


def enter_words(writes: WriteSession, actor: Actor, place: PlaceCard, story: Narrative, now: datetime) -> None:
    """A partner's story says in words what got in the way: one that is known by its id or in the same words, else a new one.

    One of our own kinds (`rule`, `money` and so on) alone is too little for the register: the story says it, and that is all.
    """
    words = story.barrier
    if not words or words in set(BarrierKind):
        return
    known = find_named(writes, place.id, words) or find_same_words(writes, place.id, story.organisation_id, words)
    barrier_id = known or report_barrier(writes, actor, place, BarrierKind.NOT_SURE, story.organisation_id, now)
    name_barrier(writes, actor, place, barrier_id, story.id, now)


def move_barrier(writes: WriteSession, member: Member, barrier_id: UUID, given: MoveIn, now: datetime) -> None:
    """Says what became of a barrier. Raises: NotFound, Refused, Conflict for a move that is not allowed, Invalid by field."""
    row = get_barrier(writes, member, barrier_id, held=True)
    if not reaches(member.grants, rules.MOVERS, row.organisation_id):
        raise Refused(_("A coordinator says what became of it."))
    if given.to is not None and given.to not in rules.moves(row.standing):
        raise Conflict(_("It stands elsewhere by now, and cannot go there from where it is. Look at it again."))
    if errors := _errors(row, given):
        raise Invalid(*errors)
    to = given.to or row.standing
    row.standing, row.finding, row.changed_at = to, rules.finding_after(row.finding, to), now
    for name in ("theme", "rule_kind", "source", "changer", "workaround"):
        said = getattr(given, name)
        setattr(row, name, said or getattr(row, name))
    if to == Standing.CUSTOM_NOT_RULE:
        row.rule_kind = None
    move = BarrierMove(collaboration_id=row.collaboration_id, barrier_id=row.id, standing=to, note=given.note, at=now)
    writes.add(row)
    writes.add(move)
    writes.flush()
    changed = [name for name in ("theme", "rule_kind", "source", "changer", "workaround") if getattr(given, name)]
    record(writes, member.actor, "moved", "barrier", row.id, at=now, collaboration_id=row.collaboration_id, fields=["standing", *changed])


def _errors(row: Barrier, given: MoveIn) -> list[FieldError]:
    errors = []
    if given.to is not None and not (given.theme or row.theme):
        errors.append(FieldError("theme", _("Give it a name that everybody may read.")))
    if given.to == Standing.REAL_RULE and not (given.rule_kind or row.rule_kind):
        errors.append(FieldError("rule_kind", _("Say what kind of rule it is.")))
    return errors
