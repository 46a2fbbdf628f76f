"""The picture and the page of a code, which are put together from parts: each is what the whole would be."""

import base64
import io
import random

from fastapi import FastAPI
from PIL import Image
from selectolax.lexbor import LexborHTMLParser
from starlette.requests import Request
from starlette.testclient import TestClient

from service import qr
from service.feedback.code_pages import HOLES, MOST_FRAMES, show_code
from service.feedback.receipts import ALPHABET, LENGTH, shown
from service.places.models import Collaboration
from service.places.queries import PlaceCard, get_place
from tests.feedback.test_pages import CODE, TELL, fields, page_of, said
from tests.make import Make

ANY = random.Random(5)  # noqa: S311 (no secret)
CODES = ["0" * LENGTH, "Z" * LENGTH, *("".join(ANY.choices(ALPHABET, k=LENGTH)) for _number in range(20))]


def test_modules_are_those_that_the_library_draws() -> None:
    assert [code for code in CODES if qr.modules_of(code) != qr.drawn_by_library(code)] == []


def test_picture_shows_the_modules_and_the_letters() -> None:
    code = CODES[-1]
    address = qr.kept_picture_of(code, [shown(code)[:10], shown(code)[10:]])
    with Image.open(io.BytesIO(base64.b64decode(address.removeprefix("data:image/png;base64,")))) as picture:
        pixels = picture.convert("L")
    assert pixels.size == (270, 360)
    drawn = [pixels.getpixel((x * 10 + 5, y * 10 + 5)) == 0 for y in range(qr.SIDE) for x in range(qr.SIDE)]
    assert int("".join("1" if dark else "0" for dark in drawn), 2) == qr.modules_of(code)
    below = [sum(pixels.getpixel((x, y)) == 0 for x in range(270) for y in range(top, top + 45)) for top in (270, 315)]
    assert all(ink > 500 for ink in below), "two lines of letters"


def request_of(app: FastAPI, query: str = "") -> Request:
    scope = {"type": "http", "method": "POST", "path": "/hillside/tell", "query_string": query.encode(), "headers": [], "app": app}
    return Request({**scope, "server": ("testserver", 80), "scheme": "http", "root_path": ""})


def held_out(page: bytes) -> str:
    """The page without what is sealed anew in each of them."""
    parsed = LexborHTMLParser(page.decode())
    for node in parsed.css("input[name=held]"):
        node.decompose()
    return str(parsed.html)


def test_page_from_a_frame_is_the_page_and_holds_one_code_only(app: FastAPI, client: TestClient, hillside: PlaceCard, make: Make) -> None:
    today = make.clock().date()
    one, other = (shown(code) for code in CODES[-2:])
    first = show_code(request_of(app), hillside, one, today)
    again, second = show_code(request_of(app), hillside, one, today), show_code(request_of(app), hillside, other, today)
    assert held_out(bytes(first.body)) == held_out(bytes(again.body)) and first.headers.keys() == again.headers.keys()
    assert again.headers["content-length"] == str(len(again.body)) and again.headers["cache-control"] == "no-store"
    assert other in LexborHTMLParser(second.body.decode()).text() and one not in LexborHTMLParser(second.body.decode()).text()
    app.state.frames.clear()
    assert held_out(bytes(show_code(request_of(app), hillside, other, today).body)) == held_out(bytes(second.body))
    assert not any(hole in second.body.decode() for hole in HOLES)
    assert client.get("/hillside").status_code == 200


def test_frame_is_made_anew_with_the_facts_of_its_place_and_for_each_language_and_day(
    app: FastAPI, client: TestClient, hillside: PlaceCard, make: Make
) -> None:
    assert client.get("/hillside").status_code == 200  # the service has started
    today, code = make.clock().date(), shown(CODES[-1])
    show_code(request_of(app), hillside, code, today)
    with make.database.write() as writes:
        row = writes.get_one(Collaboration, hillside.id)
        row.name = "Hillside and the Vale"
        writes.add(row)
    with make.database.read() as reads:
        renamed = get_place(reads, "hillside")
    assert "Hillside and the Vale" in show_code(request_of(app), renamed, code, today).body.decode()
    assert "?lang=en" in show_code(request_of(app, "lang=en"), renamed, code, today).body.decode()
    for number in range(2 * MOST_FRAMES):
        show_code(request_of(app, f"lang=x{number}"), renamed, code, today)
    assert len(app.state.frames) <= MOST_FRAMES


def test_two_senders_get_a_page_of_their_own(app: FastAPI, resident: TestClient, hillside: PlaceCard) -> None:
    app.state.known_for = 60.0  # as in a service that many ask at once
    codes = []
    for words in ("The bench has gone.", "The lamp is out."):
        page = page_of(resident.post(TELL, data={**fields(page_of(resident.get(TELL))), "body": words}))
        found = CODE.search(said(page))
        assert found
        codes.append(found[0])
        [held] = {node.attributes["value"] for node in page.css("input[name=held]")}
        assert held
    assert len(set(codes)) == 2 and hillside
