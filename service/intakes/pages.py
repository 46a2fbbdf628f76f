"""Files that staff bring in, on the pages: sent, looked at, mended in place, taken in, and what came of the earlier ones."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from service.clock import Now
from service.database import Reads, ReadSession, Writes, WriteSession, afterwards
from service.doors import Router
from service.errors import BadRequest, Conflict, Invalid, NotFound
from service.html import PRIVATE, Form, page, see_other
from service.imports.mapping import MapIn
from service.intakes import files
from service.intakes.actions import forget_map, forget_mendings, look_again, mend, remove_file, take_in
from service.intakes.listed import DIFFERS, WRONG
from service.intakes.models import AT_WORK, Choice, Decided, Filed, Mended, Stage
from service.intakes.named import MOST, find_known
from service.intakes.queries import IntakeCard, find_findings, find_intakes, find_maps, get_intake, get_map
from service.intakes.rules import MAY_BE_OWNED, OWNED, PLACE_KINDS, kinds_for
from service.intakes.waiting import Waiting
from service.intakes.written import shipped
from service.language import _
from service.people.access import AtWork, held, says_who
from service.people.models import Member, Role
from service.places.queries import find_organisations

router = Router(prefix="/staff/{c}/imports", include_in_schema=False)

SHEET = "text/csv; charset=utf-8"
MOST_FIELDS = 500
"""Fields of a form: a line for each column, and for each thing found."""

Values = dict[str, str]


@says_who("staff of the collaboration")
async def _bringer(member: AtWork) -> Member:
    return held(member, Role.COORDINATOR, Role.ADMIN)


Bringing = Annotated[Member, Depends(_bringer)]


async def typed(request: Request) -> Values:
    """What was typed, as it was typed. Raises: BadRequest for what is no text."""
    async with request.form(max_fields=MOST_FIELDS, max_files=0, max_part_size=64 * 1024) as form:
        values = {name: value.replace("\r\n", "\n") for name, value in form.items() if isinstance(value, str)}
    if any("\ufffd" in value or "\x00" in value for value in values.values()):
        raise BadRequest(_("The form holds bytes that are not text. Type it again, and send it."))
    return values


Typed = Annotated[Values, Depends(typed)]


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as a browser sends it, for as long as the request lasts, and what was chosen beside it."""

    file: UploadFile | None
    values: Values


async def sent(request: Request) -> AsyncIterator[Sent]:
    """The form with its file, which lies on the disk where it is large."""
    async with request.form(max_fields=20, max_files=1, max_part_size=4 * 1024) as form:
        file = form.get("file", form.get("map_file"))
        values = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
        yield Sent(file if isinstance(file, UploadFile) and file.filename else None, values)


Upload = Annotated[Sent, Depends(sent)]


# ---- the list, and a new file ----------------------------------------------------------------------------------------


@router.get("", name="intakes.list")
def imports(request: Request, member: Bringing, reads: Reads) -> HTMLResponse:
    """What was brought in here, and the form that brings in more."""
    return list_page(request, member, reads, Form())


def map_called(reads: ReadSession, member: Member, name: str) -> MapIn:
    """A map by its number, or by the name under which it comes with the service. Raises: NotFound."""
    ours = shipped()
    if name in ours:
        return ours[name]
    try:
        return get_map(reads, member, UUID(name))
    except ValueError:
        raise NotFound from None


def maps_for(reads: ReadSession, member: Member, kind: str | None = None) -> list[tuple[str, str, str]]:
    """The maps that there are: what each is chosen by, its name, its kind. The place's own stand first."""
    own = [(str(line.id), line.name, line.kind) for line in find_maps(reads, member)]
    known = kinds_for(member.grants)
    ours = [(name, name, written.kind) for name, written in shipped().items() if written.kind in known]
    return [line for line in (*own, *ours) if kind in (None, line[2])]


def list_page(
    request: Request, member: Member, reads: ReadSession, form: Form[Any], status: int = 200, waits: Waiting | None = None
) -> HTMLResponse:
    """The list with the form; `waits` is the file that need not be sent again."""
    kinds = kinds_for(member.grants)
    return shown(
        request,
        member,
        "list",
        status,
        form=form,
        waits=waits,
        kinds=kinds,
        owned=any(kind in (*OWNED, *MAY_BE_OWNED) for kind in kinds),
        organisations=find_organisations(reads, member.place.id),
        maps=maps_for(reads, member),
        own_maps=find_maps(reads, member),
        intakes=find_intakes(reads, member),
    )


