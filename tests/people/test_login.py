"""Signing in with a council's own login: against a real provider on this machine, and everything that may be wrong with its answer."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from joserfc.jwk import ECKey
from pydantic import SecretStr, ValidationError
from selectolax.lexbor import LexborHTMLParser as Html
from sqlalchemy import event
from sqlmodel import col, select, update
from starlette.testclient import TestClient

from service.database import Database
from service.journal.actions import OPERATOR
from service.people import login as logins
from service.people.actions import disable, enable
from service.people.models import KnownLogin, LoginTry, Role, Staff, StaffRole
from service.people.queries import find_staff
from service.places.queries import PlaceCard
from service.settings import Settings
from tests.make import Make, SettableClock
from tests.people.provider import CLIENT, SECRET, Provider, providing

SAM, BEGIN, BACK, INBOX = "sam@council.example", "/staff/login", "/staff/login/back", "/staff/hillside/inbox"
UNKNOWN = "Your login opens nothing here. Ask your coordinator to invite the address that it has."
REFUSED = "The login of Hillside Council did not let you through. Try again, or use another way."
AWAY = "The login of Hillside Council does not answer now. Try again in a moment, or use another way."
TOO_OLD = "That took too long, or it was begun in another browser. Begin again here."


@pytest.fixture
def provider(clock: SettableClock) -> Iterator[Provider]:
    """The council's own login."""
    with providing() as found:
        found.now = lambda: clock().timestamp()
        yield found


@pytest.fixture
def settings(settings: Settings, provider: Provider) -> Settings:
    """The service of these tests knows it."""
    facts = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SecretStr(SECRET)}
    return settings.model_copy(update={**facts, "oidc_name": "Hillside Council", "oidc_domains": "council.example, hub.example"})


def goes(browser: TestClient) -> str:
    """Presses the button; answers where the page leads."""
    answer = browser.post(BEGIN)
    assert answer.status_code == 200, answer.text
    return str(Html(answer.text).css_first("a[data-go]").attributes["href"])


def signs_in_there(address: str) -> dict[str, str]:
    """What the provider sends the browser back with."""
    answer = httpx2.get(address)
    assert answer.status_code == 302
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def comes_back(browser: TestClient, brought: dict[str, str]) -> Any:
    """Shows what it brought, and sends it on."""
    page = browser.get(BACK, params=brought)
    assert page.status_code == 200 and "set-cookie" not in page.headers
    fields = {str(one.attributes["name"]): str(one.attributes["value"]) for one in Html(page.text).css("form[data-go] input")}
    return browser.post(BACK, data=fields)


def signs_in(browser: TestClient) -> Any:
    return comes_back(browser, signs_in_there(goes(browser)))


def said(answer: Any) -> str:
    """Why it did not work."""
    assert "said=" not in answer.headers.get("set-cookie", "").replace("said-login=", "")
    return Html(answer.text).css_first(".govuk-error-summary a").text()


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_who_may_not_reads_the_same_whoever_they_are(
    make: Make, database: Database, hillside: PlaceCard, visitor: TestClient, provider: Provider, clock: SettableClock
) -> None:
    """Nobody is made by signing in; and who was, is or never will be on the staff cannot be told apart, in words or in work."""
    for who in ("disabled", "nowhere", "elsewhere", "late"):
        make.person(hillside, email=f"{who}@council.example")
    make.person(hillside, email="elsewhere@other.example")
    with database.write() as writes:
        disable(writes, OPERATOR, "disabled@council.example", clock())
        writes.execute(update(Staff).where(col(Staff.email) == "late@council.example").values(invited_until=clock()))
        nowhere = find_staff(writes, "nowhere@council.example")
        assert nowhere is not None
        writes.execute(update(StaffRole).where(col(StaffRole.staff_id) == nowhere.id).values(ended_at=clock()))
    strangers = {
        "stranger": {"email": "stranger@council.example"},
        "disabled": {"email": "disabled@council.example"},
        "without a role": {"email": "nowhere@council.example"},
        "invited too long ago": {"email": "late@council.example"},
        "of a domain that is not this login's": {"email": "elsewhere@other.example"},
        "not checked": {"email": "elsewhere@council.example", "email_verified": False},
        "not said to be checked": {"email": "elsewhere@council.example", "email_verified": None},
        "without an address": {"email": None},
        "with an odd address": {"email": ["elsewhere@council.example"]},
    }
    with database.read() as reads:
        before = len(reads.exec(select(Staff)).all())
    answers = {}
    for number, (who, claims) in enumerate(strangers.items()):
        provider.person = {
            name: value for name, value in {"sub": f"s{number}", "email_verified": True, **claims}.items() if value is not None
        }
        answer = signs_in(visitor)
        answers[who] = (answer.status_code, said(answer))
    assert set(answers.values()) == {(403, UNKNOWN)}, answers
    with database.read() as reads:
        assert len(reads.exec(select(Staff)).all()) == before
        assert reads.exec(select(KnownLogin)).all() == []


