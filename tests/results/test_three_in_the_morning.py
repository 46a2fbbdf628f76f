"""A partner's program at three in the morning, with nobody beside it: each answer says what is wrong and what to do about it.

Every file of the table is sent with `atomic=true` first, which stores all of it or nothing, and then as it is.
"""

import gzip
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from starlette.testclient import TestClient
from starlette.types import Message

from service.database import Database
from service.places.models import Organisation
from service.places.queries import PlaceCard
from service.results.models import Observation
from service.verification import differences
from tests.make import SettableClock
from tests.results.conftest import OBSERVATIONS, row
from tests.results.test_api_batches import counts

Stored = Callable[[], list[Observation]]
CSV, LINES, JSON = "text/csv", "application/x-ndjson", "application/json"
HEAD = "indicator,period,value,area,comment\n"
GOOD = HEAD + "damp,2026-03,12.5,,\ndamp,2026-04,13,north-ward,\n"
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Sent:
    """A file, how it is answered, in which words, and how many of its rows are stored when not all or nothing was asked for."""

    kind: str
    content: str | bytes
    status: int
    words: str = ""
    stored: int = 0
    refused: int = 0


def rows(*found: Any) -> str:
    return json.dumps({"observations": found})


def lines(*found: Any) -> str:
    return "".join(json.dumps(one) + "\n" for one in found)


NIGHT = {
    "as it should be": Sent(CSV, GOOD, 200, stored=2),
    "an area that nobody knows": Sent(CSV, GOOD + "damp,2026-05,1,nowhere,\n", 200, "There is no area with this code.", 2, 1),
    "an indicator that nobody knows": Sent(JSON, rows(row(indicator="dmap"), row()), 200, "There is no indicator with this code.", 1, 1),
    "a period misspelt": Sent(CSV, GOOD + "damp,Mar 2026,1,,\n", 200, "Write a period as 2026, 2025/26", 2, 1),
    "a value with a comma, in a cell": Sent(CSV, GOOD + 'damp,2026-05,"1,234",,\n', 200, "as 1234.5: without commas", 2, 1),
    "a value with a comma, as text": Sent(JSON, rows(row(), row("1,234", period="2026-05")), 200, "as 1234.5: without commas", 1, 1),  # type: ignore[arg-type]
    "a value with a comma, not quoted": Sent(CSV, GOOD + "damp,2026-05,1,234,,\n", 200, "6 cells, the header has 5", 2, 1),
    "a value in quotation marks": Sent(JSON, rows(row("12.5")), 200, "without quotation marks", 0, 1),  # type: ignore[arg-type]
    "a value that is none": Sent(CSV, GOOD + "damp,2026-05,many,,\n", 200, "This must be a number.", 2, 1),
    "a list cut in the middle": Sent(JSON, rows(row(), row(period="2026-04"))[:-30], 400, "breaks off before its end. Send all of it"),
    "a list cut in a word": Sent(JSON, rows(row(comment="As published"))[:-8], 400, "breaks off before its end. Send all of it"),
    "lines cut in the last one": Sent(LINES, lines(row(), row(period="2026-04"))[:-20], 400, "Nothing was stored: send all of it again"),
    "a table cut in a cell": Sent(CSV, GOOD + 'damp,2026-05,1,,"As pub', 400, "a quotation mark is missing"),
    "a table cut in a row": Sent(CSV, GOOD + "damp,2026-0", 200, "This row has 2 cells, the header has 5.", 2, 1),
    "compressed": Sent(CSV, gzip.compress(GOOD.encode(), mtime=0), 400, "not UTF-8"),
    "a byte order mark before a table": Sent(CSV, BOM + GOOD.encode(), 200, stored=2),
    "a byte order mark before lines": Sent(LINES, BOM + lines(row()).encode(), 200, stored=1),
    "a byte order mark before a list": Sent(JSON, BOM + rows(row()).encode(), 200, stored=1),
    "lines that end as on Windows": Sent(CSV, GOOD.replace("\n", "\r\n"), 200, stored=2),
    "rows that end as on Windows": Sent(LINES, lines(row()).replace("\n", "\r\n"), 200, stored=1),
    "a table in Windows-1252": Sent(CSV, (GOOD + "damp,2026-05,1,,Café\n").encode("cp1252"), 400, "Save it as UTF-8"),
    "a list in Windows-1252": Sent(JSON, rows(row()).replace("damp", "café").encode("cp1252"), 400, "The body is not UTF-8."),
    "an empty table": Sent(CSV, "", 400, "The body is empty: nothing was sent."),
    "empty lines": Sent(LINES, "", 400, "The body is empty: nothing was sent."),
    "an empty list": Sent(JSON, "", 400, "The body is empty: nothing was sent."),
    "a header and nothing below it": Sent(CSV, HEAD, 200),
    "no header": Sent(CSV, "damp,2026-03,12.5,,\n", 422, "There is no such field here."),
    "a column that nobody knows": Sent(CSV, "indicator,period,value,colour\ndamp,2026-03,1,red\n", 422, "There is no such field here."),
    "semicolons": Sent(CSV, GOOD.replace(",", ";"), 400, "Part the columns with commas."),
    "the same row twice": Sent(CSV, GOOD + "damp,2026-03,12.5,,\n", 200, stored=2),
    "the same row with another value": Sent(CSV, GOOD + "damp,2026-03,99,,\n", 200, "Neither was taken.", 1, 2),
}


