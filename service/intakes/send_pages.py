"""A file on its way in from a browser: kept, opened, and noted with what was chosen beside it; nothing chosen is lost on a refusal."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from service.clock import Now
from service.database import Database, Door, ReadSession
from service.doors import Router
from service.errors import FieldError, Invalid, NotFound, Refused
from service.guard import MOST_SHEET
from service.html import Form, see_other
from service.imports.mapping import MapIn
from service.imports.reading import open_source
from service.imports.running import ordered
from service.intakes import files
from service.intakes.actions import send_file
from service.intakes.models import Filed
from service.intakes.pages import Bringing, Sent, Values, list_page, map_called, sent, wake
from service.intakes.rules import MAY_BE_OWNED, OWNED, kinds_for
from service.intakes.waiting import take_up, wait
from service.intakes.written import as_map
from service.language import _
from service.people.models import Member
from service.places.queries import find_organisation

router = Router(prefix="/staff/{c}/imports", include_in_schema=False)

Upload = Annotated[Sent, Depends(sent)]


@router.post("", name="intakes.send", max_body_size=MOST_SHEET)
async def send(request: Request, member: Bringing, given: Upload, database: Door, now: Now) -> Response:
    """Keeps a file, then asks which column is which field; with a map that fits, looks through it at once."""
    form: Form[Any] = Form(values=given.values)
    var, filed, waits = request.app.state.settings.var, None, None
    try:
        try:
            filed = await run_in_threadpool(_filed, var, member, given)
        except Invalid as refusal:
            form.refuse(refusal, "file")
        intake_id, known = await _sent_in(request, member, given.values, filed, database, now, form.errors)
    except (Invalid, Refused) as refusal:
        form.errors = []
        form.refuse(refusal, "kind")
        if filed is not None:
            waits = await run_in_threadpool(wait, var, member, filed)
        return await database.reading(lambda reads: list_page(request, member, reads, form, 422, waits))
    except BaseException:
        if filed is not None:
            files.throw_away(var, [filed.name])
        raise
    return see_other(request, "intakes.one" if known else "intakes.columns", c=member.place.slug, intake_id=intake_id)


def _filed(var: Path, member: Member, given: Sent) -> Filed:
    """The file that was sent, or the one that waits for this form. Raises: Invalid."""
    if given.file is None:
        waiting = take_up(var, member, given.values.get("waiting", ""))
        if waiting is None:
            again = given.values.get("waiting")
            raise Invalid(FieldError("file", _("The file is not kept any more. Send it again.") if again else _("Choose a file.")))
        return waiting
    filed = files.file_away(var, given.file.file, given.file.filename or "file")
    try:
        open_source(files.path_of(var, filed))
    except BaseException:
        files.throw_away(var, [filed.name])
        raise
    return filed


async def _sent_in(
    request: Request, member: Member, values: Values, filed: Filed | None, database: Database, now: datetime, wrong: Sequence[FieldError]
) -> tuple[UUID, bool]:
    """Raises: Invalid, Refused."""
    kind = values.get("kind", "")
    faults = [FieldError("kind", _("Say what is in it."))] if kind not in kinds_for(member.grants) else []
    organisation_id, written = await database.reading(lambda reads: _chosen(reads, member, values, faults))
    faults.sort(key=lambda fault: fault.field == "map")
    at = next((place for place, fault in enumerate(faults) if fault.field == "map"), len(faults))
    faults[at:at] = wrong
    if faults or filed is None:
        raise Invalid(*faults)
    path = files.path_of(request.app.state.settings.var, filed)
    fits = written is not None and await run_in_threadpool(_fits, path, written)
    async with database.writing() as writes:
        if fits:
            wake(request, writes)
        used = written if fits else None
        intake_id = await asyncio.to_thread(send_file, writes, member, filed, kind, organisation_id, now, used)
    return intake_id, fits


def _fits(path: Path, written: MapIn) -> bool:
    try:
        ordered(written.kind, lambda: open_source(path), as_map(written, ""), "")
    except Invalid:
        return False
    return True


def _chosen(reads: ReadSession, member: Member, values: Values, faults: list[FieldError]) -> tuple[UUID | None, MapIn | None]:
    """Whose it is, and its map."""
    kind, code, organisation_id, written = values.get("kind", ""), values.get("organisation", ""), None, None
    if code and kind in (*OWNED, *MAY_BE_OWNED):
        found = find_organisation(reads, member.place.id, code)
        if found is None:
            faults.append(FieldError("organisation", _("Choose an organisation of this place.")))
        organisation_id = found.id if found else None
    elif kind in OWNED:
        faults.append(FieldError("organisation", _("Choose whose figures they are.")))
    if values.get("map"):
        try:
            written = map_called(reads, member, values["map"])
        except NotFound:
            faults.append(FieldError("map", _("There is no such map any more. Choose another.")))
        if written is not None and kind and written.kind != kind:
            faults.append(FieldError("map", _("This map is for %(kind)s.", kind=written.kind)))
    return organisation_id, written
