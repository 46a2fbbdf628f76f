"""Whoever sent photos sees them with the code, who else can, and takes one back: from every page and file, and for good."""

from base64 import b64decode
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser as Html
from starlette.testclient import TestClient

from service.database import Database
from service.feedback.desk_actions import publish
from service.keeping import replay
from service.keeping.ledger import Line
from service.photos.actions import hide_photo, show_photo
from service.places.queries import PlaceCard
from service.settings import Settings
from service.tombstones import Gone, Why
from tests.make import Make
from tests.photos.conftest import picture
from tests.photos.test_sending import code_in, on_disk, sends, stored

ANSWER = "/hillside/answer"
pytestmark = pytest.mark.usefixtures("place")


def asks(client: TestClient, code: str, act: str = "read", **fields: Any) -> Any:
    return client.post(ANSWER, data={"code": code, "act": act, **fields})


def seen(answer: Any) -> list[str]:
    """What the page says of each photo."""
    return [" ".join(item.text(separator=" ").split()) for item in Html(answer.text).css("[aria-labelledby=photos-h] .item > div + div")]


def test_code_opens_the_photos_in_the_page_itself_and_nothing_else_does(visitor: TestClient, database: Database) -> None:
    code = code_in(sends(visitor, picture("red", (2000, 1000)), picture("blue")))
    answer = asks(visitor, code)
    assert seen(answer) == ["Only the team can see it until somebody has looked at it."] * 2
    assert "data:image/jpeg" not in answer.text, "a phone with bad signal loads them when they are asked for"
    shown = asks(visitor, code, "show_photos")
    assert "no-store" in shown.headers["cache-control"]
    pictures = [str(one.attributes["src"]) for one in Html(shown.text).css("main img.photo")]
    assert len(pictures) == 2 and all(one.startswith("data:image/jpeg;base64,") for one in pictures)
    first = Image.open(BytesIO(b64decode(pictures[0].partition(",")[2])))
    assert max(first.size) == 480 and first.getpixel((9, 9))[0] > 200  # type: ignore[index]
    assert not any(one.name in shown.text or str(one.public_id) in shown.text for one in stored(database)), "no address is told"
    wrong = asks(visitor, "K7QF-2M9X-TR4D-W8ZP5", "show_photos")
    assert wrong.status_code == 404 and "data:image" not in wrong.text


def test_page_says_who_sees_each_photo(visitor: TestClient, make: Make, place: PlaceCard, database: Database) -> None:
    kept = code_in(sends(visitor, picture("red"), share="team_only"))
    assert seen(asks(visitor, kept)) == ["Only the team can see it."]
    code = code_in(sends(visitor, picture("green"), picture("blue")))
    member = make.at_work(place, "moderator")
    message, *_others = {one.feedback_id for one in stored(database)[-2:] if one.number == 2}
    mine = {one.number: one.id for one in stored(database) if one.feedback_id == message}
    with database.write() as writes:
        show_photo(writes, member, message, mine[1], "A broken step.", make.clock())
        hide_photo(writes, member, message, mine[2], make.clock())
    assert seen(asks(visitor, code))[0].startswith("Only the team can see it until"), "its words are not public yet"
    with database.write() as writes:
        publish(writes, member, message, make.clock())
    assert seen(asks(visitor, code)) == ["Everybody can see it.", "We decided not to show it to others."]


def test_photo_is_taken_back_from_every_page_and_its_file_goes_while_the_words_stay(
    visitor: TestClient, make: Make, place: PlaceCard, database: Database, settings: Settings
) -> None:
    code = code_in(sends(visitor, picture("red"), picture("blue")))
    first, second = stored(database)
    member = make.at_work(place, "moderator")
    with database.write() as writes:
        show_photo(writes, member, first.feedback_id, first.id, "A broken step.", make.clock())
        publish(writes, member, first.feedback_id, make.clock())
    public = f"/hillside/photos/{first.public_id}"
    assert visitor.get(public).status_code == 200 and str(first.public_id) in visitor.get("/api/v1/hillside/feedback").text
    asked = asks(visitor, code, "ask_photo", photo="1")
    assert "Take this photo back" in asked.text and len(stored(database)) == 2, "it asks once"
    gone = asks(visitor, code, "take_photo", photo="1")
    assert "The photo is gone." in gone.text and "The step is broken." in gone.text and len(seen(gone)) == 1
    assert visitor.get(public).status_code == 404 and str(first.public_id) not in visitor.get("/api/v1/hillside/feedback").text
    assert [one.number for one in stored(database)] == [2] and on_disk(settings) == {second.name}
    assert asks(visitor, code, "take_photo", photo="1").status_code == 200, "pressed twice, it is no fault"
    for act in ("ask_photo", "take_photo"):
        assert asks(visitor, "K7QF-2M9X-TR4D-W8ZP5", act, photo="2").status_code == 404
    assert len(stored(database)) == 1


def test_only_the_photos_of_the_message_itself_are_taken_back(visitor: TestClient, database: Database) -> None:
    sends(visitor, picture("red"))
    other = visitor.post("/hillside/tell", data={"body": "No photo here.", "idempotency_key": "6e0f6a0b-3c55-4ae4-8c84-0a4d1ffb2b7e"})
    assert "The photo is gone." in asks(visitor, code_in(other), "take_photo", photo="1").text
    assert len(stored(database)) == 1


def test_photo_that_was_taken_back_does_not_come_back_with_an_older_copy(
    visitor: TestClient, make: Make, place: PlaceCard, database: Database
) -> None:
    sends(visitor, picture("red"), picture("blue"))
    photo = stored(database)[0]
    lines = [Line(place.id, Gone.PHOTO, photo.id, Why.TAKEN_BACK, make.clock())]
    assert replay.replay(database, lines, make.clock()) == 1 and replay.replay(database, lines, make.clock()) == 0
    assert [one.number for one in stored(database)] == [2], "and the sweep takes the file away, as one that came back with the older copy"
