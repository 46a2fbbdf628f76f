"""Nothing that is sent breaks the service: a clear 4xx, the same on both databases, nothing stored, nothing repeated."""

import json
from collections.abc import Callable, Container, Iterator, MutableMapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import func, select
from sqlmodel import SQLModel
from starlette.testclient import TestClient

from service.database import Database
from service.guard import MOST_BODY
from service.partners.models import Scope
from service.people.models import Role
from service.places.queries import PlaceCard
from tests.feedback.hostile import ADDRESSES, CANARY, CURSORS, FORMS, HEADERS, KEY, MIB, UNREADABLE, UNSTORABLE, UUID7, shapes
from tests.house.quiet import ADDRESS, Heard
from tests.make import Make

REFUSED, ANSWERED = range(400, 500), range(200, 500)
JSON, FORM = {"Content-Type": "application/json"}, {"Content-Type": "application/x-www-form-urlencoded"}
TELL, LOOK = "/api/v1/hillside/feedback", "/api/v1/hillside/receipts"

LARGE = ("/observations", "/readings", "/settings/areas/file", "/imports")
"""What takes more, by what its address ends with."""


class Attack:
    """Sends what it likes as one program, and writes down every answer that is not as it should be."""

    def __init__(self, program: TestClient) -> None:
        self.program = program
        self.program.event_hooks = {}  # what hears every request cannot read these; the test's log is watched for the canary
        self.program._transport.raise_server_exceptions = False  # type: ignore[attr-defined]  # a failure is written down as a 500
        self.wrong: list[str] = []

    def send(self, expected: Container[int], what: str, method: str, path: str, *, shown_again: bool = False, **request: Any) -> None:
        """One request, and the statuses it may get. A form may show what was typed again, to who typed it."""
        answer = self.program.request(method, path, **request)
        kind, status = answer.headers.get("content-type"), answer.status_code
        faults = {
            f"got {status}, not {expected}": status not in expected,
            "got what was sent": CANARY in answer.text and not shown_again,
            f"got {kind}": path.startswith("/api/") and status >= 400 and kind != "application/problem+json",
        }
        self.wrong += [f"{method} {path[:60]} with {what} {fault}" for fault, found in faults.items() if found]


Attacking = Callable[[TestClient], AbstractContextManager[Attack]]


@pytest.fixture
def attacking(database: Database, heard: Heard) -> Attacking:
    """Begins an attack as this program. At its end it fails for all that went wrong, and for every row that was left behind."""
    heard.take(CANARY)

    @contextmanager
    def begin(program: TestClient) -> Iterator[Attack]:
        before, attack = rows(database), Attack(program)
        yield attack
        left = [f"{count - before[name]} rows were left in {name}" for name, count in rows(database).items() if count != before[name]]
        assert not attack.wrong + left, "\n".join(attack.wrong + left)

    return begin


