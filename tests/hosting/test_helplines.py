"""Whom to ring besides 999: a place says it in each of its languages, before anything is typed; without, the numbers for the country."""

from collections.abc import Callable
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as Html
from starlette.testclient import TestClient

from service.people.models import Role
from service.places.queries import PlaceCard
from tests.make import Make

AT, TELL = "/staff/hillside/settings/helplines", "/hillside/tell"
LINE = {"name_1": "Hillside night line", "number_1": "01234 567 890", "when_1": "day and night", "what_1": "when you cannot go on"}
SignIn = Callable[..., TestClient]


@pytest.fixture
def hillside(make: Make) -> PlaceCard:
    """A place that speaks three languages."""
    return make.collaboration(languages=["en", "cy", "ur"])


@pytest.fixture
def admin(hillside: PlaceCard, signed_in: SignIn) -> TestClient:
    """Who sets hillside up."""
    return signed_in(hillside, Role.ADMIN)


def beside_999(browser: TestClient, address: str) -> Any:
    """The notice that stands on the form before anything is typed."""
    return next(note for note in Html(browser.get(address).text).css("#tell-form .note") if "999" in note.text())


def named(browser: TestClient, address: str = TELL) -> str:
    """What that says."""
    return " ".join(beside_999(browser, address).text(separator=" ").split())


def test_only_administrators_say_whom_to_ring(hillside: PlaceCard, signed_in: SignIn, visitor: TestClient) -> None:
    for role in (Role.COORDINATOR, Role.MODERATOR, Role.FRONTLINE):
        assert signed_in(hillside, role).post(f"{AT}/en", data=LINE).status_code == 404
    assert visitor.post(f"{AT}/en", data=LINE).status_code == 401
    assert "Samaritans : 116 123" in named(visitor)


def test_numbers_of_the_place_stand_on_the_form_where_they_can_be_dialled_and_999_stays(admin: TestClient, visitor: TestClient) -> None:
    assert admin.post(f"{AT}/en", data=LINE).status_code == 303
    said = named(visitor)
    assert said.startswith("Is someone in danger now? Call 999.") and "Samaritans" not in said
    assert "Hillside night line : 01234 567 890 (when you cannot go on, day and night)" in said
    assert 'href="tel:01234567890"' in visitor.get(TELL).text
    assert "With numbers of your own." in admin.get("/staff/hillside/settings").text
    assert all(value in admin.get(f"{AT}/en").text for value in LINE.values())
    assert admin.post(f"{AT}/en", data={}).status_code == 303
    assert "Samaritans : 116 123" in named(visitor), "nothing said: the numbers for the whole country"


def test_language_without_its_own_names_those_of_another_and_says_which_that_is(admin: TestClient, visitor: TestClient) -> None:
    admin.post(f"{AT}/en", data=LINE)
    urdu = beside_999(visitor, f"{TELL}?lang=ur").css_first("ul")
    assert urdu.attributes["lang"] == "en" and "01234\u00a0567\u00a0890" in urdu.text()
    admin.post(f"{AT}/cy", data={**LINE, "name_1": "Llinell nos"})
    assert "Llinell nos" in named(visitor, f"{TELL}?lang=cy") and "Llinell nos" not in named(visitor)


def test_every_number_stands_whole_whichever_way_the_words_run(visitor: TestClient, hillside: PlaceCard) -> None:
    assert hillside.languages == ("en", "cy", "ur")
    for code in hillside.languages:
        links = beside_999(visitor, f"{TELL}?lang={code}").css("a[href^='tel:']")
        assert [str(one.attributes["href"]) for one in links] == ["tel:101", "tel:116123", "tel:08001111"]
        assert [one.css_first("bdi[dir=ltr]").text() for one in links] == ["101", "116\u00a0123", "0800\u00a01111"]


def test_phone_that_has_no_signal_knows_them_as_well(admin: TestClient, visitor: TestClient, shell: str) -> None:
    admin.post(f"{AT}/en", data=LINE)
    assert "Hillside night line" in visitor.get(shell).text


@pytest.fixture
def shell(visitor: TestClient, hillside: PlaceCard) -> str:
    """The form as a phone keeps it."""
    form = Html(visitor.get(f"/{hillside.slug}/tell").text).css_first("#tell-form")
    assert form is not None
    return str(form.attributes["data-shell"])


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"number_1": "ring us"}, "number_1"),
        ({"number_1": ""}, "number_1"),
        ({"name_1": ""}, "name_1"),
        ({"name_3": "Another", "number_3": "javascript:1"}, "number_3"),
        ({"when_1": "x" * 81}, "when_1"),
    ],
)
def test_what_nobody_could_dial_is_refused_beside_its_field_and_nothing_typed_is_lost(
    admin: TestClient, visitor: TestClient, wrong: dict[str, str], where: str
) -> None:
    answer = admin.post(f"{AT}/en", data={**LINE, **wrong})
    page = Html(answer.text)
    assert answer.status_code == 422 and page.css_first(f"#{where}-error") is not None
    typed = {str(one.attributes["name"]): one.attributes.get("value") or "" for one in page.css("input[name]")}
    assert {name: typed[name] for name in {**LINE, **wrong}} == {**LINE, **wrong}
    assert "Samaritans" in named(visitor)


def test_there_is_no_page_for_a_language_that_the_place_does_not_speak(admin: TestClient) -> None:
    for code in ("fr", "xx"):
        assert admin.get(f"{AT}/{code}").status_code == 404 and admin.post(f"{AT}/{code}", data=LINE).status_code == 404
