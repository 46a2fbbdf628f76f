"""What is answered often: written by administrators, put into an answer by whoever answers, lost by nobody."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.feedback.models import Reply
from service.people.models import Role
from service.places.queries import PlaceCard
from service.wordings.models import Wording
from tests.make import Make

WORDINGS = "/staff/hillside/settings/wordings"
COUNTY = {"name": "County", "outcome": "passed_on", "language": "en", "body": "It is with the county.", "reason": "The road is theirs."}

SignIn = Callable[..., TestClient]


@pytest.fixture
def admin(hillside: PlaceCard, signed_in: SignIn) -> TestClient:
    """Who sets hillside up."""
    return signed_in(hillside, Role.ADMIN)


def id_of(database: Database, name: str = "County") -> UUID:
    with database.read() as reads:
        return reads.exec(select(Wording.id).where(Wording.name == name)).one()


def typed_in(page: str, field: str) -> str:
    """What stands in a box of the page."""
    return page.partition(f'id="{field}" name="{field}"')[2].partition(">")[2].partition("<")[0].strip()


def test_wording_begins_an_answer_and_everything_typed_stays(
    make: Make, hillside: PlaceCard, admin: TestClient, staff: TestClient, database: Database
) -> None:
    assert admin.post(WORDINGS, data=COUNTY).status_code == 303
    message = f"/staff/hillside/messages/{make.message_id(make.message(hillside))}"
    assert "Begin with words that you have" in staff.get(message).text
    sent = {"wording": str(id_of(database)), "body": "I went to see it.", "promise_text": "kept as well", "outcome": ""}
    answer = staff.post(f"{message}/reply/begin", data=sent)
    assert answer.status_code == 200
    assert typed_in(answer.text, "body") == "I went to see it.\n\nIt is with the county."
    assert typed_in(answer.text, "reason") == "The road is theirs." and typed_in(answer.text, "promise_text") == "kept as well"
    assert 'value="passed_on" checked' in answer.text
    with database.read() as reads:
        assert reads.exec(select(Reply)).all() == [], "nothing was sent"


def test_outcome_and_reason_that_were_given_stay(
    make: Make, hillside: PlaceCard, admin: TestClient, staff: TestClient, database: Database
) -> None:
    admin.post(WORDINGS, data=COUNTY)
    message = f"/staff/hillside/messages/{make.message_id(make.message(hillside))}"
    sent = {"wording": str(id_of(database)), "outcome": "cannot_do", "reason": "No money is left."}
    page = staff.post(f"{message}/reply/begin", data=sent).text
    assert 'value="cannot_do" checked' in page and typed_in(page, "reason") == "No money is left."


@pytest.mark.parametrize("wording", ["", "x", "00000000-0000-7000-8000-000000000000"])
def test_nothing_chosen_loses_nothing(make: Make, hillside: PlaceCard, admin: TestClient, staff: TestClient, wording: str) -> None:
    admin.post(WORDINGS, data=COUNTY)
    message = f"/staff/hillside/messages/{make.message_id(make.message(hillside))}"
    answer = staff.post(f"{message}/reply/begin", data={"wording": wording, "body": "I went to see it."})
    assert answer.status_code == 422
    assert "Choose what to begin with." in answer.text and typed_in(answer.text, "body") == "I went to see it."


def test_wording_of_another_place_or_one_that_is_retired_begins_nothing(
    make: Make, hillside: PlaceCard, admin: TestClient, staff: TestClient, signed_in: SignIn, database: Database
) -> None:
    riverbank = make.collaboration("riverbank")
    theirs = signed_in(riverbank, Role.ADMIN)
    assert theirs.post("/staff/riverbank/settings/wordings", data={**COUNTY, "name": "Theirs", "body": "CANARY"}).status_code == 303
    admin.post(WORDINGS, data=COUNTY)
    admin.post(f"{WORDINGS}/{id_of(database)}/offer", data={"act": "retire"})
    message = f"/staff/hillside/messages/{make.message_id(make.message(hillside))}"
    for name in ("Theirs", "County"):
        answer = staff.post(f"{message}/reply/begin", data={"wording": str(id_of(database, name))})
        assert answer.status_code == 422 and "CANARY" not in answer.text
    assert admin.get(f"{WORDINGS}/{id_of(database, 'Theirs')}").status_code == 404
    admin.post(f"{WORDINGS}/{id_of(database)}/offer", data={"act": "bring_back"})
    assert staff.post(f"{message}/reply/begin", data={"wording": str(id_of(database))}).status_code == 200


def test_front_line_staff_are_offered_none(make: Make, hillside: PlaceCard, admin: TestClient, signed_in: SignIn) -> None:
    admin.post(WORDINGS, data=COUNTY)
    page = signed_in(hillside, Role.FRONTLINE).get(f"/staff/hillside/messages/{make.message_id(make.message(hillside))}").text
    assert "Begin with words" not in page


def test_words_in_the_language_of_the_message_come_first(make: Make, hillside: PlaceCard, admin: TestClient, staff: TestClient) -> None:
    for name, language in (("Aaa", "en"), ("Bbb", "cy"), ("Ccc", "")):
        admin.post(WORDINGS, data={"name": name, "body": "Thank you.", "language": language})
    page = staff.get(f"/staff/hillside/messages/{make.message_id(make.message(hillside, language='cy'))}").text
    assert page.index("Bbb (Welsh)") < page.index("Aaa") < page.index("Ccc")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Give it a name"),
        ({"body": " "}, "Write the words."),
        ({"reason": ""}, "Say why"),
        ({"name": "Taken"}, "of this name"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    admin: TestClient, hillside: PlaceCard, database: Database, wrong: dict[str, str], words: str
) -> None:
    assert admin.post(WORDINGS, data={"name": "Taken", "body": "x"}).status_code == 303
    answer = admin.post(WORDINGS, data={**COUNTY, **wrong})
    assert answer.status_code == 422 and words in answer.text
    admin.post(WORDINGS, data=COUNTY)
    answer = admin.post(f"{WORDINGS}/{id_of(database)}", data={**COUNTY, **wrong})
    assert answer.status_code == 422 and words in answer.text
    with database.read() as reads:
        assert {row.name for row in reads.exec(select(Wording))} == {"Taken", "County"}
    assert hillside.slug == "hillside"
