"""Bringing files in: sending one, matching its columns, mending its cells, taking it in; and keeping maps under a name."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select

from service.database import WriteSession, afterwards, folder_of
from service.errors import Conflict, FieldError, Invalid, NotFound, Refused
from service.imports.mapping import MapIn
from service.intakes import files
from service.intakes.models import (
    AT_WORK,
    MOST_MAPS,
    MOST_OF_A_NAME,
    Choice,
    Decided,
    Filed,
    Finding,
    Intake,
    KeptMap,
    Mended,
    Mending,
    Stage,
)
from service.intakes.rules import OWNED, kinds_for, may_bring, may_open
from service.intakes.written import stored
from service.journal.actions import record
from service.language import _, current
from service.people.models import Member


def send_file(  # noqa: PLR0913 (one sentence: who sends which file, of what, whose it is, and how it is read)
    writes: WriteSession, member: Member, filed: Filed, kind: str, organisation_id: UUID | None, now: datetime, written: MapIn | None = None
) -> UUID:
    """Notes a file that lies on the disk; with a map it is looked through at once. Raises: Refused, Invalid where nobody's is said."""
    if kind not in kinds_for(member.grants) or not may_bring(member.grants, kind, organisation_id):
        raise Refused(_("You may not bring this in here."))
    if kind in OWNED and organisation_id is None:
        raise Invalid(FieldError("organisation", _("Choose whose figures they are.")))
    row = Intake(
        collaboration_id=member.place.id,
        organisation_id=organisation_id,
        kind=kind,
        file_name=filed.file_name,
        name=filed.name,
        size=filed.size,
        encoding=filed.encoding,
        written=stored(written) if written else None,
        language=current().code,
        stage=Stage.CHECKING if written else Stage.SENT,
        made_by=member.person.staff_id,
        made_at=now,
    )
    writes.add(row)
    writes.flush()
    record(writes, member.actor, "sent", "intake", row.id, at=now, collaboration_id=member.place.id)
    return row.id


def match_columns(writes: WriteSession, member: Member, intake_id: UUID, written: MapIn, now: datetime) -> None:
    """Says which column is which field, and has the file looked through. Raises: NotFound, Conflict."""
    row = _held(writes, member, intake_id)
    row.written = stored(written)
    _look_through(writes, member, row, "matched", now)


def use_map(writes: WriteSession, member: Member, intake_id: UUID, written: MapIn, now: datetime) -> None:
    """Fills the columns of a file from a map, for somebody to look at. Raises: NotFound, Conflict, Invalid for another kind."""
    row = _held(writes, member, intake_id)
    if written.kind != row.kind:
        raise Invalid(FieldError("map_file", _("This map is for %(kind)s.", kind=written.kind)))
    row.written, row.stage, row.fault = stored(written), Stage.SENT, None
    writes.add(row)
    writes.flush()
    record(writes, member.actor, "map_chosen", "intake", row.id, at=now, collaboration_id=row.collaboration_id)


def look_again(writes: WriteSession, member: Member, intake_id: UUID, now: datetime) -> bool:
    """Has the file looked through once more; answers whether it was not being done already. Raises: NotFound, Conflict."""
    row = _held(writes, member, intake_id, idle=False)
    if row.stage in AT_WORK:
        return False
    if row.stage == Stage.TAKEN:
        raise Conflict(_("This file was taken in already."))
    if not row.written:
        raise Conflict(_("Match its columns first."))
    _look_through(writes, member, row, "looked_through", now)
    return True


def mend(writes: WriteSession, member: Member, intake_id: UUID, cells: Sequence[Mended], now: datetime) -> bool:
    """Puts something else into cells, for this import; the file is looked through anew. Answers whether anything changed.

    Raises: NotFound, Conflict.
    """
    row = _held(writes, member, intake_id)
    changed = False
    for given in cells:
        finding = writes.get(Finding, (row.collaboration_id, given.finding))
        if finding is None or finding.intake_id != row.id or finding.differs or not finding.sheet_column:
            raise Conflict(_("Somebody looked through this file meanwhile. Look again at what is wrong with it."))
        if given.cell == finding.cell:
            continue
        rows = finding.rows if finding.count <= len(finding.rows) else None
        mending = Mending(
            collaboration_id=row.collaboration_id,
            intake_id=row.id,
            sheet_column=finding.sheet_column,
            was=finding.cell,
            cell=given.cell,
            rows=rows,
            made_at=now,
        )
        writes.add(mending)
        changed = True
    if changed:
        _look_through(writes, member, row, "mended", now)
    return changed


def forget_mendings(writes: WriteSession, member: Member, intake_id: UUID, now: datetime) -> bool:
    """Reads the file again as it was sent; answers whether anything had been mended. Raises: NotFound, Conflict."""
    row = _held(writes, member, intake_id)
    theirs = (col(Mending.collaboration_id) == row.collaboration_id, col(Mending.intake_id) == row.id)
    if not writes.exec(select(Mending.id).where(*theirs)).first():
        return False
    writes.execute(delete(Mending).where(*theirs))
    _look_through(writes, member, row, "unmended", now)
    return True


