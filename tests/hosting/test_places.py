"""Areas, organisations, topics and what a place says of itself, as its administrators keep them."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.journal.models import ActorKind, Entry
from service.people.models import Role
from service.places.models import Area, Collaboration, Organisation
from service.places.queries import PlaceCard, find_area, find_area_choices, find_organisation, get_place, get_topic
from service.verification import differences
from tests.make import Make, SettableClock

SETTINGS = "/staff/hillside/settings"
ABOUT = {"name": "Hillside", "languages": "en, cy", "region": "ENG", "time_zone": "Europe/London"}
SQUARE = {"type": "Polygon", "coordinates": [[[0.0, 51.0], [0.1, 51.0], [0.1, 51.1], [0.0, 51.0]]]}

SignIn = Callable[..., TestClient]


@pytest.fixture
def admin(hillside: PlaceCard, signed_in: SignIn) -> TestClient:
    """Who sets hillside up."""
    return signed_in(hillside, Role.ADMIN)


def area_of(database: Database, place: PlaceCard, code: str) -> Area | None:
    with database.read() as reads:
        return find_area(reads, place.id, code)


def verbs(database: Database) -> list[str]:
    """What staff did, as the journal says it."""
    with database.read() as reads:
        rows = reads.exec(select(Entry).where(Entry.actor_kind == ActorKind.STAFF).order_by(Entry.at, Entry.id))  # type: ignore[arg-type]
        return [f"{row.verb} {row.subject}" for row in rows if row.subject not in ("staff", "session", "staff_session")]


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_administrator_of_one_organisation_sees_its_topics_and_nothing_else(
    make: Make, hillside: PlaceCard, signed_in: SignIn, database: Database
) -> None:
    make.organisation(hillside, "council")
    make.topic(hillside, "paths", organisation="council", name="Paths")
    make.topic(hillside, "homes", name="Homes")
    theirs = signed_in(hillside, Role.ADMIN, organisation="council")
    index = theirs.get(SETTINGS).text
    assert f"{SETTINGS}/topics" in index and f"{SETTINGS}/areas" not in index
    topics = theirs.get(f"{SETTINGS}/topics").text
    assert "Paths" in topics and "Homes" not in topics and "Add a topic" not in topics
    assert theirs.post(f"{SETTINGS}/topics/paths", data={"name": "Ours"}).status_code == 404
    with database.read() as reads:
        assert get_topic(reads, hillside.id, "paths").name == "Paths"


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MODERATOR, Role.FRONTLINE, Role.VIEWER])
def test_nobody_else_finds_the_settings(hillside: PlaceCard, signed_in: SignIn, role: Role) -> None:
    browser = signed_in(hillside, role)
    assert {browser.get(f"{SETTINGS}{page}").status_code for page in ("", "/about", "/areas", "/topics")} == {404}


# ---- about this place ------------------------------------------------------------------------------------------------


def test_place_says_what_was_typed_and_everybody_reads_it(admin: TestClient, visitor: TestClient, database: Database) -> None:
    sent = {**ABOUT, "name": "Hillside together", "read_by": "The team at the hub", "contact": "0100 200", "closed_on": "2026-12-24"}
    assert admin.post(f"{SETTINGS}/about", data={**sent, "complaints_url": "https://example.org/c"}).status_code == 303
    page = visitor.get("/hillside/about").text
    assert "Hillside together" in page and "The team at the hub" in page and "https://example.org/c" in page
    with database.read() as reads:
        place = get_place(reads, "hillside")
    assert place.languages == ("en", "cy") and date(2026, 12, 24) not in place.working_days
    assert verbs(database) == ["changed collaboration"]


def test_looking_first_keeps_nothing(admin: TestClient, database: Database) -> None:
    answer = admin.post(f"{SETTINGS}/about", data={**ABOUT, "read_by": "The new team", "act": "look"})
    assert answer.status_code == 200 and "The new team reads this." in answer.text
    with database.read() as reads:
        assert get_place(reads, "hillside").read_by is None


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "Say what it is called."),
        ("languages", "english", "short words of languages"),
        ("region", "FRA", "This is not written"),
        ("time_zone", "Hillside/Time", "not a time zone"),
        ("complaints_url", "ask at the desk", "Write a web address"),
        ("leave_to", "the weather", "Write a web address"),
        ("plain_title", "t" * 61, "too long"),
        ("closed_on", "Christmas", "Write each day on a line"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(
    admin: TestClient, database: Database, field: str, typed: str, words: str
) -> None:
    answer = admin.post(f"{SETTINGS}/about", data={**ABOUT, "contact": "kept as typed", field: typed})
    assert answer.status_code == 422
    assert words in answer.text and "kept as typed" in answer.text
    assert typed in answer.text or field == "region", "a region is chosen, not typed"
    with database.read() as reads:
        assert reads.exec(select(Collaboration.contact)).one() is None


def test_waits_are_counted_anew_when_other_days_are_worked(
    make: Make, hillside: PlaceCard, database: Database, clock: SettableClock, signed_in: SignIn
) -> None:
    message = make.message_id(make.message(hillside))
    clock.advance(days=3)
    thanks = {"outcome": "thank_you", "body": "Thank you.", "idempotency_key": "1"}
    assert signed_in(hillside).post(f"/staff/hillside/messages/{message}/reply", data=thanks).status_code == 303
    admin = signed_in(hillside, Role.ADMIN)
    assert admin.post(f"{SETTINGS}/about", data={**ABOUT, "closed_on": "2026-11-24"}).status_code == 303
    with database.read() as reads:
        assert differences(reads) == []


# ---- areas -----------------------------------------------------------------------------------------------------------


def test_area_is_added_changed_retired_and_brought_back(admin: TestClient, hillside: PlaceCard, database: Database) -> None:
    assert admin.post(f"{SETTINGS}/areas", data={"name": "Café Lane", "kind": "ward"}).status_code == 303
    sent = {"name": "Cafe Lane", "kind": "neighbourhood", "population": "410", "population_as_of": "2025-06-30"}
    assert admin.post(f"{SETTINGS}/areas/one/cafe-lane", data=sent).status_code == 303
    area = area_of(database, hillside, "cafe-lane")
    assert area is not None and (area.name, area.population) == ("Cafe Lane", 410)
    for act, offered in (("retire", []), ("bring_back", ["cafe-lane"])):
        assert admin.post(f"{SETTINGS}/areas/one/cafe-lane/offer", data={"act": act}).status_code == 303
        with database.read() as reads:
            assert [choice.code for choice in find_area_choices(reads, hillside.id)] == offered
    assert verbs(database) == ["added area", "changed area", "retired area", "brought_back area"]


def test_area_whose_code_is_taken_changes_nothing(make: Make, admin: TestClient, hillside: PlaceCard, database: Database) -> None:
    make.area(hillside, "hill-road", name="Hill Road")
    answer = admin.post(f"{SETTINGS}/areas", data={"name": "Another", "code": "hill-road", "kind": "ward"})
    assert answer.status_code == 422 and "There is an area with the code hill-road already." in answer.text
    area = area_of(database, hillside, "hill-road")
    assert area is not None and area.name == "Hill Road"


def test_area_that_others_lie_in_stays(make: Make, admin: TestClient, hillside: PlaceCard, database: Database) -> None:
    make.area(hillside, "north")
    make.area(hillside, "hill-road", parent="north")
    assert admin.post(f"{SETTINGS}/areas/one/north/offer", data={"act": "retire"}).status_code == 422
    area = area_of(database, hillside, "north")
    assert area is not None and area.retired_on is None
    answer = admin.post(f"{SETTINGS}/areas/one/north", data={"name": "North", "kind": "ward", "parent": "hill-road"})
    assert answer.status_code == 422 and "An area cannot lie inside itself." in answer.text


def test_message_about_a_retired_area_keeps_its_place(
    make: Make, admin: TestClient, hillside: PlaceCard, visitor: TestClient, staff: TestClient
) -> None:
    make.area(hillside, "hill-road", name="Hill Road")
    message = make.message_id(make.message(hillside, area="hill-road"))
    admin.post(f"{SETTINGS}/areas/one/hill-road/offer", data={"act": "retire"})
    assert "Hill Road" in staff.get(f"/staff/hillside/messages/{message}").text
    assert "Hill Road" not in visitor.get("/hillside/tell/hill-road").text


def test_whole_place_is_no_area_to_change(admin: TestClient) -> None:
    for code in ("whole_place", "nowhere", "%00"):
        assert admin.get(f"{SETTINGS}/areas/one/{code}").status_code in (400, 404)


# ---- areas from a file -----------------------------------------------------------------------------------------------


def send(admin: TestClient, content: str, name: str = "areas.geojson", **fields: str) -> str:
    """Sends a file; answers the page."""
    answer = admin.post(f"{SETTINGS}/areas/file", data={"kind": "ward", **fields}, files={"file": (name, content)})
    assert answer.status_code in (200, 422), answer.text
    return answer.text


def mark_in(page: str) -> str:
    return page.partition('name="checked" value="')[2].partition('"')[0]


def feature(code: str, name: str) -> dict[str, object]:
    return {"type": "Feature", "properties": {"WD24CD": code, "WD24NM": name}, "geometry": SQUARE}


def test_file_is_checked_first_and_then_taken_in(admin: TestClient, hillside: PlaceCard, database: Database) -> None:
    content = json.dumps({"type": "FeatureCollection", "features": [feature("E05000001", "North"), feature("bad code", "South")]})
    named = {"code_column": "WD24CD", "name_column": "WD24NM"}
    page = send(admin, content, **named)
    assert "Nothing is kept yet." in page and "Row 2, code:" in page
    assert area_of(database, hillside, "E05000001") is None
    page = send(admin, content, checked=mark_in(page), **named)
    assert "areas.geojson is taken in" in page and mark_in(page) == ""
    area = area_of(database, hillside, "E05000001")
    assert area is not None and (area.name, area.kind, area.shape) == ("North", "ward", SQUARE)
    assert verbs(database) == ["added area"]


def test_another_file_is_checked_and_not_taken_in(admin: TestClient, hillside: PlaceCard, database: Database) -> None:
    mark = mark_in(send(admin, "code,name\nnorth,North\n", "a.csv"))
    assert "Nothing is kept yet." in send(admin, "code,name\nsouth,South\n", "b.csv", checked=mark)
    assert area_of(database, hillside, "south") is None


def test_csv_says_what_the_areas_are(make: Make, admin: TestClient, hillside: PlaceCard, database: Database) -> None:
    make.area(hillside, "north")
    content = "\N{BOM}code,name,kind,parent,population,population_as_of\nmill,Mill,neighbourhood,north,300,2025-06-30\n".lstrip("\N{BOM}")
    send(admin, content, "areas.csv", checked=mark_in(send(admin, content, "areas.csv")))
    area = area_of(database, hillside, "mill")
    assert area is not None and (area.kind, area.population) == ("neighbourhood", 300)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("", "a.csv", "Choose a file."),
        ("{", "a.geojson", "is neither a GeoJSON"),
        ("who,what\n1,2\n", "a.csv", "no such column"),
        ("code;name\n1;2\n", "../../x.csv", "semicolons"),
        ("\x00\x01", "x.bin", "There is a problem"),
    ],
)
def test_file_that_is_none_is_refused_in_words(admin: TestClient, content: str, name: str, words: str) -> None:
    assert words in send(admin, content, name)


# ---- organisations ---------------------------------------------------------------------------------------------------


def organisation_of(database: Database, place: PlaceCard, code: str) -> Organisation | None:
    with database.read() as reads:
        return find_organisation(reads, place.id, code)


def test_organisation_joins_is_renamed_leaves_and_joins_again(admin: TestClient, hillside: PlaceCard, database: Database) -> None:
    sent = {"name": "Hill Road Hub", "kind": "vcs", "since": "2025-04-01"}
    assert admin.post(f"{SETTINGS}/organisations", data=sent).status_code == 303
    renamed = {"name": "The Hub", "kind": "community_group"}
    assert admin.post(f"{SETTINGS}/organisations/hill-road-hub", data=renamed).status_code == 303
    hub = organisation_of(database, hillside, "hill-road-hub")
    assert hub is not None and (hub.name, hub.kind) == ("The Hub", "community_group")
    membership = f"{SETTINGS}/organisations/hill-road-hub/membership"
    assert admin.post(membership, data={"on": "2026-10-31"}).status_code == 303
    assert "It does not take part today." in admin.get(f"{SETTINGS}/organisations").text
    assert "It was still a member on that day." in admin.post(membership, data={"on": "2026-10-31"}).text
    assert admin.post(membership, data={"on": "2026-11-01"}).status_code == 303
    assert "It does not take part today." not in admin.get(f"{SETTINGS}/organisations").text
    assert verbs(database) == ["joined organisation", "changed organisation", "left organisation", "joined organisation"]


@pytest.mark.parametrize("typed", ["", "soon", "2024-01-01"])
def test_organisation_does_not_leave_on_a_day_that_is_none(
    make: Make, admin: TestClient, hillside: PlaceCard, database: Database, typed: str
) -> None:
    make.organisation(hillside, "council", since=date(2025, 4, 1))
    answer = admin.post(f"{SETTINGS}/organisations/council/membership", data={"on": typed})
    assert answer.status_code == 422 and "There is a problem" in answer.text
    assert verbs(database) == []


# ---- topics ----------------------------------------------------------------------------------------------------------


def test_topic_is_added_sent_elsewhere_retired_and_brought_back(
    make: Make, admin: TestClient, hillside: PlaceCard, visitor: TestClient, database: Database
) -> None:
    make.organisation(hillside, "council")
    assert admin.post(f"{SETTINGS}/topics", data={"name": "Paths and roads", "organisation": "council"}).status_code == 303
    assert admin.post(f"{SETTINGS}/topics", data={"name": "Paths and roads"}).status_code == 422
    assert admin.post(f"{SETTINGS}/topics/paths-and-roads", data={"name": "Paths"}).status_code == 303
    with database.read() as reads:
        topic = get_topic(reads, hillside.id, "paths-and-roads")
    assert (topic.name, topic.organisation_id) == ("Paths", None)

    def offered() -> list[str]:
        return [row["code"] for row in visitor.get("/api/v1/hillside/topics").json()["items"]]

    assert offered() == ["paths-and-roads"]
    admin.post(f"{SETTINGS}/topics/paths-and-roads/offer", data={"act": "retire"})
    assert offered() == []
    admin.post(f"{SETTINGS}/topics/paths-and-roads/offer", data={"act": "bring_back"})
    assert offered() == ["paths-and-roads"]
    assert verbs(database) == ["added topic", "changed topic", "retired topic", "brought_back topic"]


def test_topic_goes_to_no_organisation_of_another_place(make: Make, admin: TestClient, hillside: PlaceCard) -> None:
    make.organisation(make.collaboration("riverbank"), "elsewhere")
    answer = admin.post(f"{SETTINGS}/topics", data={"name": "Paths", "organisation": "elsewhere"})
    assert answer.status_code == 422 and "There is no organisation with the code elsewhere." in answer.text
    assert hillside.slug == "hillside"