@pytest.fixture
def take_back(database: Database) -> Callable[[], None]:
    """Forgets what was stored, for the next file of the table."""

    def now() -> None:
        with database.write() as writes:
            writes.execute(delete(Observation))

    return now


def send(partner: TestClient, sent: Sent, query: str = "") -> Any:
    content = sent.content if isinstance(sent.content, bytes) else sent.content.encode()
    return partner.post(OBSERVATIONS + query, content=content, headers={"Content-Type": sent.kind})


def test_each_file_of_the_night_is_answered_with_what_to_do(partner: TestClient, stored: Stored, take_back: Callable[[], None]) -> None:
    for what, sent in NIGHT.items():
        answer = send(partner, sent, "?atomic=true")
        whole = sent.status == 200 and not sent.refused
        assert answer.status_code == (200 if whole else 422 if sent.refused else sent.status), what
        assert sent.words in answer.text, (what, answer.text)
        assert len(stored()) == (sent.stored if whole else 0), f"{what}: something is half stored"
        take_back()
        answer = send(partner, sent)
        assert (answer.status_code, len(stored())) == (sent.status, sent.stored), (what, answer.text)
        assert sent.words in answer.text, (what, answer.text)
        assert answer.headers["content-type"] == ("application/json" if sent.status == 200 else "application/problem+json"), what
        if sent.status == 200:
            assert counts(answer)[4] == sent.refused, what
        take_back()


def test_key_that_has_ended_is_told_to_get_another(
    indicators: PlaceCard, council: Organisation, with_key: Callable[..., TestClient], clock: SettableClock, stored: Stored
) -> None:
    partner = with_key(indicators, "outcomes:write", organisation=council, lasts=timedelta(days=1))
    assert partner.post(OBSERVATIONS, json=row()).status_code == 200
    clock.advance(days=2)
    answer = partner.post(OBSERVATIONS, json=row(13.0))
    assert (answer.status_code, answer.headers["www-authenticate"][:6]) == (401, "Bearer")
    assert "has ended: ask for a new one" in answer.json()["detail"]
    assert stored()[0].value == 12.5


def test_same_file_twice_changes_nothing(partner: TestClient, stored: Stored) -> None:
    sent = NIGHT["as it should be"]
    for query in ("", "?atomic=true"):
        assert counts(send(partner, sent, query))[0] == 2
        before = [(found.id, found.version, found.recorded_at) for found in stored()]
        assert counts(send(partner, sent, query)) == (2, 0, 0, 2, 0)
        assert [(found.id, found.version, found.recorded_at) for found in stored()] == before


@pytest.mark.parametrize("query", ["", "?atomic=true"])
def test_two_files_at_once_store_each_row_once(partner: TestClient, stored: Stored, database: Database, query: str) -> None:
    """Their rows overlap, and whichever comes first creates."""
    files = [rows(*(row(float(n), period=f"{1000 + n}") for n in range(first, first + 300))) for first in (0, 150)]
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda content: send(partner, Sent(JSON, content, 200), query), files))
    found = [counts(answer) for answer in answers]
    assert (sum(one[1] for one in found), sum(one[3] for one in found), [one[4] for one in found]) == (450, 150, [0, 0])
    assert sorted(observation.value or 0.0 for observation in stored()) == [float(n) for n in range(450)]
    with database.read() as reads:
        assert differences(reads) == []


def test_body_whose_connection_breaks_stores_nothing(partner: TestClient, stored: Stored) -> None:
    """Fewer bytes came than were promised, and then nobody was there any more."""
    content, sent = rows(row(), row(period="2026-04")).encode(), list[Message]()
    messages = [{"type": "http.request", "body": content[:-5], "more_body": True}, {"type": "http.disconnect"}]

    async def receive() -> Message:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send_on(message: Message) -> None:
        sent.append(message)

    headers = {"host": "testserver", "content-type": JSON, "content-length": str(len(content)), **dict(partner.headers)}
    scope = {"type": "http", "method": "POST", "path": OBSERVATIONS, "raw_path": OBSERVATIONS.encode(), "query_string": b""}
    more = {"http_version": "1.1", "scheme": "http", "server": ("testserver", 80), "client": ("127.0.0.1", 1), "root_path": ""}
    named = [(name.lower().encode(), value.encode()) for name, value in headers.items() if name.lower() != "accept-encoding"]
    partner.portal.call(lambda: partner.app({**scope, **more, "headers": named}, receive, send_on))  # type: ignore[union-attr,arg-type,misc]
    assert sent[0]["status"] == 400 and b"broke off" in sent[1]["body"]
    assert not stored()