@router.post("/maps/{map_id}/forget", name="intakes.forget_map")
def forget(request: Request, member: Bringing, map_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """Forgets a map; files that were read with it stay as they are."""
    forget_map(writes, member, map_id, now)
    return see_other(request, "intakes.list", c=member.place.slug)


# ---- one file --------------------------------------------------------------------------------------------------------


@router.get("/{intake_id}", name="intakes.one")
def one(request: Request, member: Bringing, intake_id: UUID, reads: Reads) -> Response:
    """How far a file has come: what would become of it, what is wrong with it, what became of it."""
    card = get_intake(reads, member, intake_id)
    if card.stage == Stage.SENT:
        return see_other(request, "intakes.columns", c=member.place.slug, intake_id=card.id)
    return one_page(request, member, reads, card, Form(values=_decisions(card)))


@router.post("/{intake_id}/mend", name="intakes.mend")
def put_right(request: Request, member: Bringing, intake_id: UUID, values: Typed, writes: Writes, now: Now) -> RedirectResponse:
    """Puts something else into cells, and looks through the file again."""
    cells = []
    for name, text in values.items():
        if name.startswith("cell-"):
            cells.append(Mended(_number(name.removeprefix("cell-")), text.strip()))
    wake(request, writes)
    mend(writes, member, intake_id, cells, now)
    return _back(request, member, intake_id)


@router.post("/{intake_id}/unmend", name="intakes.unmend")
def as_it_was(request: Request, member: Bringing, intake_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """Reads the file again as it was sent."""
    wake(request, writes)
    forget_mendings(writes, member, intake_id, now)
    return _back(request, member, intake_id)


@router.post("/{intake_id}/again", name="intakes.again")
def again(request: Request, member: Bringing, intake_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """Looks through it once more: somebody may have added an area meanwhile."""
    wake(request, writes)
    look_again(writes, member, intake_id, now)
    return _back(request, member, intake_id)


@router.post("/{intake_id}/take", name="intakes.take")
def take(request: Request, member: Bringing, intake_id: UUID, values: Typed, writes: Writes, now: Now) -> Response:
    """Takes it in, in the background. Pressed twice, it is taken in once."""
    choices = {name.removeprefix("row-"): text for name, text in values.items() if name.startswith("row-") and text in set(Choice)}
    choice = values.get("choice", "")
    otherwise = {row: Choice(text) for row, text in choices.items() if text != choice and row.isdecimal() and len(row) < 10}
    reason = " ".join(values.get("reason", "").split())
    decided = Decided(Choice(choice) if choice in set(Choice) else None, reason[:300] or None, otherwise)
    try:
        take_in(writes, member, intake_id, decided, now)
    except Invalid as refusal:
        form: Form[Any] = Form(values=values)
        form.refuse(refusal, "choice")
        return one_page(request, member, writes, get_intake(writes, member, intake_id), form, 422)
    wake(request, writes)
    return _back(request, member, intake_id)


@router.post("/{intake_id}/remove", name="intakes.remove")
def remove(request: Request, member: Bringing, intake_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """Lets go of a file that was not taken in."""
    remove_file(writes, member, intake_id, now)
    return see_other(request, "intakes.list", c=member.place.slug)


@router.get("/{intake_id}/refused.csv", name="intakes.refused")
def refused(request: Request, member: Bringing, intake_id: UUID, reads: Reads) -> FileResponse:
    """The rows that were refused, with their own columns and the reason: to be mended and sent again."""
    card = get_intake(reads, member, intake_id)
    path = file_of(request, card.filed).with_name(files.REFUSED)
    if card.stage != Stage.TAKEN or not path.is_file():
        raise NotFound
    called = f"{card.file_name.removesuffix('.csv')}-refused.csv"
    return FileResponse(path, media_type=SHEET, filename=called, headers=PRIVATE)


@router.get("/{intake_id}/wrong.csv", name="intakes.wrong")
def all_wrong(request: Request, member: Bringing, intake_id: UUID, reads: Reads) -> FileResponse:
    """Everything that is wrong with a file that was looked through: row, field, what stands there, why."""
    return _list_of(request, get_intake(reads, member, intake_id), WRONG)


@router.get("/{intake_id}/differing.csv", name="intakes.differing")
def all_differing(request: Request, member: Bringing, intake_id: UUID, reads: Reads) -> FileResponse:
    """Every row that says something else than what stands here, with both."""
    return _list_of(request, get_intake(reads, member, intake_id), DIFFERS)


def _list_of(request: Request, card: IntakeCard, name: str) -> FileResponse:
    path = file_of(request, card.filed).with_name(name)
    if card.stage != Stage.CHECKED or not path.is_file():
        raise NotFound
    return FileResponse(path, media_type=SHEET, filename=f"{card.file_name.removesuffix('.csv')}-{name}", headers=PRIVATE)


def _decisions(card: IntakeCard) -> Values:
    values = {"choice": card.choice or "", "reason": card.reason or ""}
    return values | {f"row-{row}": choice for row, choice in card.otherwise.items()}


def one_page(request: Request, member: Member, reads: ReadSession, card: IntakeCard, form: Form[Any], status: int = 200) -> HTMLResponse:
    """The page of one file."""
    found = find_findings(reads, member.place.id, card.id)
    return shown(
        request,
        member,
        "one",
        status,
        fragments=["intake_now"],
        form=form,
        card=card,
        busy=card.stage in AT_WORK,
        wrong=[one for one in found if not one.differs],
        differing=[one for one in found if one.differs],
        has_refused=card.stage == Stage.TAKEN
        and card.filed is not None
        and file_of(request, card.filed).with_name(files.REFUSED).is_file(),
        for_place=card.kind in PLACE_KINDS,
        known={field: those[:MOST] for field, those in find_known(reads, member.place.id, card.kind).items()},
    )


# ---- the steps -------------------------------------------------------------------------------------------------------


def wake(request: Request, writes: WriteSession) -> None:
    """Whoever works on files looks as soon as this is committed."""
    afterwards(writes, request.app.state.bringer.wake)


def file_of(request: Request, filed: Filed | None) -> Path:
    """Where a file lies. Raises: Conflict when it is kept no more."""
    if filed is None:
        raise Conflict(_("The file is not kept any more. Send it again."))
    return files.path_of(request.app.state.settings.var, filed)


def _number(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadRequest(_("There is nothing of this number to mend.")) from None


def _back(request: Request, member: Member, intake_id: UUID) -> RedirectResponse:
    return see_other(request, "intakes.one", c=member.place.slug, intake_id=intake_id)


def shown(request: Request, member: Member, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page of this feature."""
    said: Mapping[str, Any] = {"place": member.place, "member": member, "here": "imports", "status": status, "headers": PRIVATE}
    return page(request, f"intakes/{template}.html", **{**facts, **said})
