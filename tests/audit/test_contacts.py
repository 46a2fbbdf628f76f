"""How a sender may be reached stays closed until somebody who answers opens it, and that is written down."""

from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborHTMLParser as Html
from sqlmodel import col, select
from starlette.testclient import TestClient

from service.audit.models import Reading, What
from service.database import Database
from service.journal.models import Entry
from service.people.queries import find_staff
from service.places.queries import PlaceCard
from tests.make import Make

PHONE = "07700 900001"
SignIn = Callable[..., TestClient]


@pytest.fixture
def path(make: Make, hillside: PlaceCard) -> str:
    """A message whose sender said how to be reached."""
    return f"/staff/hillside/messages/{make.message_id(make.message(hillside, 'The bench has gone.', contact=PHONE))}"


def readings(database: Database) -> list[Reading]:
    with database.read() as reads:
        return list(reads.exec(select(Reading).order_by(col(Reading.id))))


@pytest.mark.parametrize("role", ["frontline", "moderator", "admin", "viewer"])
def test_who_does_not_answer_opens_nothing_and_leaves_no_row(
    path: str, hillside: PlaceCard, signed_in: SignIn, database: Database, role: str
) -> None:
    browser = signed_in(hillside, role)
    assert browser.post(f"{path}/contact").status_code == 404
    assert browser.get(f"{path}/contact").status_code in (404, 405)
    assert PHONE not in browser.get(path).text and "/contact" not in browser.get(path).text
    assert readings(database) == []


def test_opening_shows_it_once_and_says_who_opened_it(path: str, staff: TestClient, hillside: PlaceCard, database: Database) -> None:
    assert PHONE not in staff.get(path).text
    answer = staff.post(f"{path}/contact")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert Html(answer.text).css_first("#contact").text() == PHONE
    assert PHONE not in staff.get(path).text, "the next page is closed again"
    staff.post(f"{path}/contact")
    rows = readings(database)
    with database.read() as reads:
        person = find_staff(reads, "colleague@example.org")
        verbs = set(reads.exec(select(Entry.verb).where(Entry.subject == "feedback")))
    assert len(rows) == 2, "each time"
    assert person is None or {row.actor_id for row in rows} == {person.id}
    assert {(row.what, row.subject, str(row.subject_id)) for row in rows} == {(What.CONTACT, "feedback", path.rpartition("/")[2])}
    assert {row.collaboration_id for row in rows} == {hillside.id}
    assert verbs == {"received"}, "who read what is no part of the journal"


def test_what_was_written_of_the_answer_is_still_there(path: str, staff: TestClient) -> None:
    page = Html(staff.get(path).text)
    button = page.css_first(".facts form button")
    assert page.css_first(f"form#{button.attributes['form']} textarea[name=body]") is not None
    assert button.attributes["formaction"] == f"{path}/contact"
    page = Html(staff.post(f"{path}/contact", data={"outcome": "done", "body": "We will come <b>round</b>.", "reason": "x"}).text)
    assert page.css_first("textarea[name=body]").text() == "We will come <b>round</b>."
    assert page.css_first("input[name=outcome][value=done]").attributes.get("checked", "no") != "no"
    assert page.css_first(".govuk-error-summary") is None


def test_message_without_a_contact_has_nothing_to_open(make: Make, hillside: PlaceCard, staff: TestClient, database: Database) -> None:
    path = f"/staff/hillside/messages/{make.message_id(make.message(hillside, 'No name, please.'))}"
    assert "/contact" not in staff.get(path).text
    assert staff.post(f"{path}/contact").status_code == 404
    assert readings(database) == []
