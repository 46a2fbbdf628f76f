"""In which language a page speaks: what the address asks for, else the browser, else the place's first language."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser as Html
from starlette.testclient import TestClient

from service import language
from service.feedback.rules import WRONG_CODE
from service.people.models import Role
from tests.make import Make

WORDS = {
    "cy": {"We cannot find that": "Ni allwn ddod o hyd i hynny", "Tell us": "Dywedwch wrthym", WRONG_CODE: "Nid oedd y cod yn gweithio."},
    "ur": {"We cannot find that": "ہمیں یہ نہیں ملا", "Tell us": "ہمیں بتائیں", WRONG_CODE: "یہ کوڈ نہیں چلا"},
}
KNOWN = """
[languages.cy]
whole = "everything"
reviewed_on = "2026-11-20"

[languages.ur]
whole = "residents"
reviewed_on = ""
"""
NOT_FOUND = {"en": "We cannot find that", **{code: words["We cannot find that"] for code, words in WORDS.items()}}


@pytest.fixture(autouse=True)
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A service whose pages exist in English, Welsh and Urdu, as far as these tests look."""
    for code, words in WORDS.items():
        folder = tmp_path / "locale" / code / "LC_MESSAGES"
        folder.mkdir(parents=True)
        header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        entries = "\n".join(f'msgid "{english}"\nmsgstr "{own}"\n' for english, own in words.items())
        (folder / "said.po").write_text(header + entries, "utf-8")
    (tmp_path / "locale" / "languages.toml").write_text(KNOWN, "utf-8")
    monkeypatch.setattr(language, "LOCALE", tmp_path / "locale")
    _forget()
    yield
    _forget()


def _forget() -> None:
    language.available.cache_clear()
    language.known.cache_clear()
    language._choose.cache_clear()
    language._words.cache_clear()


@pytest.fixture
def trilingual(make: Make) -> None:
    make.collaboration("hillside", languages=["en", "cy", "ur"])


def spoken(client: TestClient, address: str, accept: str | None = None) -> str:
    """The language that a page says it is in; its other signs must agree."""
    answer = client.get(address, headers={"Accept-Language": accept} if accept is not None else {"Accept-Language": ""})
    html = Html(answer.text).css_first("html")
    assert html is not None
    code = html.attributes["lang"]
    assert html.attributes["dir"] == ("rtl" if code == "ur" else "ltr")
    assert answer.headers["content-language"] == code
    assert "accept-language" in answer.headers["vary"].lower()
    return str(code)


# ---- what is not spoken ----------------------------------------------------------------------------------------------


def test_language_that_a_place_does_not_offer_is_not_spoken_there(make: Make, visitor: TestClient) -> None:
    make.collaboration("hillside", languages=["en", "cy"])
    assert spoken(visitor, "/hillside?lang=ur") == "en"
    assert spoken(visitor, "/hillside", "ur") == "en"


@pytest.mark.usefixtures("trilingual")
def test_language_that_is_none_changes_nothing(visitor: TestClient) -> None:
    for asked in ("", "xx", "EN-", "../../etc", "<script>", "cy%00", "c" * 500, "cy,en"):
        address = f"/hillside?lang={asked}"
        assert visitor.get(address).status_code == 400 if "%00" in asked else spoken(visitor, address) == "en"
    for accepted in ("*", "x", ",,,", ";q=1", "xx-" * 200, "xx-XX;q=0.9"):
        assert spoken(visitor, "/hillside", accepted) == "en"


def test_language_without_a_catalogue_is_not_pretended(make: Make, visitor: TestClient) -> None:
    make.collaboration("hillside", languages=["pl", "en"])
    assert spoken(visitor, "/hillside?lang=pl") == "en"


# ---- which is spoken -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("trilingual")
def test_address_decides_before_the_browser(visitor: TestClient) -> None:
    for page in ("", "/about", "/tell", "/answer"):
        for code in ("en", "cy", "ur"):
            assert spoken(visitor, f"/hillside{page}?lang={code}", "en-GB,en;q=0.9") == code


@pytest.mark.usefixtures("trilingual")
def test_browser_decides_before_the_place(visitor: TestClient) -> None:
    wishes = {
        "cy": "cy",
        "cy-GB": "cy",
        "cy-GB,cy;q=0.9,en;q=0.8": "cy",
        "ur-PK, en;q=0.5": "ur",
        "fr, cy;q=0.7": "cy",
        "fr, de": "en",
        "en;q=0.3, cy;q=0.9": "cy",
        "cy;q=0, en": "en",
    }
    assert {accepted: spoken(visitor, "/hillside", accepted) for accepted in wishes} == wishes


def test_place_s_first_language_is_spoken_to_whoever_says_nothing(make: Make, visitor: TestClient) -> None:
    make.collaboration("hillside", languages=["cy", "en"])
    assert spoken(visitor, "/hillside") == "cy"
    assert spoken(visitor, "/hillside", "fr") == "cy"


@pytest.mark.usefixtures("trilingual")
def test_words_are_those_of_the_language(visitor: TestClient) -> None:
    for code, words in WORDS.items():
        page = Html(visitor.get(f"/hillside?lang={code}").text)
        assert words["Tell us"] in page.text()


@pytest.mark.usefixtures("trilingual")
def test_links_keep_the_language_that_the_address_asked_for(visitor: TestClient) -> None:
    page = Html(visitor.get("/hillside?lang=cy").text)
    links = {str(link.attributes["href"]) for link in page.css("main a, header a") if (link.attributes["href"] or "").startswith("/hill")}
    assert links and all(link.endswith("lang=cy") for link in links)
    assert {link.attributes["hreflang"] for link in page.css("footer a[hreflang]")} == {"en", "ur"}


# ---- pages of staff --------------------------------------------------------------------------------------------------


