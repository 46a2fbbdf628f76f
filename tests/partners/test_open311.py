"""Open311: a place's topics, published messages and answers, as other people's programs read and send them."""

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import xmltodict
from fastapi import FastAPI
from georeport import GeoReport
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.feedback.actions import Received
from service.feedback.desk_actions import publish, reply
from service.feedback.models import Feedback, Outcome, Publication, ReplyIn, Share
from service.partners.open311 import rules
from service.people.models import Member
from service.places.queries import PlaceCard
from tests.journey.served import serving
from tests.make import Make

V2 = "/open311/v2"
INNER = [[-2.35, 53.35], [-2.25, 53.35], [-2.25, 53.45], [-2.35, 53.45], [-2.35, 53.35]]
SQUARE: dict[str, Any] = {"type": "Polygon", "coordinates": [[[-2.4, 53.3], [-2.2, 53.3], [-2.2, 53.5], [-2.4, 53.5], [-2.4, 53.3]]]}
HOLE: dict[str, Any] = {"type": "Polygon", "coordinates": [*SQUARE["coordinates"], INNER]}


pytestmark = pytest.mark.usefixtures("paths")


@pytest.fixture
def paths(make: Make, hillside: PlaceCard) -> None:
    """A service, and an area with a shape."""
    make.topic(hillside, "paths", name="Paths & roads", organisation=make.organisation(hillside, "council").code)
    make.area(hillside, "hill-road", name="Hill Road", shape=SQUARE)


@pytest.fixture
def sam(make: Make, hillside: PlaceCard) -> Member:
    return make.at_work(hillside)


@pytest.fixture
def key(make: Make, hillside: PlaceCard) -> str:
    return make.key(hillside, "feedback:write")


def send(client: TestClient, key: str, form: str = "json", **fields: Any) -> Any:
    return client.post(f"{V2}/requests.{form}", data={"api_key": key, "jurisdiction_id": "hillside", "service_code": "paths", **fields})


def stored(database: Database) -> list[Feedback]:
    with database.read() as reads:
        return list(reads.exec(select(Feedback)).all())


def show(make: Make, member: Member, words: str, **more: Any) -> Received:
    """A message that everybody may read."""
    message = make.message(member.place, words, share=Share.WORDS_PUBLIC, **more)
    with make.database.write() as writes:
        publish(writes, member, make.message_id(message), make.clock())
    return message


def answer_to(make: Make, member: Member, message: Received, outcome: Outcome, body: str, **more: Any) -> None:
    given = ReplyIn(outcome=outcome, body=body, **more)
    with make.database.write() as writes:
        reply(writes, member, make.message_id(message), given, make.clock())


def read(body: bytes) -> ET.Element:
    return ET.fromstring(body)  # noqa: S314 (our own)


# ---- reading ---------------------------------------------------------------------------------------------------------


def test_topics_are_services_and_there_is_always_one_for_the_rest(visitor: TestClient) -> None:
    found = visitor.get(f"{V2}/services.json", params={"jurisdiction_id": "hillside"}).json()
    assert [(one["service_code"], one["service_name"], one["metadata"]) for one in found] == [
        ("paths", "Paths & roads", True),
        ("other", "Something else", True),
    ]
    root = read(visitor.get(f"{V2}/services.xml", params={"jurisdiction_id": "hillside"}).content)
    assert (root.tag, [one.findtext("service_name") for one in root.iter("service")]) == ("services", ["Paths & roads", "Something else"])
    chosen = visitor.get(f"{V2}/services/paths.json", params={"jurisdiction_id": "hillside"}).json()["attributes"]
    assert [one["code"] for one in chosen] == ["kind", "share", "area"]
    assert {"key": "hill-road", "name": "Hill Road"} in chosen[2]["values"]


