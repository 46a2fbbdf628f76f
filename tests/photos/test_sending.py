"""Photos with a message: by the form and by the API, once however often they are sent, and gone with the words."""

import asyncio
import json
import tarfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.feedback.desk_actions import publish
from service.feedback.removal import outlive
from service.photos import files
from service.photos.actions import show_photo
from service.photos.models import Photo
from service.places.queries import PlaceCard
from service.settings import Settings
from tests.make import Make, SettableClock
from tests.photos.conftest import picture

TELL = "/hillside/tell"
pytestmark = pytest.mark.usefixtures("place")


def sends(client: TestClient, *photos: bytes, key: str = "", **fields: str) -> Any:
    """The form with these photos, as a browser sends it."""
    data = {"body": "The step is broken.", "share": "words_public", "idempotency_key": key or str(uuid4()), **fields}
    sent: list[Any] = [("photo", (f"IMG_{number}.jpg", content, "image/jpeg")) for number, content in enumerate(photos)]
    return client.post(TELL, data=data, files=sent or [("photo", ("", b"", "application/octet-stream"))])


def code_in(answer: Any) -> str:
    return "".join(LexborHTMLParser(answer.text).css(".code strong.big")[0].text().split())


def stored(database: Database) -> list[Photo]:
    with database.read() as reads:
        return list(reads.exec(select(Photo).order_by(Photo.number)))


def on_disk(settings: Settings) -> set[str]:
    folder = files.folder_in(settings.var)
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_form_takes_photos_with_the_words_and_shows_them_to_nobody(
    visitor: TestClient, staff: TestClient, database: Database, settings: Settings
) -> None:
    answer = sends(visitor, picture("red"), picture("blue"))
    assert answer.status_code == 200 and code_in(answer)
    photos = stored(database)
    assert [(one.number, one.stage, one.alt) for one in photos] == [(1, "waiting", None), (2, "waiting", None)]
    assert on_disk(settings) == {one.name for one in photos}
    for one in photos:
        assert visitor.get(f"/hillside/photos/{one.public_id}").status_code == 404
        page = f"/staff/hillside/messages/{one.feedback_id}/photos"
        shown = staff.get(f"{page}/{one.id}")
        assert (shown.status_code, shown.headers["content-type"], shown.headers["cache-control"]) == (200, "image/jpeg", "no-store")
        assert visitor.get(f"{page}/{one.id}").status_code == 303
        assert f"{page}/{one.id}" in staff.get(page).text and f"{page}/{one.id}" in staff.get(page.removesuffix("/photos")).text


def test_form_without_a_photo_is_the_form_it_was(visitor: TestClient, database: Database) -> None:
    assert sends(visitor).status_code == 200
    assert stored(database) == []


def test_same_key_with_the_same_photos_is_one_message_and_with_others_none(
    visitor: TestClient, database: Database, settings: Settings
) -> None:
    key = str(uuid4())
    first, second = (sends(visitor, picture(), key=key) for _tap in range(2))
    assert code_in(first) == code_in(second)
    assert len(stored(database)) == len(on_disk(settings)) == 1
    other = sends(visitor, picture("green"), key=key)
    assert other.status_code == 409 and "If this is a new one, send it now." in other.text
    assert len(stored(database)) == len(on_disk(settings)) == 1


@pytest.mark.parametrize(
    ("photos", "status", "words"),
    [
        ([b"%PDF-1.7 no photo"], 422, "is not a photo that we can read"),
        ([b"\0\0\0\x18ftypheic\0\0\0\0"], 422, "HEIC"),
        ([b"\xff" * (50 * 1024 * 1024)], 413, "at most 12 MB"),
        ([picture()] * 4, 422, "no more than three photos"),
    ],
)
def test_photo_that_is_refused_loses_nobody_their_words(
    visitor: TestClient, database: Database, settings: Settings, photos: list[bytes], status: int, words: str
) -> None:
    answer = sends(visitor, *photos, body="My mother fell on the step.", area="hill-road", contact="07700 900 123")
    page = LexborHTMLParser(answer.text)
    assert answer.status_code == status and words in page.css(".govuk-error-summary")[0].text()
    assert [link.attributes["href"] for link in page.css(".govuk-error-summary a")] == ["#photo"]
    assert page.css("#body")[0].text() == "My mother fell on the step."
    assert page.css("#contact")[0].attributes["value"] == "07700 900 123"
    assert page.css("#area option[selected]")[0].attributes["value"] == "hill-road"
    assert page.css("#more[open]") and "Choose your photos again" in page.css("#more")[0].text()
    assert stored(database) == [] and on_disk(settings) == set()


def test_too_much_altogether_is_refused_before_it_is_read(visitor: TestClient) -> None:
    kind = "multipart/form-data; boundary=x"
    headers = {"content-type": kind, "content-length": str(200 * 1024 * 1024)}
    assert visitor.post(TELL, content=b"", headers=headers).status_code == 413
    assert visitor.post(TELL, data={"body": "x" * 70_000}).status_code == 413, "a form without photos is as short as ever"


