"""Writing wordings, changing them, offering them no more."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from service.database import WriteSession
from service.errors import FieldError, Invalid
from service.journal.actions import Actor, record
from service.language import _
from service.places.queries import PlaceCard
from service.wordings.models import Wording, WordingForm
from service.wordings.queries import get_wording


def write_wording(writes: WriteSession, actor: Actor, place: PlaceCard, given: WordingForm, now: datetime) -> Wording:
    """Adds a wording. Raises: Invalid where there is one of this name."""
    _must_be_free(writes, place, given.name, None)
    row = Wording(collaboration_id=place.id, changed_at=now, **given.model_dump())
    writes.add(row)
    writes.flush()
    record(writes, actor, "written", "wording", row.id, at=now, collaboration_id=place.id)
    return row


def change_wording(writes: WriteSession, actor: Actor, place: PlaceCard, wording_id: UUID, given: WordingForm, now: datetime) -> bool:
    """Says it otherwise; answers whether that was news. Answers given before stay as they are. Raises: NotFound, Invalid."""
    row = get_wording(writes, place.id, wording_id)
    _must_be_free(writes, place, given.name, row.id)
    changed = [name for name, value in given.model_dump().items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, getattr(given, name))
    if changed:
        row.changed_at = now
        writes.add(row)
        writes.flush()
        record(writes, actor, "changed", "wording", row.id, at=now, collaboration_id=place.id, fields=changed)
    return bool(changed)


def retire_wording(writes: WriteSession, actor: Actor, place: PlaceCard, wording_id: UUID, now: datetime) -> bool:
    """Nobody is offered it any more; answers whether that was news. Raises: NotFound."""
    return _offered(writes, actor, place, wording_id, now, offered=False)


def bring_back_wording(writes: WriteSession, actor: Actor, place: PlaceCard, wording_id: UUID, now: datetime) -> bool:
    """It is offered again; answers whether that was news. Raises: NotFound."""
    return _offered(writes, actor, place, wording_id, now, offered=True)


def _offered(writes: WriteSession, actor: Actor, place: PlaceCard, wording_id: UUID, now: datetime, *, offered: bool) -> bool:
    row = get_wording(writes, place.id, wording_id)
    if (row.retired_at is None) == offered:
        return False
    row.retired_at = None if offered else now
    writes.add(row)
    writes.flush()
    record(writes, actor, "brought_back" if offered else "retired", "wording", row.id, at=now, collaboration_id=place.id)
    return True


def _must_be_free(writes: WriteSession, place: PlaceCard, name: str, own: UUID | None) -> None:
    found = writes.exec(select(Wording.id).where(Wording.collaboration_id == place.id, Wording.name == name)).first()
    if found is not None and found != own:
        raise Invalid(FieldError("name", _("There is one of this name already. Choose another name.")))
