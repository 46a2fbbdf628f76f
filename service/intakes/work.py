"""The work on one file, as the command line does it: tried with what it would become, or taken in; each part stored once."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import delete, update
from sqlmodel import col, select

from service import walls
from service.batches.work import CHUNK, Result
from service.database import WriteSession
from service.errors import FieldError, Invalid, Unavailable
from service.imports.mapping import Map, MapIn
from service.imports.reading import open_source
from service.imports.running import Door, import_rows, ordered
from service.imports.runs import Run
from service.intakes import files
from service.intakes.gently import FEW, Rests, giving_way
from service.intakes.listed import Listed
from service.intakes.models import AT_WORK, MOST_FOUND, MOST_ROWS, Filed, Finding, Intake, Mending, Stage
from service.intakes.queries import filed_of, find_mendings
from service.intakes.rules import LEASE
from service.intakes.watching import Decisions, Differing, Watch, taken, tried
from service.intakes.written import as_map
from service.journal.actions import Actor, record
from service.journal.models import ActorKind
from service.language import N_, Language, _, speaking
from service.places.models import Organisation
from service.places.queries import PlaceCard, find_places
from service.results.rules import Fate

BEAT = 1.0
"""Seconds between two words on how far it has come."""

SHOWN = 240
"""Characters of a cell that are shown, and can be mended."""


NOT_KEPT = N_("The file is not kept any more. Send it again.")


class LostError(Exception):
    """Somebody else goes on with this, or nobody is to."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A file that this process works on now: nobody else does so before the lease is over."""

    place: PlaceCard
    id: UUID
    lease: UUID
    stage: Stage
    kind: str
    filed: Filed
    written: MapIn
    language: str
    organisation: Organisation | None
    decisions: Decisions
    actor: Actor
    mendings: tuple[Mending, ...]


def claim(writes: WriteSession, place_id: UUID, intake_id: UUID, now: datetime) -> Claimed | None:
    """Takes a file on; None where somebody else was quicker."""
    row = writes.exec(select(Intake).where(Intake.collaboration_id == place_id, Intake.id == intake_id).with_for_update()).first()
    if row is None or row.stage not in AT_WORK or (row.leased_until and row.leased_until > now):
        return None
    row.lease, row.leased_until = uuid4(), now + LEASE
    writes.add(row)
    writes.flush()
    filed, place = filed_of(row), next(one for one in find_places(writes) if one.id == place_id)
    if filed is None or not row.written:
        row.stage, row.fault, row.lease, row.leased_until = Stage.FAILED, _(NOT_KEPT), None, None
        return None
    organisation = writes.get(Organisation, (place_id, row.organisation_id)) if row.organisation_id else None
    mendings = find_mendings(writes, place_id, intake_id)
    found = Claimed(
        place=place,
        id=row.id,
        lease=row.lease,
        stage=row.stage,
        kind=row.kind,
        filed=filed,
        written=MapIn.model_validate(row.written),
        language=row.language,
        organisation=organisation,
        decisions=Decisions(row.choice, row.reason, dict(row.otherwise or {})),
        actor=Actor(ActorKind.STAFF, row.made_by),
        mendings=tuple(mendings),
    )
    for one in (organisation, *mendings):
        if one is not None:
            writes.expunge(one)
    return found


@dataclass(slots=True)
class Found:
    """Something found in a file, as its row will say it."""

    field: str
    rows: list[int]
    differs: bool = False
    sheet_column: str = ""
    cell: str = ""
    message: str = ""
    stands: str = ""
    about: str = ""
    count: int = 1


