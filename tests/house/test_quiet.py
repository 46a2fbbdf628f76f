"""That the watch over the log, which every test is under, notices what it should."""

import json
from types import SimpleNamespace

import pytest
import structlog
from starlette.testclient import TestClient

from service.feedback.receipts import shown
from tests.house.quiet import ADDRESS, Heard, listening
from tests.make import Make

WORDS = "The bench by the surgery has gone, “again”."


@pytest.mark.parametrize(
    "line",
    [
        {"from": ADDRESS},
        {"code": "0000-0000-0000-00000"},
        {"code": "00000000000000000"},
        {"key": "sad_2345abcdef_12345678901234567890"},
        {"body": WORDS},
        {"path": "/staff/sign-in/Zm9yZ290dGVuLXNlY3JldA"},
    ],
)
def test_leak_is_noticed(line: dict[str, str]) -> None:
    heard = Heard()
    heard.listen(SimpleNamespace(content=json.dumps({"body": WORDS}).encode(), url=SimpleNamespace(path="/hillside/tell")))
    heard.listen(SimpleNamespace(content=b"", url=SimpleNamespace(path="/staff/sign-in/Zm9yZ290dGVuLXNlY3JldA")))
    with pytest.raises(AssertionError, match="The log holds"), listening(heard):
        structlog.get_logger("said.request").info("request", **line)


def test_ordinary_log_is_let_through() -> None:
    heard = Heard()
    heard.take(WORDS)
    with listening(heard):
        structlog.get_logger("said.request").info("request", id="01a20611-97dd-7185-86b5-3a1d3795fc2e", status=200, ms=3.5)


def test_words_of_a_real_request_are_heard(make: Make, resident: TestClient, heard: Heard) -> None:
    make.collaboration("hillside")
    answer = resident.post("/api/v1/hillside/feedback", json={"body": WORDS})
    assert WORDS in heard.words
    assert heard.leaked(json.dumps(answer.json())) == [f"the code {shown(answer.json()['receipt'].replace('-', ''))}"]