def take_in(writes: WriteSession, member: Member, intake_id: UUID, decided: Decided, now: datetime) -> bool:
    """Has the file taken in; answers whether that was not being done already. Raises: NotFound, Conflict, Invalid."""
    row = _held(writes, member, intake_id, idle=False)
    if row.stage in (Stage.TAKING, Stage.TAKEN):
        return False
    if row.stage != Stage.CHECKED or row.name is None:
        raise Conflict(_("Look through the file first."))
    if row.differing and decided.choice is None:
        raise Invalid(FieldError("choice", _("Say what becomes of rows that differ.")))
    correcting = row.differing and Choice.CORRECT in (decided.choice, *decided.otherwise.values())
    if correcting and not decided.reason:
        raise Invalid(FieldError("reason", _("Say in a few words why they are corrected. It is kept with the old figures.")))
    row.choice, row.reason, row.otherwise = decided.choice, decided.reason if correcting else None, dict(decided.otherwise)
    _work(writes, row, Stage.TAKING)
    record(writes, member.actor, "started", "intake", row.id, at=now, collaboration_id=row.collaboration_id)
    return True


def remove_file(writes: WriteSession, member: Member, intake_id: UUID, now: datetime) -> None:
    """Lets go of a file that was not taken in, with all that was found in it. Raises: NotFound, Conflict."""
    row = _held(writes, member, intake_id)
    for table in (Finding, Mending):
        writes.execute(delete(table).where(col(table.collaboration_id) == row.collaboration_id, col(table.intake_id) == row.id))
    name, var = row.name, folder_of(writes)
    writes.delete(row)
    writes.flush()
    if name and var:
        afterwards(writes, lambda: files.throw_away(var, [name]))
    record(writes, member.actor, "removed", "intake", intake_id, at=now, collaboration_id=member.place.id)


# ---- maps under a name -----------------------------------------------------------------------------------------------


def keep_map(writes: WriteSession, member: Member, name: str, written: MapIn, now: datetime) -> UUID:
    """Keeps a map under a name; one that is there under it gives way. Raises: Invalid, Conflict for one too many."""
    if len(name) > MOST_OF_A_NAME:
        raise Invalid(FieldError("save_as", _("This is too long: at most %(most)s.", most=MOST_OF_A_NAME)))
    known = writes.exec(select(KeptMap).where(KeptMap.collaboration_id == member.place.id)).all()
    row = next((one for one in known if one.name == name), None)
    if row is None:
        if len(known) >= MOST_MAPS:
            raise Conflict(_("There are %(most)s maps here already. Forget one first.", most=MOST_MAPS))
        row = KeptMap(collaboration_id=member.place.id, name=name, kind="", written={}, made_by=member.person.staff_id, made_at=now)
    elif (row.kind, row.written) == (written.kind, stored(written)):
        return row.id
    elif row.kind not in kinds_for(member.grants):
        raise Conflict(_("There is a map of this name already. Choose another."))
    row.kind, row.written = written.kind, stored(written)
    writes.add(row)
    writes.flush()
    record(writes, member.actor, "kept", "intake_map", row.id, at=now, collaboration_id=member.place.id)
    return row.id


def forget_map(writes: WriteSession, member: Member, map_id: UUID, now: datetime) -> None:
    """Forgets a map. Raises: NotFound."""
    row = writes.get(KeptMap, (member.place.id, map_id))
    if row is None or row.kind not in kinds_for(member.grants):
        raise NotFound
    writes.delete(row)
    writes.flush()
    record(writes, member.actor, "forgotten", "intake_map", map_id, at=now, collaboration_id=member.place.id)


# ---- the steps -------------------------------------------------------------------------------------------------------


def _held(writes: WriteSession, member: Member, intake_id: UUID, *, idle: bool = True) -> Intake:
    """The row, nobody else's meanwhile. `idle`: it is not worked on, and not taken in yet. Raises: NotFound, Conflict."""
    mine = select(Intake).where(Intake.collaboration_id == member.place.id, Intake.id == intake_id)
    row = writes.exec(mine.with_for_update()).first()
    if row is None or not may_open(member.grants, row.kind, row.organisation_id, mine=row.made_by == member.person.staff_id):
        raise NotFound
    if idle and row.stage in AT_WORK:
        raise Conflict(_("The service is working on this file. Look again in a moment."))
    if idle and row.stage == Stage.TAKEN:
        raise Conflict(_("This file was taken in already."))
    return row


def _look_through(writes: WriteSession, member: Member, row: Intake, verb: str, now: datetime) -> None:
    if row.name is None:
        raise Conflict(_("The file is not kept any more. Send it again."))
    _work(writes, row, Stage.CHECKING)
    record(writes, member.actor, verb, "intake", row.id, at=now, collaboration_id=row.collaboration_id)


def _work(writes: WriteSession, row: Intake, stage: Stage) -> None:
    """Hands it to whoever works on files."""
    row.stage, row.percent, row.fault, row.lease, row.leased_until = stage, 0, None, None, None
    row.language = current().code
    if stage == Stage.TAKING:
        row.created = row.corrected = 0
    writes.add(row)
    writes.flush()
