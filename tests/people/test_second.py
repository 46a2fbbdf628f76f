"""The second step: an administrator who has shown only once who they are reaches nothing; apps, recovery codes, and waiting."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from pyotp import TOTP
from selectolax.lexbor import LexborHTMLParser as Html
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.people import rules
from service.people.models import AuthenticatorApp, RecoveryCode, Role, StaffSession
from service.places.queries import PlaceCard
from service.server_keys import rotate
from service.settings import Settings
from tests.make import Make, SettableClock
from tests.people.authenticator import Authenticator

ADA, SECOND, PEOPLE, HERE = "ada@example.org", "/staff/second", "/staff/hillside/people", "http://localhost"
WITH_ONE_STEP = {
    *("people.second", "people.show_code", "people.begin_app", "people.app", "people.confirm_app"),
    *("people.new_passkey", "people.add_passkey", "people.sign_out"),
}
"""All that an administrator reaches before their second step. What needs no sign-in at all stays open to everybody."""


@pytest.fixture
def enters(make: Make, browser_of: Callable[[], TestClient]) -> Callable[..., TestClient]:
    """An administrator who has used a link, and nothing else yet."""

    def enter(place: PlaceCard, role: Role = Role.ADMIN, **person: Any) -> TestClient:
        browser = browser_of()
        assert browser.post(f"/staff/sign-in/{make.person(place, role, email=ADA, **person)}").status_code == 303
        return browser

    return enter


def lands(browser: TestClient) -> str:
    """Where a signed-in person is led."""
    path = "/staff"
    while led := browser.get(path).headers.get("location"):
        path = led
    return path


def sets_up(browser: TestClient) -> TOTP:
    """The secret of a fresh app, read off the page as a person would who has no camera."""
    assert browser.post(f"{SECOND}/app").headers["location"] == f"{SECOND}/app"
    page = Html(browser.get(f"{SECOND}/app").text)
    return TOTP("".join(page.css_first("bdi.receipt").text().split()))


def adds_app(browser: TestClient, clock: SettableClock) -> tuple[TOTP, list[str]]:
    """An app with its first code, and the recovery codes."""
    app = sets_up(browser)
    answer = browser.post(f"{SECOND}/app/confirm", data={"code": app.at(clock())})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{SECOND}/codes")
    codes = [one.text() for one in Html(browser.get(f"{SECOND}/codes").text).css("ul.codes bdi")]
    browser.post(f"{SECOND}/codes/kept")
    return app, codes


def shows(browser: TestClient, code: str) -> int:
    return browser.post(SECOND, data={"code": code}).status_code


# ---- who may not -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["the whole place", "one organisation", "another place"])
def test_administrator_with_one_step_reaches_no_page_by_any_route(
    make: Make, app: FastAPI, hillside: PlaceCard, enters: Callable[..., TestClient], where: str
) -> None:
    """Generated from the table of routes: also what they may do as a coordinator waits for the second step."""
    make.organisation(hillside, "council")
    place = make.collaboration("riverbank") if where == "another place" else hillside
    browser = enters(place, organisation="council" if where == "one organisation" else None)
    make.person(hillside, Role.COORDINATOR, email=ADA)
    asked = 0
    for route in app.state.routes:
        [who] = [str(below.call.who) for below in route.dependant.dependencies if hasattr(below.call, "who")]
        if who.startswith(("anyone", "key")) or route.name == "people.sign_out":
            continue
        known = {"c": "hillside", "secret": "x", "code": "x", "area": "x", "view": "results"}
        path = route.path.format(**{name: known.get(name, str(uuid4())) for name in route.param_convertors})
        for method in route.methods - {"HEAD"}:
            answer = browser.request(method, path)
            if route.name in WITH_ONE_STEP:
                assert answer.headers.get("location") != "/staff", path
            else:
                asked += 1
                expected = (303, SECOND) if method == "GET" else (401, None)
                assert (answer.status_code, answer.headers.get("location")) == expected, f"{method} {path}"
    assert asked > 40
    assert {
        who.name
        for who in app.state.routes
        if any("before their" in str(getattr(below.call, "who", "")) for below in who.dependant.dependencies)
    } == WITH_ONE_STEP
    assert lands(browser) == SECOND


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_nobody_else_is_asked_twice(hillside: PlaceCard, enters: Callable[..., TestClient], role: Role) -> None:
    browser = enters(hillside, role)
    assert lands(browser) != SECOND
    assert browser.post(f"{SECOND}/app").status_code == 404


def test_who_becomes_an_administrator_while_signed_in_takes_the_step_at_the_next_request(
    make: Make, hillside: PlaceCard, enters: Callable[..., TestClient]
) -> None:
    browser = enters(hillside, Role.COORDINATOR)
    assert browser.get("/staff/hillside/inbox").status_code == 200
    make.person(hillside, Role.ADMIN, email=ADA)
    assert browser.get("/staff/hillside/inbox").headers["location"] == SECOND


def test_who_has_only_the_link_adds_nothing_beside_what_is_set_up(
    hillside: PlaceCard, database: Database, enters: Callable[..., TestClient], clock: SettableClock
) -> None:
    """Whoever reads an administrator's mail could otherwise bring a passkey of their own."""
    adds_app(enters(hillside), clock)
    thief = enters(hillside)
    thief.base_url = HERE  # type: ignore[assignment]
    thief.headers["Cookie"] = f"said={thief.cookies['said']}"
    assert "One more step" not in thief.get(SECOND).text
    for address in ("/staff/you/passkeys/options", "/staff/you/passkeys", f"{SECOND}/app"):
        assert thief.post(address, data={"credential": "{}", "name": "x"}).status_code in (401, 422), address
    assert thief.post(f"{SECOND}/app/confirm", data={"code": "123456"}).status_code == 401
    with database.read() as reads:
        assert len(reads.exec(select(AuthenticatorApp)).all()) == 1