def test_only_what_everybody_may_read_is_a_request_and_no_day_is_told(make: Make, sam: Member, visitor: TestClient) -> None:
    shown = show(make, sam, "The bench has <gone> & \x0b stays away.", area="hill-road", topic="paths")
    hidden = make.message(sam.place, "Only for the team.")
    answer = visitor.get(f"{V2}/requests.json", params={"jurisdiction_id": "hillside"})
    [one] = answer.json()
    assert (one["service_request_id"], one["status"], one["service_code"]) == (str(shown.public_id), "open", "paths")
    assert (one["address_id"], one["address"], one["lat"]) == ("hill-road", "Hill Road", None)
    assert one["requested_datetime"].endswith("T00:00:00Z")
    xml = visitor.get(f"{V2}/requests.xml", params={"jurisdiction_id": "hillside"})
    assert read(xml.content).findtext("request/description") == "The bench has <gone> &  stays away."
    assert "Only for the team" not in answer.text + xml.text
    for nothing in (hidden.public_id, make.message_id(hidden), make.message_id(shown)):
        refused = visitor.get(f"{V2}/requests/{nothing}.xml", params={"jurisdiction_id": "hillside"})
        assert (refused.status_code, read(refused.content).findtext("error/code")) == (404, "404")
    token = visitor.get(f"{V2}/tokens/{shown.public_id}.json", params={"jurisdiction_id": "hillside"}).json()
    assert token == [{"service_request_id": str(shown.public_id), "token": str(shown.public_id)}]


def test_answers_are_updates_and_close_what_they_settle(make: Make, sam: Member, visitor: TestClient) -> None:
    done, no = show(make, sam, "One."), show(make, sam, "Two.")
    answer_to(make, sam, done, Outcome.THANK_YOU, "We thank you.")
    answer_to(make, sam, no, Outcome.CANNOT_DO, "We cannot.", reason="It is private land.")
    found = visitor.get(f"{V2}/servicerequestupdates.json", params={"jurisdiction_id": "hillside"}).json()
    assert {(one["service_request_id"], one["status"], one["description"]) for one in found} == {
        (str(done.public_id), "CLOSED", "We thank you."),
        (str(no.public_id), "NO_FURTHER_ACTION", "We cannot.\n\nIt is private land."),
    }
    assert len({one["update_id"] for one in found}) == 2
    asked = {"jurisdiction_id": "hillside", "status": "closed"}
    assert len(visitor.get(f"{V2}/requests.json", params=asked).json()) == 2
    assert visitor.get(f"{V2}/requests.json", params={**asked, "status": "open"}).json() == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 200),
        ({"jurisdiction_id": "nowhere"}, 404),
        ({"status": "half"}, 400),
        ({"start_date": "yesterday"}, 400),
        ({"start_date": "2026-01-01", "end_date": "2026-06-01"}, 400),
        ({"service_request_id": "7"}, 400),
        ({"service_code": "nothing-like-that"}, 200),
    ],
)
def test_what_is_wrong_is_said_as_geo_report_says_it(visitor: TestClient, query: dict[str, str], status: int) -> None:
    answer = visitor.get(f"{V2}/requests.json", params=query)
    assert answer.status_code == status
    assert [set(error) for error in answer.json()] == ([{"code", "description"}] if status >= 400 else [])


def test_where_there_are_two_places_one_must_be_named(make: Make, visitor: TestClient) -> None:
    make.collaboration("brook")
    answer = visitor.get(f"{V2}/services.xml")
    assert (answer.status_code, read(answer.content).findtext("error/description")) == (400, "jurisdiction_id was not provided.")


# ---- telling ---------------------------------------------------------------------------------------------------------


def test_message_is_stored_with_its_area_and_its_code_comes_in_the_notice(database: Database, visitor: TestClient, key: str) -> None:
    answer = send(
        visitor, key, description="The kerb is broken.", address_string="area:hill-road", email="me@mail.example", first_name="Zed"
    )
    [made] = answer.json()
    [message] = stored(database)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert (str(message.public_id), message.body, message.publication) == (
        made["service_request_id"],
        "The kerb is broken.",
        Publication.NOT_OFFERED,
    )
    code = made["service_notice"].split("Your code is ")[1].split(".")[0]
    became = visitor.post("/api/v1/hillside/receipts", json={"code": code}).json()
    assert (became["state"], became["area"]) == ("acknowledged", "hill-road")
    assert "Zed" not in json.dumps([str(value) for value in message.model_dump().values()])


