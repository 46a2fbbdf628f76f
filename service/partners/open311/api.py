"""Open311 GeoReport v2 over HTTP, in XML and in JSON, with the updates extension of mySociety. The jurisdiction is the place's slug."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import unquote_to_bytes
from uuid import UUID, uuid4

from fastapi import Depends, Header, Request
from fastapi.responses import Response
from pydantic import ValidationError

from service.clock import Now
from service.database import Door, Reads, ReadSession
from service.days import local_day
from service.doors import Router
from service.errors import BadRequest, FieldError, Invalid, NeedsKey, NotFound, WrongType
from service.feedback import intake
from service.feedback.models import FeedbackIn, Kind, Share
from service.feedback.published import Wanted
from service.georeport import PREFIX, One, Rows, media_type, written
from service.inputs import OUT_OF_RANGE, explain
from service.language import N_, _
from service.partners.access import in_place, recognised
from service.partners.models import Caller, Scope
from service.partners.open311 import rules
from service.partners.open311.queries import (
    OpenTopic,
    find_requests,
    find_services,
    names_of,
    read_areas,
    updates_of,
)
from service.people.access import ANYONE, enter_place, says_who
from service.places.queries import PlaceCard, find_area_choices, find_places

router = Router(prefix=f"{PREFIX}v2", include_in_schema=False)

SOMETHING_ELSE = N_("Something else")
KINDS = {
    Kind.GOOD: N_("Something good"),
    Kind.NOT_GOOD: N_("Something is not right"),
    Kind.IDEA: N_("An idea"),
    Kind.QUESTION: N_("A question"),
}
SHARES = {Share.TEAM_ONLY: N_("No. Only the team can read them."), Share.WORDS_PUBLIC: N_("Yes, but not my name.")}


class Form(StrEnum):
    """What an address ends with."""

    XML = "xml"
    JSON = "json"


class GeoReport(Response):
    """An answer of Open311: no page."""


# ---- what comes with every request -----------------------------------------------------------------------------------


async def _given(request: Request) -> Mapping[str, str]:
    """What was sent in the address and in the body; of what comes twice, the first. Raises: WrongType, BadRequest."""
    found = dict(reversed(request.query_params.multi_items()))
    if request.method == "POST":
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            raise WrongType(_("Send a form, with Content-Type: application/x-www-form-urlencoded."))
        try:
            unquote_to_bytes(await request.body()).decode()
        except UnicodeDecodeError:
            raise BadRequest(_("The body is not UTF-8.")) from None
        form = await request.form()
        found |= {name: value for name, value in reversed(form.multi_items()) if isinstance(value, str)}
    return found


Given = Annotated[Mapping[str, str], Depends(_given)]


async def _jurisdiction(request: Request, database: Door, given: Given) -> PlaceCard:
    """The place that `jurisdiction_id` names. It may be left out where there is only one. Raises: BadRequest, NotFound."""
    slug = given.get("jurisdiction_id", "")
    if not slug:
        places = await database.reading(find_places)
        if len(places) != 1:
            raise BadRequest(_("jurisdiction_id was not provided."))
        slug = places[0].slug
    return await enter_place(request, slug)


Place = Annotated[PlaceCard, Depends(_jurisdiction)]


@says_who("key with feedback:write")
async def sender_of(request: Request, database: Door, place: Place, given: Given, now: Now) -> Caller:
    """The holder of `api_key`, which may also come as a bearer token. Raises: NeedsKey, Refused, NotFound."""
    bearer = request.headers.get("authorization", "").partition(" ")
    key = given.get("api_key") or (bearer[2] if bearer[0].lower() == "bearer" else "")
    if not key:
        raise NeedsKey
    return in_place(await recognised(key, database, now, request), place, Scope.FEEDBACK_WRITE)


def _day(given: Mapping[str, str], name: str) -> date | None:
    """A day or a moment, as its day. Raises: Invalid."""
    text = given.get(name, "").strip()
    try:
        return datetime.fromisoformat(text).date() if text else None
    except ValueError:
        raise Invalid(FieldError(name, _("Write the date as year, month and day, for instance 2026-11-22."))) from None


def _period(given: Mapping[str, str], place: PlaceCard, now: datetime) -> tuple[date, date]:
    """The days asked for. Raises: Invalid."""
    try:
        return rules.window(_day(given, "start_date"), _day(given, "end_date"), local_day(now, place.time_zone))
    except ValueError:
        raise Invalid(FieldError("start_date", _("At most 90 days can be asked for at once."))) from None


def _codes(given: Mapping[str, str], name: str) -> list[str]:
    return [code.strip() for code in given.get(name, "").split(",") if code.strip()]


def answered(tree: Rows | One, form: Form, *, kept: bool = True) -> GeoReport:
    """The answer in the form that was asked for. What is not `kept` stays in no cache."""
    return GeoReport(written(tree, form), headers=None if kept else {"Cache-Control": "no-store"}, media_type=media_type(form))


# ---- services --------------------------------------------------------------------------------------------------------


@router.get("/discovery.{form}", name="open311.discovery", dependencies=[ANYONE])
def discover(request: Request, form: Form) -> GeoReport:
    """Where this is, and what it speaks."""
    settings = request.app.state.settings
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": f"{settings.public_url}{PREFIX}v2",
        "changeset": "2026-11-23T00:00:00Z",
        "type": "production" if settings.mode == "production" else "test",
        "formats": Rows("formats", "format", ["text/xml", "application/json"]),
    }
    about = {
        "changeset": "2026-11-23T00:00:00Z",
        "contact": settings.security_contact or f"{settings.public_url}/",
        "key_service": _("Whoever runs the place makes keys."),
        "endpoints": Rows("endpoints", "endpoint", [endpoint]),
    }
    return answered(One("discovery", about), form)


@router.get("/services.{form}", name="open311.services", dependencies=[ANYONE])
def services(form: Form, place: Place, reads: Reads) -> GeoReport:
    """What can be told of."""
    rows = [
        {
            "service_code": service.code,
            "service_name": service.name,
            "description": service.about,
            "metadata": True,
            "type": "realtime",
            "keywords": None,
            "group": service.organisation,
        }
        for service in find_services(reads, place, _(SOMETHING_ELSE))
    ]
    return answered(Rows("services", "service", rows), form)


@router.get("/services/{service_code}.{form}", name="open311.service", dependencies=[ANYONE])
def service(service_code: str, form: Form, place: Place, reads: Reads) -> GeoReport:
    """What can be said of one: which kind of thing, whether others may read it, and in which area. Raises: NotFound."""
    found = _service(reads, place, service_code)
    areas = {choice.code: choice.name for choice in find_area_choices(reads, place.id)}
    choices = [
        ("kind", _("What do you want to tell us?"), {kind.value: _(words) for kind, words in KINDS.items()}),
        ("share", _("Can we show your words to others?"), {share.value: _(words) for share, words in SHARES.items()}),
        ("area", _("Which area is this about?"), areas),
    ]
    attributes = [
        {
            "variable": True,
            "code": code,
            "datatype": "singlevaluelist",
            "required": False,
            "datatype_description": None,
            "order": order,
            "description": words,
            "values": Rows("values", "value", [{"key": key, "name": name} for key, name in values.items()]),
        }
        for order, (code, words, values) in enumerate(choices, start=1)
        if values
    ]
    fields = {"service_code": found.code, "attributes": Rows("attributes", "attribute", attributes)}
    return answered(One("service_definition", fields), form)


def _service(reads: ReadSession, place: PlaceCard, code: str) -> OpenTopic:
    """The service with this code. Raises: NotFound."""
    for one in find_services(reads, place, _(SOMETHING_ELSE)):
        if one.code == code:
            return one
    raise NotFound


# ---- requests --------------------------------------------------------------------------------------------------------


@router.get("/requests.{form}", name="open311.requests", dependencies=[ANYONE])
def requests(form: Form, place: Place, given: Given, reads: Reads, now: Now) -> GeoReport:
    """What people told and let everybody read: by ids; or by service, by status, within 90 days."""
    found = find_requests(reads, place, _wanted(given, place, now), names_of(reads, place, _(SOMETHING_ELSE)), _statuses(given))
    return answered(Rows("service_requests", "request", [request for _message, request in found]), form)


@router.get("/requests/{request_id}.{form}", name="open311.request", dependencies=[ANYONE])
def one_request(request_id: UUID, form: Form, place: Place, reads: Reads) -> GeoReport:
    """One of them. Raises: NotFound, also for what not everybody may read."""
    found = find_requests(reads, place, Wanted(ids=(request_id,)), names_of(reads, place, _(SOMETHING_ELSE)), ())
    if not found:
        raise NotFound
    return answered(Rows("service_requests", "request", [found[0][1]]), form)


@router.get("/tokens/{token}.{form}", name="open311.token", dependencies=[ANYONE])
def token(token: UUID, form: Form, place: Place, reads: Reads) -> GeoReport:
    """The request of a token. An id is given at once here, so that it is its own token. Raises: NotFound."""
    if not find_requests(reads, place, Wanted(ids=(token,)), names_of(reads, place, ""), ()):
        raise NotFound
    return answered(Rows("service_requests", "request", [{"service_request_id": str(token), "token": str(token)}]), form)


@router.get("/servicerequestupdates.{form}", name="open311.updates", dependencies=[ANYONE])
def updates(form: Form, place: Place, given: Given, reads: Reads, now: Now) -> GeoReport:
    """What was answered to them, in the same days."""
    found = find_requests(reads, place, _wanted(given, place, now), names_of(reads, place, ""), ())
    rows = [update for message, _request in found for update in updates_of(message)]
    return answered(Rows("service_request_updates", "request_update", rows), form)


def _wanted(given: Mapping[str, str], place: PlaceCard, now: datetime) -> Wanted:
    """What a list is asked for. Raises: Invalid."""
    if ids := _codes(given, "service_request_id"):
        try:
            return Wanted(ids=tuple(UUID(one) for one in ids[: rules.MOST]))
        except ValueError:
            raise Invalid(FieldError("service_request_id", _("This is not a UUID of the kind that is needed."))) from None
    first, last = _period(given, place, now)
    topics = tuple(None if code == rules.ANY_TOPIC else code for code in _codes(given, "service_code"))
    return Wanted(since=first, until=last, topics=topics)


def _statuses(given: Mapping[str, str]) -> list[str]:
    """Which are asked for. Raises: Invalid."""
    asked = _codes(given, "status")
    if wrong := [one for one in asked if one not in (rules.OPEN, rules.CLOSED)]:
        raise Invalid(*(FieldError("status", _("Choose one of these: %(words)s.", words="open, closed")) for _one in wrong[:1]))
    return asked


@router.post("/requests.{form}", name="open311.tell")
async def tell(
    form: Form,
    place: Place,
    given: Given,
    caller: Annotated[Caller, Depends(sender_of)],
    database: Door,
    now: Now,
    request: Request,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> GeoReport:
    """Stores a message. Its code stands in `service_notice`; names, devices and points on a map are not kept.

    Raises: Invalid, NeedsKey, Refused, NotFound.
    """
    said = await database.reading(lambda reads: _message(reads, place, given))
    sender = intake.Sender(caller.actor, caller.holder_id.bytes, with_key=True)
    key = intake.key_bytes(idempotency_key, sender) if idempotency_key is not None else uuid4().bytes
    receipt, _replayed = await intake.receive(database, place, request.app.state.server_keys, sender, said, key, now)
    notice = _("Your code is %(code)s. It opens our answer at %(address)s.", code=receipt.receipt, address=_answer_page(request, place))
    row = {"service_request_id": str(receipt.id), "service_notice": notice, "account_id": None}
    return answered(Rows("service_requests", "request", [row]), form, kept=False)


def _answer_page(request: Request, place: PlaceCard) -> str:
    return f"{request.app.state.settings.public_url}{request.app.url_path_for('feedback.answer', c=place.slug)}"


def _message(reads: ReadSession, place: PlaceCard, given: Mapping[str, str]) -> FeedbackIn:
    """What was sent, as a message. An address that is no area of ours is put behind the words: whoever looks needs it. Raises: Invalid."""
    code = given.get("service_code", "").strip()
    if not code:
        raise Invalid(FieldError("service_code", _("service_code was not provided.")))
    if code not in {one.code for one in find_services(reads, place, "")}:
        raise Invalid(FieldError("service_code", _("There is no service with this code.")))
    area, address = _where(reads, place, given)
    words = [part.strip() for part in (given.get("description", ""), address) if part.strip()]
    fields: dict[str, Any] = {
        "kind": given.get("attribute[kind]") or None,
        "body": "\n\n".join(words) or None,
        "share": given.get("attribute[share]") or Share.TEAM_ONLY,
        "area": area,
        "topic": None if code == rules.ANY_TOPIC else code,
        "contact": given.get("email", "").strip() or given.get("phone", "").strip() or None,
    }
    try:
        return FeedbackIn.model_validate(fields)
    except ValidationError as error:
        named = {"body": "description", "kind": "attribute[kind]", "share": "attribute[share]", "area": "address_id", "contact": "email"}
        wrong = explain(error.errors(include_url=False, include_input=False), list(fields))
        raise Invalid(*(FieldError(named.get(one.field, one.field), one.message) for one in wrong)) from None


def _where(reads: ReadSession, place: PlaceCard, given: Mapping[str, str]) -> tuple[str | None, str]:
    """The area that was named, or that holds the point; and the address in words where it names none. Raises: Invalid."""
    areas = read_areas(reads, place)
    for name in ("attribute[area]", "address_id"):
        if code := given.get(name, "").strip():
            if code not in areas.named.values():
                raise Invalid(FieldError(name, _("There is no area with this code.")))
            return code, given.get("address_string", "")
    address = given.get("address_string", "").strip()
    if address and (found := areas.called(address)):
        return found, ""
    lat, long = given.get("lat", "").strip(), given.get("long", "").strip()
    if not lat and not long:
        return None, address
    try:
        north, east = float(lat), float(long)
    except ValueError:
        raise Invalid(FieldError("lat", _("This must be a number."))) from None
    if not (abs(north) <= 90 and abs(east) <= 180):  # nor is what is no number at all
        raise Invalid(FieldError("lat", _(OUT_OF_RANGE)))
    return areas.at(east, north), address
