"""What is refused before anything is done, and what twins and capital letters must not break."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.cells import safe
from service.feedback.desk_actions import publish
from service.journal.actions import OPERATOR
from service.places.actions import put_area
from service.places.models import AreaIn
from service.places.queries import PlaceCard
from tests.make import Make

FEEDBACK = "/api/v1/hillside/feedback"


def test_body_that_says_it_is_compressed_is_refused(resident: TestClient, hillside: PlaceCard) -> None:
    assert hillside.slug == "hillside"
    assert resident.post(FEEDBACK, json={"kind": "good"}, headers={"Content-Encoding": "gzip"}).status_code == 400


@pytest.mark.parametrize("value", ["yes", 1, "on", None])
def test_yes_or_no_is_true_or_false(resident: TestClient, hillside: PlaceCard, value: Any) -> None:
    answer = resident.post(FEEDBACK, json={"kind": "good", "whole_place": value})
    assert answer.status_code == 422 and [error["field"] for error in answer.json()["errors"]] == ["whole_place"]
    assert hillside.slug == "hillside"


def test_what_is_no_name_of_a_field_is_not_sent_back(resident: TestClient, hillside: PlaceCard) -> None:
    answer = resident.post(FEEDBACK, json={"kind": "good", "<script>": 1})
    assert answer.status_code == 422 and "script" not in answer.text
    assert hillside.slug == "hillside"


@pytest.mark.parametrize("day", ["0", "2026-11-22T00:00:00", "1700000000"])
def test_what_is_no_day_is_refused(visitor: TestClient, hillside: PlaceCard, day: str) -> None:
    for address in (
        "account/results?from=",
        "account/results?to=",
        "narratives?since=",
        "promises?due_before=",
        "outcomes/observations?from=",
    ):
        assert visitor.get(f"/api/v1/{hillside.slug}/{address}{day}").status_code == 422, address


def test_search_knows_capital_letters_of_every_language(visitor: TestClient, make: Make, hillside: PlaceCard) -> None:
    message = make.message(hillside, "The Éclair shop in ŴYNNE Street.", share="words_public")
    with make.database.write() as writes:
        publish(writes, make.at_work(hillside), make.message_id(message), make.clock())
    for words in ("éclair", "ŵynne", "ÉCLAIR"):
        assert len(visitor.get(FEEDBACK, params={"q": words}).json()["items"]) == 1, words


def test_twins_that_add_the_same_area_find_each_other(make: Make, hillside: PlaceCard) -> None:
    def put(_twin: int) -> bool:
        with make.database.write() as writes:
            return put_area(writes, OPERATOR, hillside, "hill-road", AreaIn(name="Hill Road"), make.clock())[1]

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(put, range(6))) == [False] * 5 + [True]


def test_control_characters_begin_no_cell() -> None:
    assert [safe(text) for text in ("\x01=1", "\x1b]0;x", "=1", "one")] == ["'\x01=1", "'\x1b]0;x", "'=1", "one"]


def test_browser_forgets_pages_that_hold_a_code_and_no_others(visitor: TestClient, hillside: PlaceCard) -> None:
    assert "data-forget" in visitor.get(f"/{hillside.slug}/answer").text
    assert "data-forget" not in visitor.get(f"/{hillside.slug}").text