def test_login_that_counts_for_some_places_opens_no_other(make: Make, hillside: PlaceCard, app: FastAPI, visitor: TestClient) -> None:
    make.person(hillside, email=SAM)
    app.state.login.places = frozenset({"riverbank"})
    assert said(signs_in(visitor)) == UNKNOWN
    app.state.login.places = frozenset({"hillside"})
    assert signs_in(visitor).status_code == 303


def test_later_owner_of_an_address_does_not_become_the_person_before(
    make: Make, hillside: PlaceCard, browser_of: Callable[[], TestClient], provider: Provider
) -> None:
    make.person(hillside, email=SAM)
    assert signs_in(browser_of()).status_code == 303
    provider.person = {**provider.person, "sub": "sam-2"}
    assert said(signs_in(browser_of())) == UNKNOWN
    provider.person = {"sub": "sam-1", "email": "married@council.example", "email_verified": True}
    assert signs_in(browser_of()).status_code == 303, "and the person stays known when their address changes"


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"odd": {"iss": "http://127.0.0.1:1"}}, REFUSED),
        ({"odd": {"aud": "somebody-else"}}, REFUSED),
        ({"odd": {"aud": ["somebody-else", CLIENT], "azp": "somebody-else"}}, REFUSED),
        ({"odd": {"nonce": "another"}}, REFUSED),
        ({"odd": {"nonce": None}}, REFUSED),
        ({"odd": {"exp": 1}}, REFUSED),
        ({"odd": {"exp": None}}, REFUSED),
        ({"odd": {"iat": 4_000_000_000}}, REFUSED),
        ({"odd": {"sub": ""}}, REFUSED),
        ({"odd": {"sub": "x" * 300}}, REFUSED),
        ({"odd": {"sub": 7}}, REFUSED),
        ({"algorithm": "none"}, REFUSED),
        ({"algorithm": "forged"}, REFUSED),
        ({"algorithm": "HS256"}, REFUSED),
        ({"broken": {"/token"}}, AWAY),
        ({"broken": {"/keys"}}, AWAY),
        ({"broken": {"/userinfo"}, "thin": True}, AWAY),
    ],
)
def test_answer_that_cannot_be_believed_signs_nobody_in(
    make: Make, hillside: PlaceCard, visitor: TestClient, provider: Provider, what: dict[str, Any], words: str
) -> None:
    make.person(hillside, email=SAM)
    for name, value in what.items():
        setattr(provider, name, value)
    answer = signs_in(visitor)
    assert said(answer) == words
    assert answer.status_code == (503 if words == AWAY else 403)
    assert visitor.get(INBOX).status_code == 303


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "http://127.0.0.1:1"},
        {"issuer": None},
        {"token_endpoint": "http://169.254.169.254/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"userinfo_endpoint": "http://[::1"},
        {"padding": "x" * 300_000},
    ],
)
def test_provider_that_says_odd_things_of_itself_is_not_asked(visitor: TestClient, provider: Provider, about: dict[str, Any]) -> None:
    provider.about = about
    answer = visitor.post(BEGIN)
    assert (answer.status_code, said(answer)) == (503, AWAY)


