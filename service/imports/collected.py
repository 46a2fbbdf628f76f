"""Taking in what others collected: messages, promises, stories. A source and a ref say which one a row is; a known one changes nothing."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, StringConstraints
from sqlmodel import col, select

from service.database import ReadSession, WriteSession
from service.days import local_day
from service.errors import FieldError, Refusal
from service.feedback.import_actions import Collected, import_feedback
from service.feedback.intake import Sender, check
from service.feedback.models import Capturer, Feedback, FeedbackIn
from service.imports.runs import SELF, Fields, Item, Result, Run, checked, first_of
from service.language import N_, _
from service.narratives.actions import Teller, submit_narrative
from service.narratives.models import Narrative, NarrativeIn
from service.promises.actions import Imported, import_promise
from service.promises.models import Promise, Said, Side
from service.results.rules import Fate
from service.tables import Code, Input, IsoDay, Line, Paragraph, Plain

A_MOMENT = N_("Write a day as 2026-11-22, or a moment as 2026-11-22T09:30.")
NOT_YET = N_("This day has not come yet.")


def _moment(value: object) -> object:
    """A day, or a moment with or without its zone."""
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return date.fromisoformat(value)
        if isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}[T ]", value):
            return datetime.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError(A_MOMENT)


Arrived = Annotated[datetime | date, BeforeValidator(_moment)]
Origin = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), Plain]
Ref = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), Plain]


class FeedbackRow(FeedbackIn):
    """A message with where it came from, and when it came there. With `promise_origin`, `promise` is the ref of a promise from there."""

    source: Origin
    ref: Ref
    received_at: Arrived
    organisation: Code | None = None
    promise_origin: Origin | None = None


class PromiseRow(Input):
    """A promise as somebody else wrote it down. It may lack what a promise made here must have; residents' part has no maker."""

    text: Said
    side: Side = Side.OUR_PART
    maker: Code | None = None
    due_on: IsoDay | None = None
    review_by: IsoDay | None = None
    origin: Origin
    ref: Ref
    deal: Line | None = None
    source: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), Plain] | None = None
    summary: Paragraph | None = None
    area: Code | None = None
    whole_place: bool = False
    made_on: IsoDay | None = None
    kept_when: Said | None = None
    owner: Line | None = None
    audience: Line | None = None


class NarrativeRow(NarrativeIn):
    """A story with where it came from. With `promise_origin`, `promise` is the ref of a promise from there."""

    origin: Origin
    ref: Ref
    promise_origin: Origin | None = None


# ---- which ones are there already ------------------------------------------------------------------------------------

Key = tuple[str, str]


def _key(record: Fields, source: str) -> Key:
    return str(record.get(source) or ""), str(record.get("ref") or "")


def _known(reads: ReadSession, run: Run, items: Sequence[Item], source: str, columns: tuple[Any, Any, Any]) -> set[Key]:
    """The keys of these rows that are there already. `columns` are those of the source, the ref and the id that exports write."""
    source_column, ref_column, id_column = columns
    keys = {_key(record, source) for _number, record in items}
    found: set[Key] = set()
    collaboration = source_column.class_.collaboration_id
    for origin in {origin for origin, _ref in keys}:
        refs = [ref for known, ref in keys if known == origin]
        query = select(ref_column).where(collaboration == run.place.id, source_column == origin, col(ref_column).in_(refs))
        found |= {(origin, ref) for ref in reads.exec(query)}
        if origin == SELF:
            ids = {id_: ref for ref in refs if (id_ := _uuid(ref))}
            own = select(id_column).where(collaboration == run.place.id, col(id_column).in_(list(ids)))
            found |= {(origin, ids[id_]) for id_ in reads.exec(own)}
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _promises_named(reads: ReadSession, run: Run, items: Sequence[Item]) -> list[Item]:
    """The same rows with the promise that each names by origin and ref as its id here; one that is not there stays as it was written."""
    named = {_promise_key(record) for _number, record in items if "promise_origin" in record}
    if not named:
        return list(items)
    there = select(Promise.origin, Promise.ref, Promise.id).where(Promise.collaboration_id == run.place.id)
    known = there.where(col(Promise.origin).in_({origin for origin, _ref in named}), col(Promise.ref).in_({ref for _origin, ref in named}))
    ids = {(str(origin), str(ref)): str(id_) for origin, ref, id_ in reads.exec(known)}
    return [(number, record | {"promise": ids[key]} if (key := _promise_key(record)) in ids else record) for number, record in items]


def _promise_key(record: Fields) -> Key:
    return str(record.get("promise_origin")), str(record.get("promise"))


def _new_ones(
    run: Run, items: Sequence[Item], source: str, known: set[Key], read: Callable[[Fields], Any]
) -> Iterable[tuple[int, Key, Any]]:
    """By place in the chunk: what is left to take in, read, or why not; and Fate.UNCHANGED for what is there."""
    for place, (_number, record) in enumerate(items):
        key = _key(record, source)
        yield place, key, Fate.UNCHANGED if key in known or run.before("\n".join(key)) is not None else read(record)