# ---- the app ---------------------------------------------------------------------------------------------------------


def test_first_sign_in_leads_through_setting_an_app_up(
    hillside: PlaceCard, database: Database, enters: Callable[..., TestClient], clock: SettableClock
) -> None:
    browser = enters(hillside)
    assert "One more step, once" in browser.get(SECOND).text
    app, codes = adds_app(browser, clock)
    assert lands(browser) == PEOPLE
    assert len(set(codes)) == rules.RECOVERY_CODES
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", code) for code in codes)
    with database.read() as reads:
        kept = str(reads.exec(select(AuthenticatorApp)).all()) + str(reads.exec(select(RecoveryCode)).all())
    assert app.secret not in kept and not any(code.replace("-", "") in kept for code in codes)


def test_link_and_code_together_let_in_and_each_code_counts_once(
    hillside: PlaceCard, enters: Callable[..., TestClient], clock: SettableClock
) -> None:
    app, _codes = adds_app(enters(hillside), clock)
    assert shows(enters(hillside), app.at(clock())) == 422, "the code that set it up"
    clock.advance(seconds=30)
    browser = enters(hillside)
    assert shows(browser, f" {app.at(clock())[:3]} {app.at(clock())[3:]} ") == 303
    assert lands(browser) == PEOPLE
    assert shows(enters(hillside), app.at(clock())) == 422, "seen over a shoulder"
    assert shows(enters(hillside), app.at(clock(), counter_offset=-1)) == 422, "nor one from before it"


@pytest.mark.parametrize(("seconds", "right"), [(-90, False), (-30, True), (0, True), (30, True), (90, False)])
def test_clock_of_a_phone_may_be_half_a_minute_off(
    hillside: PlaceCard, enters: Callable[..., TestClient], clock: SettableClock, seconds: int, right: bool
) -> None:
    app, _codes = adds_app(enters(hillside), clock)
    clock.advance(minutes=5)
    assert shows(enters(hillside), app.at(clock() + timedelta(seconds=seconds))) == (303 if right else 422)


@pytest.mark.parametrize("typed", ["", "000000", "12345", "1234567", "abcdef", "１２３４５６", "AAAAA-AAAAA", "x" * 40, "x" * 60])
def test_wrong_code_gets_a_clear_sentence(hillside: PlaceCard, enters: Callable[..., TestClient], clock: SettableClock, typed: str) -> None:
    adds_app(enters(hillside), clock)
    browser = enters(hillside)
    answer = browser.post(SECOND, data={"code": typed})
    assert answer.status_code == 422
    assert Html(answer.text).css_first(".govuk-error-summary a").attributes["href"] == "#code"
    assert lands(browser) == SECOND