def rows(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    with database.read() as reads:
        tables = SQLModel.metadata.sorted_tables
        return {table.name: reads.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}


def writing_routes(app: FastAPI) -> Iterator[tuple[APIRoute, str, str]]:
    """Every route that changes something by what it is sent, with its method and a path to it. What a DELETE brings along is not read."""
    filled = {"c": "hillside", "code": "hill-road", "secret": "s" * 43}
    for route in app.state.routes:
        for method in route.methods & {"POST", "PUT", "PATCH"}:
            yield route, method, route.path.format(**{name: filled.get(name, UUID7) for name in route.param_convertors})


def reads_a_form(route: APIRoute) -> bool:
    return any(
        needed.call is not None and needed.call.__qualname__.startswith(("form_of", "form_with_files"))
        for needed in route.dependant.dependencies
    )


# ---- the API ---------------------------------------------------------------------------------------------------------


def test_body_that_cannot_be_read_is_refused_by_every_route_of_the_api(
    app: FastAPI, make: Make, hillside: PlaceCard, with_key: Callable[..., TestClient], attacking: Attacking
) -> None:
    with attacking(with_key(hillside, *Scope, organisation=make.organisation(hillside))) as attack:
        for route, method, path in writing_routes(app):
            for what, (body, status) in UNREADABLE.items() if route.path.startswith("/api/") else ():
                bulk = path.endswith(("/observations", "/readings"))  # they take 64 MiB, so nothing here is too large for them
                parts = path.endswith("/photos")  # takes a form of several parts, and no JSON at all
                right = {400, 422} if bulk else {413, 415} if parts else {status}
                attack.send(right, what, method, path, content=body, headers=JSON)


def test_message_refuses_by_field_what_cannot_be_stored(
    make: Make, hillside: PlaceCard, resident: TestClient, attacking: Attacking
) -> None:
    make.area(hillside, "hill-road")
    with attacking(resident) as attack:
        for name, values in UNSTORABLE.items():
            for value in values:
                body = json.dumps({"kind": "good", name: value})
                attack.send({422}, f"{name} {str(value)[:30]!r}", "POST", TELL, content=body, headers=JSON)


@pytest.mark.usefixtures("hillside")
def test_code_that_is_none_opens_nothing(resident: TestClient, attacking: Attacking) -> None:
    with attacking(resident) as attack:
        for path in (LOOK, f"{LOOK}/withdraw"):
            for code in ("\x00" * 17, CANARY, "", "𝟘" * 17, "Ⅷ" * 17):
                attack.send({404}, repr(code), "POST", path, json={"code": code})
            for wrong in (7, None, [CANARY], {"code": CANARY}, True, CANARY + "x" * 60):
                attack.send({422}, repr(wrong), "POST", path, json={"code": wrong})


def test_shape_of_an_area_refuses_what_only_one_database_would_take(
    hillside: PlaceCard, with_key: Callable[..., TestClient], attacking: Attacking
) -> None:
    with attacking(with_key(hillside, Scope.OUTCOMES_WRITE)) as attack:
        for what, body, status in shapes():
            attack.send({status}, what, "PUT", "/api/v1/hillside/areas/hill-road", content=body, headers=JSON)


@pytest.mark.usefixtures("hillside")
def test_body_of_another_type_is_refused(resident: TestClient, attacking: Attacking) -> None:
    kinds = [
        "text/plain",
        "application/xml",
        FORM["Content-Type"],
        "application/octet-stream",
        "multipart/form-data",
        "",
        "application/jsonx",
    ]
    with attacking(resident) as attack:
        for kind in kinds:
            headers = {"Content-Type": kind}
            attack.send({415}, kind, "POST", TELL, content=json.dumps({"body": CANARY}), headers=headers)


# ---- sizes -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("hillside")
def test_body_that_announces_too_much_is_refused(resident: TestClient, attacking: Attacking) -> None:
    with attacking(resident) as attack:
        for path in (TELL, LOOK, "/hillside/tell", "/hillside/answer"):
            for length in (MOST_BODY + 1, 100 * MIB, 10**18):
                attack.send({413}, f"{length} bytes", "POST", path, content=b"{}", headers={"Content-Length": str(length)})


@pytest.mark.usefixtures("hillside")
@pytest.mark.parametrize(("path", "kind"), [(TELL, JSON), ("/hillside/tell", FORM)])
def test_body_that_announces_nothing_is_read_no_further_than_the_limit(client: TestClient, path: str, kind: dict[str, str]) -> None:
    taken, answers, piece = 0, [], b"x" * 16_384

    async def receive() -> MutableMapping[str, Any]:
        nonlocal taken
        taken += len(piece)
        return {"type": "http.request", "body": piece, "more_body": True}

    async def send(message: MutableMapping[str, Any]) -> None:
        answers.append(message)

    headers = [(b"host", b"testserver"), (b"content-type", kind["Content-Type"].encode())]
    scope: dict[str, Any] = {"type": "http", "http_version": "1.1", "method": "POST", "scheme": "http", "state": {}, "query_string": b""}
    scope |= {"path": path, "raw_path": path.encode(), "headers": headers, "server": ("testserver", 80), "client": (ADDRESS, 50_000)}
    assert client.portal is not None
    client.portal.call(partial(client.app, scope, receive, send))
    assert answers[0]["status"] == 413
    assert taken <= MOST_BODY + len(piece)


# ---- the forms -------------------------------------------------------------------------------------------------------


SAID_FIRST = {"/staff/sign-in": 409, "/staff/passkey": 409}
"""Neither mail nor passkeys are set up here, and that is said before what was sent is judged."""

SECOND_STEP = ("/staff/second", "/staff/second/app/confirm")
"""Forms for those who have not taken the second step; whoever has is led on."""


def test_form_that_cannot_be_read_is_refused_by_every_page_that_takes_one(
    app: FastAPI, make: Make, hillside: PlaceCard, signed_in: Callable[..., TestClient], attacking: Attacking
) -> None:
    make.person(hillside, Role.ADMIN, email="sam@example.org")
    with attacking(signed_in(hillside, email="sam@example.org")) as attack:
        for _route, method, path in filter(lambda found: reads_a_form(found[0]), writing_routes(app)):
            for what, (kind, body, usual) in FORMS.items():
                expected = {SAID_FIRST.get(path, status) if status == 422 else status for status in usual}
                if path not in SECOND_STEP:
                    attack.send(expected, what, method, path, content=body, headers={"Content-Type": kind}, shown_again=422 in expected)


def test_form_of_the_second_step_that_cannot_be_read_is_refused(
    make: Make, hillside: PlaceCard, browser_of: Callable[[], TestClient], attacking: Attacking
) -> None:
    browser = browser_of()
    assert browser.post(f"/staff/sign-in/{make.person(hillside, Role.ADMIN)}").status_code == 303
    assert browser.post("/staff/second/app").status_code == 303
    with attacking(browser) as attack:
        for what, (kind, body, usual) in FORMS.items():
            for path in SECOND_STEP:
                attack.send(usual, what, "POST", path, content=body, headers={"Content-Type": kind}, shown_again=422 in usual)


def test_pages_that_change_something_take_no_more_than_the_limit(
    app: FastAPI, hillside: PlaceCard, signed_in: Callable[..., TestClient], attacking: Attacking
) -> None:
    with attacking(signed_in(hillside)) as attack:
        for _route, method, path in (found for found in writing_routes(app) if not found[2].endswith(LARGE)):
            attack.send({413}, "64 KiB and one byte", method, path, content=b"x" * (MOST_BODY + 1), headers=FORM)


@pytest.mark.usefixtures("hillside")
def test_form_takes_no_bytes_that_are_not_text(resident: TestClient, attacking: Attacking) -> None:
    with attacking(resident) as attack:
        for wrong in (b"%ED%A0%80", b"%FF%FE", b"%C0%80", b"\xff\xfe"):
            body = f"idempotency_key={KEY}&body={CANARY}".encode() + wrong
            attack.send(REFUSED, repr(wrong), "POST", "/hillside/tell", content=body, headers=FORM, shown_again=True)


@pytest.mark.usefixtures("hillside")
def test_form_stores_no_field_that_it_does_not_show(resident: TestClient, database: Database) -> None:
    extra = {"state": "replied", "publication": "published", "channel": "paper", "id": UUID7, "occurred_on": "2026-11-01", "ref": CANARY}
    assert resident.post("/hillside/tell", data={"kind": "good", "idempotency_key": KEY, **extra}).status_code == 200
    with database.read() as reads:
        [row] = reads.execute(select(SQLModel.metadata.tables["feedback"])).mappings()
    assert (row["state"], row["publication"], row["channel"], row["on_behalf"]) == ("acknowledged", "not_offered", "web", False)
    assert (row["occurred_on"], row["ref"]) == (None, None) and rows(database)["contact"] == 0


# ---- addresses and headers -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("hillside")
def test_address_that_names_nothing_is_refused(staff: TestClient, attacking: Attacking) -> None:
    with attacking(staff) as attack:
        for path, status in ADDRESSES.items():
            attack.send({status}, "nothing", "GET", path)


@pytest.mark.usefixtures("hillside")
def test_place_in_the_inbox_that_no_inbox_gave_is_its_beginning(staff: TestClient, attacking: Attacking) -> None:
    with attacking(staff) as attack:
        for cursor in CURSORS:
            attack.send({200}, cursor, "GET", "/staff/hillside/inbox", params={"after": cursor, "part": CANARY})


@pytest.mark.usefixtures("hillside")
def test_header_that_no_browser_sends_breaks_nothing(resident: TestClient, staff: TestClient, attacking: Attacking) -> None:
    for caller in (resident, staff):
        with attacking(caller) as attack:
            for headers in HEADERS:
                for path in (TELL, "/hillside/tell"):
                    attack.send(REFUSED, str(headers)[:60], "POST", path, content=b"[]", headers=headers)
                for path in ("/hillside/tell", "/api/v1/hillside/areas", "/staff/hillside/inbox"):
                    attack.send(ANSWERED, str(headers)[:60], "GET", path, headers=headers)