# ---- taking in -------------------------------------------------------------------------------------------------------


def take_feedback(run: Run, writes: WriteSession, items: Sequence[Item]) -> list[Result]:
    """Stores messages: no receipt, nothing owed, read by the team only unless the row says otherwise."""
    known = _known(writes, run, items, "source", (Feedback.source, Feedback.ref, Feedback.public_id))
    items = _promises_named(writes, run, items)
    results: list[Any] = [Fate.UNCHANGED] * len(items)
    waiting: dict[Key, Collected] = {}
    places: dict[Key, list[int]] = {}
    for place, key, found in _new_ones(run, items, "source", known, lambda record: _message(run, record)):
        if isinstance(found, Collected):
            waiting.setdefault(key, found)
            places.setdefault(key, []).append(place)
        else:
            results[place] = found
    stored = import_feedback(writes, run.actor, run.place, list(waiting.values()), run.now)
    for key, result in zip(waiting, stored, strict=True):
        first, *again = places[key]
        if isinstance(result, Refusal):
            for place in (first, *again):
                results[place] = first_of(result)
        else:
            results[first] = Fate.CREATED if result else Fate.UNCHANGED
            run.fresh["\n".join(key)] = ""
    return results


def _message(run: Run, record: Fields) -> Collected | FieldError:
    given = checked(FeedbackRow, {"organisation": run.organisation.code, **record} if run.organisation else record)
    if isinstance(given, FieldError):
        return given
    own = {"source", "ref", "received_at", "organisation", "promise_origin"}
    said = FeedbackIn.model_validate(given.model_dump(exclude=own, exclude_unset=True))
    if errors := check(run.place, Sender(actor=run.actor, with_key=True), said, run.now):
        return errors[0]
    at = _in_utc(given.received_at, run.place.time_zone, run.now)
    if at > run.now:
        return FieldError("received_at", _(NOT_YET))
    return Collected(source=given.source, ref=given.ref, received_at=at, said=said, organisation=given.organisation)


def _in_utc(arrived: datetime | date, zone: str, now: datetime) -> datetime:
    """A day is its noon in the place, or now where that is still to come today; a moment without a zone is the place's own."""
    if isinstance(arrived, datetime):
        return (arrived if arrived.tzinfo else arrived.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    noon = datetime(arrived.year, arrived.month, arrived.day, 12, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return min(noon, now) if arrived == local_day(now, zone) else noon


def take_promises(run: Run, writes: WriteSession, items: Sequence[Item]) -> list[Result]:
    """Stores promises that were made elsewhere, with what is known of them."""

    def store(given: PromiseRow) -> Result:
        if given.made_on and given.made_on > local_day(run.now, run.place.time_zone):
            return FieldError("made_on", _(NOT_YET))
        if given.maker is None and given.side == Side.OUR_PART:
            return FieldError("maker", _("This is needed, unless side is your_part."))
        if given.due_on is None and given.review_by is None:
            return FieldError("due_on", _("This is needed, or review_by."))
        for name, day in (("due_on", given.due_on), ("review_by", given.review_by)):
            if given.made_on and day and day < given.made_on:
                return FieldError(name, _("This is earlier than the day the promise was made."))
        if given.area and given.whole_place:
            return FieldError("area", _("Name an area or the whole place, not both."))
        is_new = import_promise(writes, run.actor, run.place, Imported(**{**given.model_dump(), "source": given.source or None}), run.now)
        return Fate.CREATED if is_new else Fate.UNCHANGED

    known = _known(writes, run, items, "origin", (Promise.origin, Promise.ref, Promise.id))
    return _one_by_one(run, items, known, PromiseRow, store)


def take_narratives(run: Run, writes: WriteSession, items: Sequence[Item]) -> list[Result]:
    """Stores stories, to be checked by somebody before anyone else reads them."""
    organisation_id = run.organisation.id if run.organisation else None

    def store(given: NarrativeRow) -> Result:
        teller = Teller(run.actor, organisation_id, Capturer.IMPORT, given.origin)
        said = NarrativeIn.model_validate(given.model_dump(exclude={"origin", "promise_origin"}, exclude_unset=True))
        _row, is_new = submit_narrative(writes, teller, run.place, said, run.now)
        return Fate.CREATED if is_new else Fate.UNCHANGED

    items = _promises_named(writes, run, items)
    known = _known(writes, run, items, "origin", (Narrative.origin, Narrative.ref, Narrative.public_id))
    return _one_by_one(run, items, known, NarrativeRow, store)


def _one_by_one(run: Run, items: Sequence[Item], known: set[Key], shape: type[Any], store: Callable[[Any], Result]) -> list[Result]:
    results: list[Result] = []
    for _place, key, found in _new_ones(run, items, "origin", known, lambda record: checked(shape, record)):
        if isinstance(found, Fate | FieldError):
            results.append(found)
            continue
        try:
            result = store(found)
        except Refusal as refusal:
            result = first_of(refusal)
        if isinstance(result, Fate):
            run.fresh["\n".join(key)] = ""
        results.append(result)
    return results