def test_photo_is_public_with_its_message_and_gone_with_it_in_the_same_request(
    visitor: TestClient, database: Database, settings: Settings, make: Make, clock: SettableClock, place: PlaceCard
) -> None:
    code = code_in(sends(visitor, picture()))
    [photo] = stored(database)
    public, moderator = f"/hillside/photos/{photo.public_id}", make.at_work(place, "moderator")
    with database.write() as writes:
        show_photo(writes, moderator, photo.feedback_id, photo.id, "A broken step.", clock())
    assert visitor.get(public).status_code == 404, "its message is not public"
    with database.write() as writes:
        publish(writes, moderator, photo.feedback_id, clock())
    shown = visitor.get(public)
    assert shown.status_code == 200 and shown.headers["cache-control"] == "no-cache" and "noindex" in shown.headers["x-robots-tag"]
    assert "sandbox" in shown.headers["content-security-policy"]
    assert visitor.get(public, headers={"if-none-match": shown.headers["etag"]}).status_code == 304
    [item] = visitor.get("/api/v1/hillside/feedback").json()["items"]
    assert item["photos"] == [{"id": str(photo.public_id), "alt": "A broken step.", "width": 40, "height": 20}]
    page = LexborHTMLParser(visitor.get("/hillside/said-and-done").text)
    assert [(one.attributes["src"], one.attributes["alt"]) for one in page.css("img.photo")] == [(public, "A broken step.")]
    assert visitor.post("/api/v1/hillside/receipts/withdraw", json={"code": code}).status_code == 200
    assert stored(database) == [] and on_disk(settings) == set()
    assert visitor.get(public, headers={"if-none-match": shown.headers["etag"]}).status_code == 404
    assert "img" not in visitor.get("/hillside/said-and-done").text.split("<main")[1]


def test_photo_needs_words_a_yes_and_somebody_who_decides(
    visitor: TestClient, staff: TestClient, signed_in: Any, place: PlaceCard, database: Database
) -> None:
    sends(visitor, picture())
    sends(visitor, picture("blue"), share="team_only")
    offered, kept = sorted(stored(database), key=lambda one: one.feedback_id)

    def decides(client: TestClient, photo: Photo, **data: str) -> Any:
        return client.post(f"/staff/hillside/messages/{photo.feedback_id}/photos/{photo.id}", data=data)

    frontline = signed_in(place, "frontline")
    assert decides(frontline, offered, act="show", alt="A step.").status_code == 403
    wordless = decides(staff, offered, act="show", alt=" ")
    assert wordless.status_code == 422 and "for those who cannot see it" in wordless.text
    assert decides(staff, kept, act="show", alt="A step.").status_code == 409
    assert {one.stage for one in stored(database)} == {"waiting"}
    assert decides(staff, offered, act="show", alt="A step.").status_code == 303
    assert decides(staff, offered, act="hide").status_code == 303
    assert {one.stage for one in stored(database)} == {"waiting", "not_shown"}


def test_program_sends_photos_beside_its_json(visitor: TestClient, database: Database) -> None:
    key, path = str(uuid4()), "/api/v1/hillside/feedback/photos"

    def told(message: Any, *photos: bytes) -> Any:
        sent: list[Any] = [("photo", ("a.jpg", one, "image/jpeg")) for one in photos]
        parts: list[Any] = [("message", (None, json.dumps(message), "application/json")), *sent]
        return visitor.post(path, files=parts, headers={"idempotency-key": key})

    first, again = (told({"kind": "good", "want": "A swing."}, picture()) for _try in range(2))
    assert (first.status_code, again.status_code) == (201, 200) and first.json()["receipt"] == again.json()["receipt"]
    assert again.headers["idempotent-replayed"] == "true" and len(stored(database)) == 1
    assert told({"kind": "good", "want": "A swing."}, picture("blue")).status_code == 409
    wrong = told({"kind": "good", "colour": "red"}, picture())
    assert wrong.status_code == 422 and [one["field"] for one in wrong.json()["errors"]] == ["colour"]
    assert told({"kind": "good"}, b"no photo").json()["errors"][0]["field"] == "photo"
    assert told({"kind": "good"}, b"\xff" * (13 * 1024 * 1024)).status_code == 413
    assert visitor.post(path, json={"kind": "good"}).status_code == 415


def test_files_that_no_photo_has_are_swept_and_one_that_is_lost_is_told(
    visitor: TestClient, database: Database, settings: Settings, clock: SettableClock
) -> None:
    sends(visitor, picture())
    [photo], folder = stored(database), files.folder_in(settings.var)
    stray = folder / "stray.jpg"
    stray.write_bytes(b"x")
    with database.read() as reads:
        assert files.sweep(reads, settings.var, clock()) == 0, "it may be on its way into the database"
        clock.at("2099-01-01T00:00Z")
        assert files.sweep(reads, settings.var, clock()) == 1 and on_disk(settings) == {photo.name}
        assert files.differences(reads, settings.var) == []
        (folder / photo.name).write_bytes(b"another picture")
        assert [photo.name in words for words in files.differences(reads, settings.var)] == [True]


def test_archive_holds_every_photo_where_it_belongs(visitor: TestClient, database: Database, settings: Settings, tmp_path: Path) -> None:
    sends(visitor, picture())
    files.pack(settings.var, tmp_path / "photos.tar")
    with tarfile.open(tmp_path / "photos.tar") as archive:
        assert archive.getnames() == [f"media/{photo.name}" for photo in stored(database)]


def test_photo_goes_when_its_time_is_over_and_not_before_that_is_stored(
    visitor: TestClient, database: Database, settings: Settings, clock: SettableClock
) -> None:
    sends(visitor, picture())
    [photo] = stored(database)
    beside = Database(settings.database, whole_house=True, var=settings.var)
    with suppress(RuntimeError), beside.write() as writes:
        outlive(writes, photo.collaboration_id, [photo.feedback_id], clock())
        raise RuntimeError("taken back")
    assert len(stored(database)) == 1 and on_disk(settings) == {photo.name}
    with beside.write() as writes:
        outlive(writes, photo.collaboration_id, [photo.feedback_id], clock())
    asyncio.run(beside.close())
    assert stored(database) == [] and on_disk(settings) == set()
