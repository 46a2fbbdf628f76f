"""Signing in and out, and how long a session lives: over HTTP, as a browser sees it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from fastapi import FastAPI
from sqlalchemy import event
from sqlmodel import col, func, select
from starlette.testclient import TestClient

from service.database import Database
from service.errors import NotFound, Unavailable
from service.journal.actions import OPERATOR
from service.people.actions import disable, sign_in
from service.people.models import Role, SignInLink, Staff, StaffSession
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

INBOX = "/staff/hillside/inbox"
SAM = "sam@example.org"


def is_in(browser: TestClient) -> bool:
    """Whether this browser is let in: others are shown the way to sign in."""
    answer = browser.get(INBOX)
    assert answer.status_code == 200 or (answer.status_code, answer.headers.get("location")) == (303, "/staff")
    return answer.status_code == 200


def sessions_of(database: Database) -> list[StaffSession]:
    with database.read() as reads:
        return list(reads.exec(select(StaffSession).order_by(col(StaffSession.started_at))))


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_nobody_is_let_in_with_a_cookie_of_their_own_making(staff: TestClient, visitor: TestClient) -> None:
    assert is_in(staff)
    for cookie in ("", "x", "null", staff.cookies["said"][:-1], staff.cookies["said"].swapcase(), "é", "a" * 5000):
        visitor.cookies.clear()
        answer = visitor.get(INBOX, headers={b"Cookie": f"said={cookie}".encode()})
        assert (answer.status_code, answer.headers.get("location")) == (303, "/staff")


def test_cookie_of_the_other_kind_of_address_opens_nothing(staff: TestClient, visitor: TestClient) -> None:
    visitor.cookies.set("__Host-said", staff.cookies["said"])
    assert not is_in(visitor)


def test_link_is_used_once(make: Make, hillside: PlaceCard, browser_of: Callable[[], TestClient]) -> None:
    link = make.person(hillside)
    first, second = browser_of(), browser_of()
    assert first.post(f"/staff/sign-in/{link}").status_code == 303
    assert second.post(f"/staff/sign-in/{link}").status_code == 404
    assert second.cookies.get("said") is None
    assert is_in(first) and not is_in(second)


def test_link_is_used_once_even_when_two_click_at_the_same_moment(
    make: Make, database: Database, hillside: PlaceCard, clock: SettableClock
) -> None:
    """Both have read that the link is unused before either of them writes, where the database lets them."""
    link = make.person(hillside)
    both = threading.Barrier(2)

    @event.listens_for(database.writer, "after_cursor_execute")
    def wait_for_the_other(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT") and "sign_in_link" in statement:
            with suppress(threading.BrokenBarrierError):
                both.wait(timeout=1)

    def click(_browser: int) -> bool:
        with suppress(NotFound), database.write() as writes:
            sign_in(writes, link, clock())
            return True
        return False

    with ThreadPoolExecutor(2) as browsers:
        assert sorted(browsers.map(click, range(2))) == [False, True]
    assert len(sessions_of(database)) == 1


def test_disabled_person_is_out_at_the_next_request_everywhere(
    make: Make, database: Database, hillside: PlaceCard, clock: SettableClock, browser_of: Callable[[], TestClient]
) -> None:
    phone, desk = browser_of(), browser_of()
    for browser in (phone, desk):
        browser.post(f"/staff/sign-in/{make.person(hillside, email=SAM)}")
        assert is_in(browser)
    unused = make.person(hillside, email=SAM)
    with database.write() as writes:
        disable(writes, OPERATOR, SAM, clock())
    assert not is_in(phone) and not is_in(desk)
    assert phone.post("/staff/sign-out").status_code == 401
    assert phone.post(f"/staff/sign-in/{unused}").status_code == 404


def test_person_is_out_even_if_only_the_person_s_row_says_so(staff: TestClient, database: Database, clock: SettableClock) -> None:
    """Should a session ever escape being ended, the person being disabled is enough."""
    with database.write() as writes:
        person = writes.exec(select(Staff)).one()
        person.disabled_at = clock()
        writes.add(person)
    assert not is_in(staff)


def test_nobody_who_is_signed_out_can_sign_out(visitor: TestClient) -> None:
    assert visitor.post("/staff/sign-out").status_code == 401


# ---- signing out -----------------------------------------------------------------------------------------------------


def test_signing_out_ends_the_session_at_once_and_only_this_one(
    hillside: PlaceCard, signed_in: Callable[..., TestClient], visitor: TestClient
) -> None:
    phone, desk = signed_in(hillside, email=SAM), signed_in(hillside, email=SAM)
    cookie = phone.cookies["said"]
    answer = phone.post("/staff/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
    assert phone.cookies.get("said") is None
    visitor.cookies.set("said", cookie)  # somebody kept it
    assert not is_in(visitor)
    assert is_in(desk)


def test_every_sign_in_has_a_session_of_its_own(hillside: PlaceCard, signed_in: Callable[..., TestClient]) -> None:
    cookies = {signed_in(hillside, email=SAM).cookies["said"] for _again in range(3)}
    assert len(cookies) == 3


# ---- how long --------------------------------------------------------------------------------------------------------


def test_session_ends_after_twelve_idle_hours(staff: TestClient, clock: SettableClock) -> None:
    clock.advance(hours=11, minutes=59, seconds=59)
    assert is_in(staff)
    clock.advance(hours=12)
    assert not is_in(staff)


def test_session_in_use_ends_after_fourteen_days(staff: TestClient, clock: SettableClock) -> None:
    for _visit in range(30):
        clock.advance(hours=11)
        assert is_in(staff)
    clock.advance(hours=14 * 24 - 30 * 11, seconds=-1)
    assert is_in(staff)
    clock.advance(seconds=1)
    assert not is_in(staff)


def test_session_that_ended_does_not_come_back_when_the_clock_goes_back(staff: TestClient, clock: SettableClock) -> None:
    cookie = staff.cookies["said"]
    assert staff.post("/staff/sign-out").status_code == 303
    clock.advance(hours=-1)
    staff.cookies.set("said", cookie)
    assert not is_in(staff)


def test_use_of_a_session_is_written_down_at_most_every_ten_minutes(staff: TestClient, database: Database, clock: SettableClock) -> None:
    began = clock()
    clock.advance(minutes=9, seconds=59)
    assert is_in(staff)
    assert [session.seen_at for session in sessions_of(database)] == [began]
    now = clock.advance(seconds=1)
    assert is_in(staff) and is_in(staff)
    assert [session.seen_at for session in sessions_of(database)] == [now]
    assert [session.started_at for session in sessions_of(database)] == [began]


def test_page_opens_even_while_nothing_can_be_written(
    staff: TestClient, app: FastAPI, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk must not keep staff from reading: that a session was used is written down the next time."""

    def full() -> None:
        raise Unavailable

    clock.advance(minutes=11)
    monkeypatch.setattr(app.state.database, "write", full)
    assert is_in(staff)


# ---- what a sign-in leaves -------------------------------------------------------------------------------------------


def test_sign_in_remembers_when_its_link_was_used(make: Make, database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    link = make.person(hillside, Role.COORDINATOR)
    clock.advance(hours=3)
    with database.write() as writes:
        sign_in(writes, link, clock())
    with database.read() as reads:
        assert reads.exec(select(SignInLink.used_at)).all() == [clock()]
        assert reads.exec(select(func.count()).select_from(StaffSession)).one() == 1
