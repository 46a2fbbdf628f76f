"""A file on its way in: what was chosen is never lost, and a file whose form is wrong waits for whoever sent it, and for nobody else."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser as Html
from starlette.testclient import TestClient

from service.intakes import files, waiting
from service.people.models import Role
from service.places.queries import PlaceCard
from service.settings import Settings
from tests.intakes.conftest import IMPORTS, Desk, counts, words
from tests.make import SettableClock

FIGURES = "indicator,period,value\nswims,2023,10\nswims,2024,20\n"


def token_of(page: str) -> str:
    """What the form says of the file that waits."""
    found = Html(page).css_first("input[name=waiting]")
    return (found.attributes.get("value") or "") if found else ""


def test_file_whose_form_is_wrong_need_not_be_sent_again(desk: Desk, settings: Settings) -> None:
    wrong = desk.sends(FIGURES, "", name="pools.csv", organisation="council")
    said = words(wrong.text)
    assert wrong.status_code == 422 and "Say what is in it." in said and "pools.csv" in said and "you need not choose it again" in said
    assert Html(wrong.text).css_first("option[value=council][selected]"), "what was chosen stays"
    token = token_of(wrong.text)
    once_more = desk.browser.post(IMPORTS, data={"kind": "observations", "organisation": "", "waiting": token}, files={"file": ("", b"")})
    assert once_more.status_code == 422 and token_of(once_more.text) == token, "it waits as often as the form is wrong"
    right = desk.browser.post(
        IMPORTS, data={"kind": "observations", "organisation": "council", "waiting": token}, files={"file": ("", b"")}
    )
    assert right.status_code == 303
    address = right.headers["location"].removesuffix("/columns")
    assert desk.matches(address).status_code == 303
    assert counts(desk.sees(address)) == (2, 0, 0, 0)
    assert files.names_in(settings.var) == [token] and not (files.folder_in(settings.var) / token / waiting.MARK).exists()
    twice = desk.browser.post(IMPORTS, data={"kind": "observations", "organisation": "council", "waiting": token})
    assert twice.status_code == 422 and "The file is not kept any more." in twice.text, "a file is one import"


def test_another_file_takes_its_place(desk: Desk, settings: Settings) -> None:
    first = token_of(desk.sends(FIGURES, "").text)
    second = token_of(desk.sends(FIGURES, "", name="other.csv").text)
    assert first != second and files.names_in(settings.var) == [second], "one waits of each person's"
    address = desk.brings(FIGURES, waiting=second, name="third.csv")
    assert "third.csv" in desk.browser.get(f"{address}/columns").text


def test_waiting_file_is_nobody_elses(desk: Desk, council: PlaceCard, signed_in: Callable[..., TestClient], settings: Settings) -> None:
    token = token_of(desk.sends(FIGURES, "").text)
    other = Desk(signed_in(council, Role.ADMIN, email="other@hillside.example"))
    for given in (token, "0" * 32, "../keys", ""):
        answer = other.browser.post(IMPORTS, data={"kind": "observations", "organisation": "council", "waiting": given})
        assert answer.status_code == 422 and not token_of(answer.text)
    assert files.names_in(settings.var) == [token]


def test_waiting_file_is_thrown_away_after_an_hour(desk: Desk, settings: Settings, clock: SettableClock) -> None:
    desk.sends(FIGURES, "")
    bringer, portal = desk.browser.app.state.bringer, desk.browser.portal  # type: ignore[attr-defined]
    clock.now = datetime.now(UTC)
    assert portal is not None and portal.call(bringer.sweep) == 0
    clock.advance(minutes=61)
    assert portal.call(bringer.sweep) == 1 and files.names_in(settings.var) == []


def test_everything_that_is_wrong_is_said_at_once(desk: Desk) -> None:
    answer = desk.sends(b"PK\x03\x04", "", map="nothing", name="book.xlsx")
    said = [node.text() for node in Html(answer.text).css(".govuk-error-summary__list a")]
    assert [words[:12] for words in said] == ["Say what is ", "book.xlsx.cs", "There is no "], said
    assert desk.sends(FIGURES, "observations", organisation="nobody").status_code == 422


def test_file_that_is_too_large_is_refused_on_the_page(desk: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 1_000)
    answer = desk.sends(FIGURES + "swims,2025,30\n" * 100)
    assert answer.status_code == 422 and "is larger than 64 MB. Send it in parts." in answer.text and files.names_in(settings.var) == []


def test_map_is_read_from_a_file(desk: Desk) -> None:
    address = desk.brings("a,b\n1,2\n")
    there = b'kind = "observations"\n[columns]\nvalue = "a"\n[constants]\nindicator = "swims"\nperiod = "2024"\n'
    answer = desk.browser.post(f"{address}/map", data={"map": ""}, files={"map_file": ("mine.toml", there)})
    assert answer.status_code == 303
    assert (desk.typed(address)["col-value"], desk.typed(address)["text-indicator"]) == ("a", "swims")
    for wrong, said in ((b"\xff", "This is none."), (b"kind = ", "is not valid TOML"), (b'kind = "areas"', "This map is for areas.")):
        answer = desk.browser.post(f"{address}/map", data={"map": ""}, files={"map_file": ("mine.toml", wrong)})
        assert answer.status_code == 422 and said in words(answer.text), said
