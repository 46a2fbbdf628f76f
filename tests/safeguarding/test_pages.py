"""What those on call see on their screens, and how soon; with and without JavaScript."""

from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser as Html
from starlette.testclient import TestClient

from service.people.models import Member
from service.places.queries import PlaceCard
from tests.make import Make
from tests.safeguarding.conftest import on_rota

SignIn = Callable[..., TestClient]
AtWork = Callable[..., Member]
SECRET = "My neighbour shouts at her boy every night."
LANE, ROTA = "/staff/hillside/urgent", "/staff/hillside/rota"


def test_rota_is_kept_on_its_page(hillside: PlaceCard, at_work: AtWork, signed_in: SignIn) -> None:
    asha = at_work(hillside, "frontline", name="Asha Bell")
    admin = signed_in(hillside, "admin")
    turn = {"staff": str(asha.person.staff_id), "begins_at": "2026-11-23T09:00", "ends_at": "2026-11-30T09:00", "place_in_line": "1"}
    assert admin.post(ROTA, data=turn).headers["location"] == ROTA
    assert "Asha Bell" in admin.get(ROTA).text and "On call now: Asha Bell" in admin.get(LANE).text
    wrong = admin.post(ROTA, data={**turn, "ends_at": "tomorrow", "staff": ""})
    assert wrong.status_code == 422 and "Choose who is on call." in wrong.text and 'value="tomorrow"' in wrong.text
    assert admin.post(f"{ROTA}/minutes", data={"minutes": "soon"}).status_code == 422
    assert admin.post(f"{ROTA}/minutes", data={"minutes": "15"}).status_code == 303
    assert "has 15 minutes" in admin.get(LANE).text
    off = Html(admin.get(ROTA).text).css_first("form[action*='/remove']").attributes["action"]
    assert off and admin.post(off).status_code == 303
    assert "Asha Bell" not in str(Html(admin.get(ROTA).text).css_first("main .ilist"))


def test_urgent_message_stands_first_for_those_on_call_and_for_nobody_else(
    make: Make, hillside: PlaceCard, at_work: AtWork, signed_in: SignIn
) -> None:
    message = make.message_id(make.message(hillside, SECRET))
    on_call, other, raiser = (signed_in(hillside, "coordinator", email=f"{who}@example.org") for who in ("on", "off", "raiser"))
    on_rota(make, at_work(hillside), at_work(hillside, email="on@example.org"))
    answer = raiser.post(f"/staff/hillside/messages/{message}/raise", data={"raise_note": "She rang."})
    assert answer.headers["location"] == f"{LANE}?raised=yes"
    assert "It stands apart now" in raiser.get(answer.headers["location"]).text
    for browser, sees in ((on_call, True), (other, False), (raiser, False)):
        assert ("1 message cannot wait" in browser.get("/staff/hillside/inbox").text) == sees
        assert SECRET not in browser.get("/staff/hillside/inbox").text + browser.get(LANE).text
    partial = {"hx-request-type": "partial", "hx-target": "div#lane-list"}
    fragment = on_call.get(LANE, headers=partial).text
    assert fragment.lstrip().startswith('<div id="lane-list"') and "I have it" in fragment
    assert "every 20s" in fragment, "a screen that is left alone sees it well within a minute"

    take = Html(fragment).css_first("form[action*='/take']").attributes["action"] or ""
    assert other.post(take).status_code == 404
    where = on_call.post(take).headers["location"]
    assert SECRET in on_call.get(where).text
    assert other.get(where).status_code == 200 and SECRET not in other.get(where).text + raiser.get(where).text
    assert on_call.post(f"{where}/note", data={"note": ""}).status_code == 422
    assert on_call.post(f"{where}/note", data={"note": "I went there."}).status_code == 303
    assert on_call.post(f"{where}/close", data={}).status_code == 422
    assert on_call.post(f"{where}/close", data={"ending": "looked_after"}).status_code == 303
    page = on_call.get(where).text
    assert "Closed." in page and "I went there." in page
    assert other.get(f"/staff/hillside/messages/{message}").status_code == 200, "it waits for its answer again"


def test_list_that_looks_now_and_then_learns_of_it(make: Make, hillside: PlaceCard, signed_in: SignIn) -> None:
    """The inbox answers 204 for as long as nothing is new; something urgent is new."""
    browser = signed_in(hillside, "moderator")
    look = Html(browser.get("/staff/hillside/inbox").text).css_first("#message-list").attributes["data-hx-get"] or ""
    assert browser.get(look).status_code == 204
    message = make.message_id(make.message(hillside, SECRET))
    look = Html(browser.get("/staff/hillside/inbox").text).css_first("#message-list").attributes["data-hx-get"] or ""
    signed_in(hillside, "frontline").post(f"/staff/hillside/messages/{message}/raise")
    make.clock.advance(seconds=45)
    assert "1 message cannot wait" in browser.get(look).text