def test_provider_that_is_down_is_said_and_the_other_ways_stay_open(
    make: Make, hillside: PlaceCard, visitor: TestClient, provider: Provider
) -> None:
    provider.broken = {"/.well-known/openid-configuration"}
    answer = visitor.post(BEGIN)
    assert (answer.status_code, said(answer)) == (503, AWAY)
    provider.broken = set()
    make.person(hillside, email=SAM)
    assert signs_in(visitor).status_code == 303, "and a moment later it works again"


# ---- one try, one browser --------------------------------------------------------------------------------------------


def test_try_ends_only_in_the_browser_that_began_it(make: Make, hillside: PlaceCard, browser_of: Callable[[], TestClient]) -> None:
    """Otherwise somebody could be signed in as another, or have their code taken."""
    make.person(hillside, email=SAM)
    sam, thief = browser_of(), browser_of()
    brought = signs_in_there(goes(sam))
    goes(thief)
    assert said(comes_back(thief, brought)) == TOO_OLD
    assert said(comes_back(browser_of(), brought)) == TOO_OLD
    assert comes_back(sam, brought).status_code == 303


def test_try_ends_once_and_soon(make: Make, database: Database, hillside: PlaceCard, visitor: TestClient, clock: SettableClock) -> None:
    make.person(hillside, email=SAM)
    cookie_before = visitor.cookies.get("said-login")
    brought = signs_in_there(goes(visitor))
    cookie = visitor.cookies["said-login"]
    assert cookie != cookie_before
    with database.read() as reads:
        [kept] = reads.exec(select(LoginTry)).all()
        assert not {cookie, brought["state"], brought["code"]} & {str(value) for value in kept.model_dump().values()}
    assert comes_back(visitor, brought).status_code == 303
    assert "said-login" not in visitor.cookies
    visitor.cookies.set("said-login", cookie)
    assert said(comes_back(visitor, brought)) == TOO_OLD
    brought = signs_in_there(goes(visitor))
    clock.advance(minutes=10)
    assert said(comes_back(visitor, brought)) == TOO_OLD
    goes(visitor)
    with database.read() as reads:
        assert len(reads.exec(select(LoginTry)).all()) == 1, "what ran out is forgotten"


@pytest.mark.parametrize("brought", [{}, {"error": "access_denied"}, {"error": "server_error", "state": "x"}])
def test_who_is_refused_there_reads_so_here(visitor: TestClient, brought: dict[str, str]) -> None:
    goes(visitor)
    answer = visitor.get(BACK, params=brought)
    assert (answer.status_code, said(answer)) == (403, REFUSED)
    assert answer.headers["cache-control"] == "no-store"


