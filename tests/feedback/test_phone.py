"""A resident's phone: the empty form that it keeps, a message that it sends itself, and the code that it shows after that."""

from uuid import uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.feedback.desk_actions import publish, reply
from service.feedback.models import Feedback, Outcome, ReplyIn
from service.places.queries import PlaceCard
from tests.make import Make

TELL, SHELL = "/hillside/tell", "/offline/hillside/tell"
PHONE = {"Said-Queue": "anybody"}


@pytest.fixture
def resident(visitor: TestClient, hillside: PlaceCard) -> TestClient:
    """Somebody with a phone."""
    assert hillside.slug == "hillside"
    return visitor


def typed(**more: str) -> dict[str, str]:
    return {"body": "The bench has gone.", "share": "team_only", "idempotency_key": str(uuid4()), **more}


def stored(database: Database) -> list[str | None]:
    with database.read() as reads:
        return list(reads.exec(select(Feedback.body)))


def code_on(page: str) -> str:
    return LexborHTMLParser(page).css(".code .big")[0].text().replace("\n", "").strip()


def test_phone_is_told_which_message_is_stored_and_its_code(resident: TestClient, database: Database) -> None:
    sent = typed()
    first, again = (resident.post(TELL, data=sent, headers=PHONE) for _time in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json() and first.json()["kept"] == sent["idempotency_key"]
    assert first.headers["cache-control"] == "no-store" and not first.cookies
    assert stored(database) == [sent["body"]]
    assert code_on(resident.post(TELL, data=sent).text) == first.json()["receipt"], "without a script it is the same"


def test_code_of_a_message_that_a_phone_sent_is_shown_as_any_other(resident: TestClient, database: Database) -> None:
    receipt = resident.post(TELL, data=typed(), headers=PHONE).json()["receipt"]
    page = resident.post(TELL, data={"code": receipt.lower().replace("-", " ")})
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
    assert code_on(page.text) == receipt and "We will try to answer by" in page.text
    assert len(stored(database)) == 1


def test_code_that_opens_nothing_shows_nothing_and_is_counted(resident: TestClient) -> None:
    answers = [resident.post(TELL, data={"code": "K7QF-2M9X-TR4D-W8ZP4"}).status_code for _time in range(31)]
    assert set(answers[:30]) == {404} and answers[30] == 429
    assert resident.post(TELL, data=typed()).status_code == 200, "whoever tells something is not stopped by that"


def test_refusals_are_told_to_the_phone_in_words(resident: TestClient, database: Database) -> None:
    wrong = resident.post(TELL, data=typed(body="", kind=""), headers=PHONE)
    assert (wrong.status_code, [error["field"] for error in wrong.json()["errors"]]) == (422, ["body"])
    used = typed()
    assert resident.post(TELL, data=used, headers=PHONE).status_code == 201
    other = resident.post(TELL, data={**used, "body": "Another one."}, headers=PHONE)
    assert other.status_code == 409 and "kept" not in other.json() and "before" in other.json()["errors"][0]["message"]
    assert len(stored(database)) == 1


def test_another_site_cannot_send_as_a_phone(resident: TestClient, database: Database) -> None:
    assert resident.post(TELL, data=typed(), headers={**PHONE, "Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert stored(database) == []


def test_shell_is_empty_and_holds_nobody_s_words(make: Make, hillside: PlaceCard, resident: TestClient) -> None:
    make.area(hillside, "linden")
    told, sam = make.message(hillside, "The lamp is out.", share="words_public"), make.at_work(hillside)
    with make.database.write() as writes:
        publish(writes, sam, make.message_id(told), make.clock())
        reply(writes, sam, make.message_id(told), ReplyIn(outcome=Outcome.CANNOT_DO, body="No.", reason="No money."), make.clock())
    assert "The lamp is out." in resident.get(TELL).text, "it stands among what others told"
    shell = resident.get(SHELL)
    tree = LexborHTMLParser(shell.text)
    assert shell.status_code == 200 and "The lamp is out." not in shell.text
    assert tree.css("input[name=idempotency_key]")[0].attributes["value"] in ("", None), "a key that is kept would be used twice"
    assert tree.css("form[data-is-shell]") and tree.css("option[value=linden]")
    assert tree.css("form")[0].attributes["action"] == TELL
    assert resident.get("/offline/nowhere/tell").status_code == 404


def test_form_names_a_shell_for_each_language_of_the_place(resident: TestClient) -> None:
    form = LexborHTMLParser(resident.get(TELL).text).css("form[data-keep]")[0]
    shells = (form.attributes["data-shells"] or "").split()
    assert shells and all(shell.startswith(f"{SHELL}?lang=") for shell in shells)
    assert all(resident.get(shell).status_code == 200 for shell in shells)


def test_place_can_be_put_on_the_first_screen(resident: TestClient) -> None:
    manifest = resident.get("/hillside/app.webmanifest?lang=en")
    facts = manifest.json()
    assert manifest.headers["content-type"] == "application/manifest+json"
    assert (facts["start_url"], facts["scope"], facts["lang"]) == ("/hillside/tell?lang=en", "/", "en")
    assert all(resident.get(icon["src"]).status_code == 200 for icon in facts["icons"])
    assert 'href="/hillside/app.webmanifest?lang=en"' in resident.get(TELL).text