@pytest.mark.parametrize(
    ("where", "area", "words"),
    [
        ({"lat": "53.4", "long": "-2.3"}, "hill-road", "Mud."),
        ({"lat": "51.0", "long": "-2.3"}, None, "Mud."),
        ({"address_string": "hill road"}, "hill-road", "Mud."),
        ({"address_string": "Behind the mill"}, None, "Mud.\n\nBehind the mill"),
        ({"address_id": "hill-road"}, "hill-road", "Mud."),
        ({}, None, "Mud."),
    ],
)
def test_place_is_found_by_point_by_name_or_kept_in_words(
    database: Database, visitor: TestClient, key: str, where: dict[str, str], area: str | None, words: str
) -> None:
    [made] = send(visitor, key, description="Mud.", **where, **{"attribute[share]": "words_public"}).json()
    [message] = stored(database)
    code = made["service_notice"].split("Your code is ")[1].split(".")[0]
    assert visitor.post("/api/v1/hillside/receipts", json={"code": code}).json()["area"] == area
    assert (message.body, message.publication) == (words, Publication.WAITING)


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "moon"}, 400, "service_code"),
        ({"api_key": ""}, 403, "key"),
        ({"api_key": "sad_aaaaaaaa_bbbb"}, 403, "key"),
        ({"description": "", "attribute[kind]": ""}, 400, "words"),
        ({"attribute[kind]": "rage"}, 400, "attribute[kind]"),
        ({"lat": "north", "long": "1"}, 400, "lat"),
        ({"lat": "nan", "long": "1"}, 400, "lat"),
        ({"lat": "1", "long": "1e400"}, 400, "lat"),
        ({"lat": "91", "long": "1"}, 400, "lat"),
        ({"address_id": "moon"}, 400, "address_id"),
        ({"description": "x" * 5_001}, 400, "description"),
        ({"description": "half \x00 a word"}, 400, "description"),
    ],
)
def test_bad_request_is_refused_in_its_own_form(
    database: Database, visitor: TestClient, key: str, fields: dict[str, str], status: int, said: str, form: str
) -> None:
    answer = send(visitor, key, form, **{"description": "Mud.", **fields})
    errors = answer.json() if form == "json" else [xmltodict.parse(answer.content)["errors"]["error"]]
    assert (answer.status_code, int(errors[0]["code"])) == (status, status)
    assert said in errors[0]["description"]
    assert stored(database) == []


def test_same_key_stores_once(database: Database, visitor: TestClient, key: str) -> None:
    fields = {"api_key": key, "jurisdiction_id": "hillside", "service_code": "paths", "description": "Twice."}
    sent = [visitor.post(f"{V2}/requests.json", data=fields, headers={"Idempotency-Key": "night-7"}) for _try in range(2)]
    assert sent[0].json() == sent[1].json()
    assert len(stored(database)) == 1


def test_program_that_others_wrote_reads_us(app: FastAPI, make: Make, sam: Member) -> None:
    """PyPI `georeport`, in JSON and in XML."""
    shown = show(make, sam, "The bench has gone.", topic="paths")
    show(make, sam, "So has the bin.", topic="paths")
    with serving(app) as address:
        for form in ("json", "xml"):
            theirs = GeoReport(f"{address}{V2}", jurisdiction="hillside", output_format=form)
            assert [one["service_code"] for one in theirs.get_service_list()] == ["paths", "other"]
            assert theirs.get_service_definition("paths")["service_code"] == "paths"
            assert len(theirs.get_service_requests()) == 2
            assert theirs.get_service_request(str(shown.public_id))["description"] == "The bench has gone."


# ---- rules -----------------------------------------------------------------------------------------------------------


def test_point_lies_within_a_shape_or_without() -> None:
    assert rules.holds(SQUARE, -2.3, 53.4)
    assert not rules.holds(SQUARE, -2.5, 53.4)
    assert not rules.holds(HOLE, -2.3, 53.4) and rules.holds(HOLE, -2.39, 53.31)
    assert rules.holds({"type": "MultiPolygon", "coordinates": [HOLE["coordinates"], SQUARE["coordinates"]]}, -2.3, 53.4)
    assert not rules.holds({"type": "Point", "coordinates": [-2.3, 53.4]}, -2.3, 53.4)


@pytest.mark.parametrize("letters", [b"%ff%fe", b"\xff", b"%ed%a0%80"])
def test_other_letters_than_utf_8_are_refused_and_not_kept_as_others(
    database: Database, visitor: TestClient, key: str, letters: bytes
) -> None:
    body = b"jurisdiction_id=hillside&service_code=paths&address_string=x&api_key=" + key.encode() + b"&description=caf" + letters
    answer = visitor.post(f"{V2}/requests.json", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert (answer.status_code, stored(database)) == (400, [])
    assert answer.json()[0]["description"] == "The body is not UTF-8."