def test_other_site_can_neither_begin_nor_end_a_try(visitor: TestClient) -> None:
    for address in (BEGIN, BACK):
        assert visitor.post(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_who_tries_again_and_again_waits(visitor: TestClient) -> None:
    statuses = [visitor.post(BACK, data={"state": "x", "code": "y"}).status_code for _try in range(25)]
    assert statuses == [409] * 20 + [429] * 5


def test_without_such_a_login_there_is_no_such_page(visitor: TestClient, app: FastAPI) -> None:
    app.state.login = None
    assert "Hillside Council" not in visitor.get("/staff").text
    assert {visitor.post(BEGIN).status_code, visitor.get(BACK).status_code, visitor.post(BACK).status_code} == {404}


# ---- signing in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("thin", [False, True], ids=["address in the token", "address on a page for it"])
def test_invited_person_signs_in_and_is_known_from_then_on(
    make: Make, database: Database, hillside: PlaceCard, visitor: TestClient, provider: Provider, thin: bool
) -> None:
    make.person(hillside, email=SAM)
    provider.thin = thin
    assert "Sign in with Hillside Council" in visitor.get("/staff").text
    answer = signs_in(visitor)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
    assert visitor.get(INBOX).status_code == 200
    with database.read() as reads:
        [known] = reads.exec(select(KnownLogin)).all()
        assert (known.issuer, known.subject) == (provider.issuer, "sam-1")


def test_administrator_s_second_factor_there_counts_here(
    make: Make, hillside: PlaceCard, browser_of: Callable[[], TestClient], provider: Provider
) -> None:
    make.person(hillside, Role.ADMIN, email=SAM)
    for methods, leads in ((None, "/staff/second"), (["pwd"], "/staff/second"), ("mfa", None), (["pwd", "mfa"], "/staff/hillside/people")):
        provider.odd = {"amr": methods}
        browser = browser_of()
        answer = signs_in(browser)
        if leads is None:
            assert said(answer) == REFUSED, "a word where a list belongs"
        else:
            path = "/staff"
            while led := browser.get(path).headers.get("location"):
                path = led
            assert path == leads


def test_disabled_person_is_out_and_comes_back_with_the_same_login(
    make: Make, database: Database, hillside: PlaceCard, browser_of: Callable[[], TestClient], clock: SettableClock
) -> None:
    make.person(hillside, email=SAM)
    assert signs_in(browser_of()).status_code == 303
    with database.write() as writes:
        disable(writes, OPERATOR, SAM, clock())
    assert said(signs_in(browser_of())) == UNKNOWN
    with database.write() as writes:
        enable(writes, OPERATOR, SAM, clock())
    assert signs_in(browser_of()).status_code == 303


def test_provider_changes_its_keys(
    make: Make, hillside: PlaceCard, browser_of: Callable[[], TestClient], provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.person(hillside, email=SAM)
    for _again in range(3):
        assert signs_in(browser_of()).status_code == 303
    assert provider.asked.count("/keys") == provider.asked.count("/.well-known/openid-configuration") == 1, "both are remembered"
    provider.rotates()
    assert said(signs_in(browser_of())) == REFUSED, "it was asked a moment ago: nobody makes us ask without end"
    monkeypatch.setattr(logins, "ASKED_AGAIN", 0.0)
    assert signs_in(browser_of()).status_code == 303
    provider.keys = [ECKey.generate_key("P-256", {"kid": "curve", "use": "sig", "alg": "ES256"})]
    assert signs_in(browser_of()).status_code == 303


def test_provider_is_never_asked_while_a_transaction_is_open(
    make: Make, app: FastAPI, hillside: PlaceCard, visitor: TestClient, provider: Provider
) -> None:
    make.person(hillside, email=SAM)
    visitor.get("/staff")
    database: Database = app.state.database
    open_now: list[int] = [0]
    seen: list[int] = []
    event.listen(database.writer, "begin", lambda _connection: open_now.__setitem__(0, open_now[0] + 1))
    for end in ("commit", "rollback"):
        event.listen(database.writer, end, lambda _connection: open_now.__setitem__(0, open_now[0] - 1))
    answer = provider.answer

    def watched(path: str, *rest: Any) -> Any:
        seen.append(open_now[0] + int(database.door.locked()))
        return answer(path, *rest)

    provider.answer = watched  # type: ignore[method-assign]
    assert signs_in(visitor).status_code == 303
    assert len(seen) >= 3 and set(seen) == {0}


# ---- settings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("odd", "name"),
    [
        ({"oidc_issuer": "http://login.example"}, "SAID_OIDC_ISSUER"),
        ({"oidc_issuer": "login.example"}, "SAID_OIDC_ISSUER"),
        ({"oidc_client_id": ""}, "SAID_OIDC_CLIENT_ID"),
        ({"oidc_name": " "}, "SAID_OIDC_NAME"),
        ({"oidc_domains": ""}, "SAID_OIDC_DOMAINS"),
        ({"oidc_domains": "@council.example"}, "SAID_OIDC_DOMAINS"),
    ],
)
def test_setting_that_is_wrong_is_refused_by_name_at_the_start(odd: dict[str, str], name: str) -> None:
    good: dict[str, Any] = {"oidc_issuer": "https://login.example", "oidc_client_id": "x", "oidc_name": "x", "oidc_domains": "a.example"}
    assert Settings(mode="test", **good).oidc_issuer
    with pytest.raises(ValidationError, match=name):
        Settings(mode="test", **{**good, **odd})


def test_secret_may_stand_in_a_file(tmp_path: Any) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    found = Settings(mode="test", oidc_client_secret_file=tmp_path / "secret").oidc_client_secret
    assert found is not None and found.get_secret_value() == "from a file"