def test_page_of_staff_is_whole_in_its_language_or_in_another(make: Make, signed_in: Callable[..., TestClient]) -> None:
    """Urdu has the sentences for residents only: whoever works here reads Welsh or English, from left to right, and nothing mixed."""
    staff = signed_in(make.collaboration("hillside", languages=["ur", "cy", "en"]), Role.COORDINATOR)
    for address, accept, expected in (
        ("/staff/hillside/inbox", "ur", "cy"),
        ("/staff/hillside/inbox", "ur, en;q=0.5", "en"),
        ("/staff/hillside/inbox?lang=ur", "en", "en"),
        ("/staff/hillside/inbox?lang=cy", "en", "cy"),
        ("/staff/you?lang=ur", "", "en"),
        ("/hillside", "", "ur"),
    ):
        assert spoken(staff, address, accept) == expected, address
    page = Html(staff.get("/staff/hillside/inbox").text)
    assert {choice.attributes["lang"] for choice in page.css("footer nav [lang]")} == {"cy", "en"}


def test_place_without_a_language_for_staff_is_worked_for_in_english(make: Make, signed_in: Callable[..., TestClient]) -> None:
    staff = signed_in(make.collaboration("hillside", languages=["ur"]), Role.COORDINATOR)
    assert (spoken(staff, "/staff/hillside/inbox"), spoken(staff, "/hillside")) == ("en", "ur")
    refused = staff.post("/staff/hillside/messages/bulk", data={}, headers={"Accept-Language": "ur"})
    assert Html(refused.text).css_first("html").attributes["lang"] == "en"  # type: ignore[union-attr]


# ---- whether somebody checked it -------------------------------------------------------------------------------------

UNCHECKED = "No native speaker has checked these words yet."


@pytest.mark.usefixtures("trilingual")
def test_foot_says_in_which_languages_nobody_has_checked_the_words(visitor: TestClient) -> None:
    assert {code: UNCHECKED in visitor.get(f"/hillside?lang={code}").text for code in NOT_FOUND} == {"en": False, "cy": False, "ur": True}


# ---- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("trilingual")
def test_page_that_is_not_there_says_so_in_the_language_asked_for(visitor: TestClient) -> None:
    for code, words in NOT_FOUND.items():
        for address in (f"/nowhere?lang={code}", f"/hillside/nowhere?lang={code}", f"/nowhere/tell?lang={code}"):
            assert spoken(visitor, address) == code
            assert words in visitor.get(address).text


def test_refusal_within_a_place_speaks_one_language_and_it_is_the_place_s(
    make: Make, visitor: TestClient, signed_in: Callable[..., TestClient]
) -> None:
    """Somebody who reads Welsh pages, and whose browser says nothing, is not answered in English all of a sudden."""
    hillside = make.collaboration("hillside", languages=["cy", "en"])
    quiet = {"Accept-Language": ""}
    answer = visitor.post("/api/v1/hillside/receipts", json={"code": "0000-0000-0000-00000"}, headers=quiet).json()
    assert (answer["title"], answer["detail"]) == (WORDS["cy"]["We cannot find that"], WORDS["cy"][WRONG_CODE])
    staff = signed_in(hillside, Role.COORDINATOR)
    address = f"/staff/hillside/messages/{uuid4()}"
    assert spoken(staff, address) == "cy"
    assert WORDS["cy"]["We cannot find that"] in staff.get(address, headers=quiet).text


@pytest.mark.usefixtures("trilingual")
def test_api_explains_itself_in_the_language_asked_for(visitor: TestClient) -> None:
    for code, words in NOT_FOUND.items():
        answer = visitor.get("/api/v1/nowhere/areas", headers={"Accept-Language": code})
        assert answer.json()["title"] == words


def test_what_is_filled_in_keeps_its_own_direction_in_a_sentence_from_right_to_left(tmp_path: Path) -> None:
    """A name in Latin letters beside a number would otherwise change places with it."""
    for code in ("cy", "ur"):
        with (tmp_path / "locale" / code / "LC_MESSAGES" / "said.po").open("a", encoding="utf-8") as file:
            file.write('\nmsgid "%(who)s, %(date)s"\nmsgstr "%(who)s - %(date)s"\n')
    said = {}
    for code in ("en", "cy", "ur"):
        with language.speaking(language.Language(code)):
            said[code] = language._("%(who)s, %(date)s", who="Hill Road Hub", date="7 جنوری")
    assert (said["en"], said["cy"]) == ("Hill Road Hub, 7 جنوری", "Hill Road Hub - 7 جنوری")
    isolated = "\N{FIRST STRONG ISOLATE}%s\N{POP DIRECTIONAL ISOLATE}"
    assert said["ur"] == f"{isolated % 'Hill Road Hub'} - {isolated % '7 جنوری'}"


def test_list_has_the_comma_of_its_language() -> None:
    said = {}
    for code in ("en", "cy", "ur"):
        with language.speaking(language.Language(code)):
            said[code] = language.listed(["Linden", "Marsh End", "Hill Road"])
    assert said == {"en": "Linden, Marsh End, Hill Road", "cy": "Linden, Marsh End, Hill Road", "ur": "Linden، Marsh End، Hill Road"}


def test_words_that_run_the_other_way_are_held_together_in_plain_text() -> None:
    held = "\N{FIRST STRONG ISOLATE}بتی بند ہے\N{POP DIRECTIONAL ISOLATE}"
    assert [language.apart("بتی بند ہے", code) for code in ("ur", "cy", None, "none at all")] == [held, *["بتی بند ہے"] * 3]


def test_date_stays_on_one_line() -> None:
    assert language.day(date(2026, 11, 22)) == "22\N{NO-BREAK SPACE}November\N{NO-BREAK SPACE}2026"