@dataclass
class Work:
    """One file being worked on. `stopping` is asked now and then; what was stored stays, and is not stored again.

    `others` says whether somebody else writes these days: then it goes in small steps, and rests between them.
    """

    door: Door
    var: Path
    claimed: Claimed
    clock: Callable[[], datetime]
    stopping: Callable[[], bool] = lambda: False
    others: Callable[[], bool] = lambda: False
    percent: int = 0
    beaten: float = field(default_factory=time.monotonic)
    rests: Rests = field(default_factory=Rests)

    def run(self) -> None:
        """Does it to its end. Raises: Unavailable and LostError, when it is to be gone on with."""
        with walls.within(walls.Walls(frozenset({self.claimed.place.id}))), speaking(Language(self.claimed.language)), giving_way():
            try:
                self._run()
            except Invalid as refusal:
                self._fail(refusal.errors[0].message if refusal.errors else str(refusal.detail))
            except RuntimeError as error:  # the database stopped answering in the middle
                if isinstance(error.__cause__, Unavailable) or error.__suppress_context__:
                    raise Unavailable from error
                raise

    def _run(self) -> None:
        claimed, path = self.claimed, files.path_of(self.var, self.claimed.filed)
        if not path.is_file():
            raise Invalid(FieldError("file", _(NOT_KEPT)))
        map_ = as_map(claimed.written, _("This map"))
        given = ordered(claimed.kind, lambda: _amended(path, claimed.mendings), map_, _("This map"))
        refusals, listed = files.Refusals(path.parent / files.FOUND), Listed(path.parent)
        run = Run(claimed.place, self.clock(), claimed.organisation, map_.source, actor=claimed.actor)
        watch = Watch(tell=refusals.add, beside=self._beside)
        if claimed.stage == Stage.CHECKING:
            watch.listed = listed.differs
        size = max(1, 2 * given.source.size)
        try:
            if claimed.stage == Stage.CHECKING:
                import_rows(self.door, tried(given, watch, run), run, watch, self._pulse(size), dry=True, whole=False, room=self._room)
            else:
                import_rows(self.door, taken(given, watch, claimed.decisions), run, watch, self._pulse(size), dry=False, room=self._room)
            source = _amended(path, claimed.mendings)
            refused = files.beside(source, refusals.in_order())
            if claimed.stage == Stage.CHECKING:
                refused = listed.refused(refused, lambda name: _columns_of(map_, name, source.columns or ()))
            found = _found(refused, map_, source.columns or ())
            if claimed.stage == Stage.TAKING and watch.refused:
                files.hand_back(source, refusals.in_order(), path.parent / files.REFUSED, _called(map_))
        finally:
            refusals.close()
            listed.close()
            (path.parent / files.FOUND).unlink(missing_ok=True)
        with self.door.write() as writes:
            row = self._mine(writes)
            self._finish(writes, row, watch, found)
        if claimed.stage == Stage.TAKING:
            path.unlink(missing_ok=True)
            if not watch.refused:
                files.throw_away(self.var, [claimed.filed.name])

    # ---- how far it has come ----

    def _room(self) -> int:
        return FEW if self.others() else CHUNK

    def _pulse(self, size: int) -> Callable[[int], None]:
        def pulse(position: int) -> None:
            if self.stopping():
                raise LostError
            (self.rests.rest if self.others() else self.rests.on)()
            self.percent = min(99, 100 * position // size)
            if time.monotonic() - self.beaten > BEAT:
                self.beaten = time.monotonic()
                with self.door.write() as writes:
                    self._note(writes)

        return pulse

    def _note(self, writes: WriteSession, created: int = 0, corrected: int = 0) -> None:
        """Says how far it has come, and that it goes on. Raises: LostError where another does."""
        table = Intake.__table__  # type: ignore[attr-defined]
        mine = (table.c.collaboration_id == self.claimed.place.id, table.c.id == self.claimed.id, table.c.lease == self.claimed.lease)
        values = {"percent": self.percent, "leased_until": self.clock() + LEASE}
        if created or corrected:
            values |= {"created": table.c.created + created, "corrected": table.c.corrected + corrected}
        if writes.execute(update(table).where(*mine).values(**values)).rowcount != 1:  # type: ignore[attr-defined]
            raise LostError

    def _beside(self, writes: WriteSession, results: Sequence[Result]) -> None:
        """In the transaction that stores a chunk: counted with it or not at all, so that going on counts nothing twice."""
        self._note(writes, sum(one == Fate.CREATED for one in results), sum(one == Fate.CORRECTED for one in results))

    # ---- its end ----

    def _mine(self, writes: WriteSession) -> Intake:
        query = select(Intake).where(Intake.collaboration_id == self.claimed.place.id, Intake.id == self.claimed.id)
        row = writes.exec(query.with_for_update()).first()
        if row is None or row.lease != self.claimed.lease:
            raise LostError
        return row

    def _finish(self, writes: WriteSession, row: Intake, watch: Watch, found: Sequence[Found]) -> None:
        now, checking = self.clock(), self.claimed.stage == Stage.CHECKING
        if checking:
            row.created, row.corrected = watch.counts[Fate.CREATED], 0
            row.differing, row.left = watch.differ, 0
        else:
            row.left, row.finished_at = watch.left, now
        row.received, row.refused, row.percent, row.fault = watch.received, watch.refused, 100, None
        row.unchanged = watch.received - watch.refused - row.created - row.corrected - row.left - (row.differing if checking else 0)
        row.stage = Stage.CHECKED if checking else Stage.TAKEN
        row.lease = row.leased_until = None
        if not checking and not watch.refused:
            row.name = None
        writes.add(row)
        theirs = (col(Finding.collaboration_id) == row.collaboration_id, col(Finding.intake_id) == row.id)
        writes.execute(delete(Finding).where(*theirs))
        everything = [*found, *map(_differs, watch.differing if checking else ())]
        for number, one in enumerate(everything, start=1):
            said = {name: getattr(one, name) for name in Found.__slots__}
            writes.add(Finding(collaboration_id=row.collaboration_id, intake_id=row.id, number=number, made_at=now, **said))
        writes.flush()
        if not checking:
            record(writes, self.claimed.actor, "taken_in", "intake", row.id, at=now, collaboration_id=row.collaboration_id)

    def _fail(self, words: str) -> None:
        with self.door.write() as writes:
            row = self._mine(writes)
            row.stage, row.fault, row.lease, row.leased_until = Stage.FAILED, words, None, None
            writes.add(row)
            writes.flush()


def let_go(writes: WriteSession, claimed: Claimed, *, failed: str | None = None) -> None:
    """Leaves a file to whoever goes on with it; or, where going on would fail again, to those who sent it."""
    table = Intake.__table__  # type: ignore[attr-defined]
    values = {"lease": None, "leased_until": None} | ({"stage": Stage.FAILED, "fault": failed} if failed else {})
    writes.execute(update(table).where(table.c.collaboration_id == claimed.place.id, table.c.lease == claimed.lease).values(**values))


# ---- what was found --------------------------------------------------------------------------------------------------


def _amended(path: Path, mendings: Iterable[Mending]) -> files.Amended:
    source = open_source(path)
    in_rows: dict[int, dict[str, str]] = {}
    everywhere: dict[str, dict[str, str]] = {}
    for one in mendings:
        if one.rows is None:
            texts = everywhere.setdefault(one.sheet_column, {})
            for was, into in texts.items():
                texts[was] = one.cell if into == one.was else into
            texts[one.was] = one.cell
        else:
            for row in one.rows:
                in_rows.setdefault(row, {})[one.sheet_column] = one.cell
    return files.Amended(source.path, source.form, source.columns, in_rows, everywhere)


def _columns_of(map_: Map, name: str, columns: Sequence[str]) -> str:
    """The column in which a field stands; none where it is made of several, or written in the map."""
    found = {column for plan in map_.plans for column in (plan.columns[name].columns if name in plan.columns else ())}
    if not found and map_.lookup is not None and name not in columns:
        found = set(map_.lookup[0].columns)
    if len(found) == 1:
        return found.pop()
    return name if not found and name in columns else ""


def _called(map_: Map) -> Mapping[str, str]:
    """What each field is called in the file, where that is one column."""
    return {name: template.columns[0] for plan in map_.plans for name, template in plan.columns.items() if len(template.columns) == 1}


def _found(refused: Iterator[tuple[int, FieldError, dict[str, str]]], map_: Map, columns: Sequence[str]) -> list[Found]:
    """Refused rows, those together that are refused for one reason with one text: most often first."""
    found: dict[tuple[str, str, str], Found] = {}
    for number, error, row in refused:
        column = _columns_of(map_, error.field, columns)
        cell = row.get(column, "") if column else ""
        key = (error.field, error.message, cell)
        known = found.get(key)
        if known is None:
            if len(found) >= MOST_FOUND:
                continue
            fits = len(cell) <= SHOWN
            found[key] = Found(
                field=error.field[:80],
                sheet_column=column if fits else "",
                cell=cell[:SHOWN],
                message=error.message,
                count=1,
                rows=[number],
            )
        else:
            known.count += 1
            if len(known.rows) < MOST_ROWS:
                known.rows.append(number)
    return sorted(found.values(), key=lambda one: (-one.count, one.rows[0]))


def _differs(one: Differing) -> Found:
    return Found(differs=True, field="value", cell=one.says[:SHOWN], stands=one.stands[:SHOWN], about=one.about[:SHOWN], rows=[one.row])


def preview(path: Path, most: int = 5) -> list[dict[str, str]]:
    """The first rows of a file, as far as they can be read."""
    rows = open_source(path).rows(lambda _bytes: None)
    return [{name: text[:80] for name, text in row.items()} for row in islice(rows, most) if isinstance(row, dict)]