def test_who_guesses_waits_longer_and_longer_and_nobody_is_locked_out(
    hillside: PlaceCard, enters: Callable[..., TestClient], clock: SettableClock
) -> None:
    app, _codes = adds_app(enters(hillside), clock)
    clock.advance(hours=1)
    thief, honest = enters(hillside), enters(hillside)
    assert [shows(thief, "000000") for _try in range(7)] == [422] * 5 + [429] * 2
    assert shows(honest, app.at(clock())) == 429, "not even the right one, for half a minute"
    clock.advance(seconds=30)
    assert shows(thief, "000000") == 422
    answer = thief.post(SECOND, data={"code": "000000"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "61")
    clock.advance(minutes=1)
    assert shows(honest, app.at(clock())) == 303
    assert shows(enters(hillside), "000000") == 422, "and after a right one all is as it was"
    tries, waited = 0, timedelta()
    while waited < timedelta(days=1):
        tries += 1
        waited += rules.wait_after(tries) or timedelta()
    assert tries < 110, "guesses in a day, of a million"


def test_app_that_was_begun_and_not_confirmed_counts_for_nothing(
    hillside: PlaceCard, enters: Callable[..., TestClient], clock: SettableClock
) -> None:
    browser = enters(hillside)
    old = sets_up(browser)
    new = sets_up(browser)
    assert old.secret != new.secret
    assert browser.post(f"{SECOND}/app/confirm", data={"code": "000000"}).status_code == 422
    assert browser.post(f"{SECOND}/app/confirm", data={"code": old.at(clock())}).status_code == 422
    assert lands(browser) == SECOND
    assert "One more step, once" in browser.get(SECOND).text


# ---- recovery codes --------------------------------------------------------------------------------------------------


def test_recovery_code_lets_in_once_however_it_is_typed(
    hillside: PlaceCard, enters: Callable[..., TestClient], clock: SettableClock
) -> None:
    _app, codes = adds_app(enters(hillside), clock)
    first = codes[0].lower().replace("-", " ").replace("1", "l").replace("0", "o")
    assert shows(enters(hillside), first) == 303
    assert shows(enters(hillside), codes[0]) == 422
    assert shows(enters(hillside), codes[1]) == 303


def test_recovery_codes_are_shown_until_they_are_kept_and_only_to_their_owner(
    hillside: PlaceCard, enters: Callable[..., TestClient], clock: SettableClock, signed_in: Callable[..., TestClient]
) -> None:
    browser = enters(hillside)
    app = sets_up(browser)
    browser.post(f"{SECOND}/app/confirm", data={"code": app.at(clock())})
    answers = [browser.get(f"{SECOND}/codes") for _reload in range(2)]
    assert answers[0].text == answers[1].text and answers[0].headers["cache-control"] == "no-store"
    for other in (enters(hillside), signed_in(hillside, Role.ADMIN)):
        assert other.get(f"{SECOND}/codes").status_code == 303
    browser.post(f"{SECOND}/codes/kept")
    assert browser.get(f"{SECOND}/codes").headers["location"] == "/staff/you"
    browser.post(f"{SECOND}/codes")
    assert browser.get(f"{SECOND}/codes").status_code == 200
    clock.advance(minutes=15)
    assert browser.get(f"{SECOND}/codes").status_code == 303, "nor are they shown for ever"


def test_new_codes_end_the_old_ones(hillside: PlaceCard, enters: Callable[..., TestClient], clock: SettableClock) -> None:
    browser = enters(hillside)
    _app, codes = adds_app(browser, clock)
    browser.post(f"{SECOND}/codes")
    assert shows(enters(hillside), codes[0]) == 422


def test_codes_of_an_older_server_key_still_count(
    hillside: PlaceCard, settings: Settings, client: TestClient, enters: Callable[..., TestClient], clock: SettableClock
) -> None:
    app, codes = adds_app(enters(hillside), clock)
    service: Any = client.app
    service.state.server_keys = rotate(settings.var / "keys")
    clock.advance(minutes=1)
    assert shows(enters(hillside), app.at(clock())) == 303
    assert shows(enters(hillside), codes[0]) == 303


# ---- passkeys --------------------------------------------------------------------------------------------------------


def at_localhost(browser: TestClient) -> TestClient:
    cookie = browser.cookies["said"]
    browser.cookies.clear()
    browser.base_url = HERE  # type: ignore[assignment]
    browser.headers["Cookie"] = f"said={cookie}"
    return browser


def test_passkey_is_both_steps_at_once(
    hillside: PlaceCard, database: Database, enters: Callable[..., TestClient], browser_of: Callable[[], TestClient]
) -> None:
    browser, passkey = at_localhost(enters(hillside)), Authenticator(HERE)
    made = passkey.make(browser.post("/staff/you/passkeys/options").json())
    answer = browser.post("/staff/you/passkeys", data={"name": "Work phone", "credential": made})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
    assert lands(browser) == PEOPLE

    other = browser_of()
    other.base_url = HERE  # type: ignore[assignment]
    assert other.post("/staff/passkey", data={"credential": passkey.answer(other.post("/staff/passkey/options").json())}).status_code == 303
    assert lands(other) == PEOPLE

    half = at_localhost(enters(hillside))
    assert lands(half) == SECOND and "Use your passkey" in half.get(SECOND).text
    answer = half.post("/staff/passkey", data={"credential": passkey.answer(half.post("/staff/passkey/options").json())})
    assert answer.status_code == 303 and "said=" in answer.headers["set-cookie"]
    assert half.get("/staff").headers.get("location") is None, "the session that was half-way has ended"
    with database.read() as reads:
        assert [one.ended_at is None for one in reads.exec(select(StaffSession).where(StaffSession.proven_at == None))] == [False]  # noqa: E711


def test_administrator_keeps_one_second_step(hillside: PlaceCard, enters: Callable[..., TestClient], clock: SettableClock) -> None:
    browser = enters(hillside)
    adds_app(browser, clock)
    assert browser.post(f"{SECOND}/app/remove").status_code == 409
    passkey = Authenticator(HERE)
    browser = at_localhost(browser)
    browser.post("/staff/you/passkeys", data={"name": "x", "credential": passkey.make(browser.post("/staff/you/passkeys/options").json())})
    assert browser.post(f"{SECOND}/app/remove").status_code == 303
    page = Html(browser.get("/staff/you").text)
    [remove] = [str(form.attributes["action"]) for form in page.css("form") if "/passkeys/" in str(form.attributes["action"])]
    assert browser.post(remove).status_code == 409
