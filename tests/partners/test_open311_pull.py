"""Other Open311 servers: whatever they answer is read; what people told them comes here once."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from service.elsewhere.models import Said
from service.errors import Invalid
from service.partners.open311 import rules
from service.partners.open311.pulling import Server, as_notes, as_row, pull
from service.partners.open311.reading import LISTS, Declined, Unreadable, read_definition, read_requests, read_rows, read_updates
from tests.real import REAL

XML = b"""<?xml version="1.0" encoding="utf-8"?>
<service_requests>
  <request><service_request_id>7</service_request_id><status>Closed</status><service_name>Lamps</service_name><description/>
    <requested_datetime>2026-05-22 23:57:23.97</requested_datetime><updated_datetime/><long>0.0</long><lat>0.0</lat></request>
  <request><service_request_id>8</service_request_id><status>open</status><service_code>B1</service_code>
    <description>A hole &amp; water</description><requested_datetime>2026-05-22T23:57:23-04:00</requested_datetime>
    <address>Mill Lane</address><lat>53.4</lat><long>-2.3</long></request>
</service_requests>"""
BARE = json.dumps([{"service_request_id": 9, "status": "open", "requested_datetime": "05/22/2026", "description": ""}]).encode()
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><service_requests><request>&b;</request></service_requests>'


# ---- reading ---------------------------------------------------------------------------------------------------------


def test_xml_with_empty_elements_and_dates_of_its_own_is_read() -> None:
    first, second = read_requests(XML, UTC)
    assert (first.id, first.status, first.description, first.lat, first.updated_at) == ("7", "closed", None, None, None)
    assert first.requested_at == datetime(2026, 5, 22, 23, 57, 23, 970_000, UTC)
    assert (second.description, second.lat, second.long, second.address) == ("A hole & water", 53.4, -2.3, "Mill Lane")
    assert second.requested_at == datetime(2026, 5, 23, 3, 57, 23, tzinfo=UTC)


@pytest.mark.parametrize("wrapped", ["", "service_requests", "requests"])
def test_json_is_read_bare_or_wrapped(wrapped: str) -> None:
    rows = json.loads(BARE)
    [one] = read_requests(b"\xef\xbb\xbf" + json.dumps({wrapped: rows} if wrapped else rows).encode(), UTC)
    assert (one.id, one.description, one.requested_at) == ("9", None, datetime(2026, 5, 22, tzinfo=UTC))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", Unreadable),
        (b"Welcome to our portal", Unreadable),
        (b"<html><body>It works</body></html>", Unreadable),
        (b"[{", Unreadable),
        (b"[" * 100_000, Unreadable),
        (BOMB, Unreadable),
        (b"<errors><error><code>404</code><description>No  such\n thing</description></error></errors>", Declined),
        (b"<error>Invalid api_key</error>", Declined),
        (b'[{"code": 400, "description": "No"}]', Declined),
        (b'{"errors": [{"code": 400, "description": "No"}]}', Declined),
    ],
)
def test_what_is_no_answer_is_said_to_be_none(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as said:
        read_requests(body, UTC)
    assert "  " not in str(said.value)


@pytest.mark.real_data
def test_every_real_answer_is_read() -> None:
    """All but one that has a status line before its XML."""
    folder, kinds = REAL / "open311_real", dict[str, str]()
    for path in sorted([*folder.glob("*.xml"), *folder.glob("*.json")]):
        body = path.read_bytes()
        if path.name == "gem_fixture_403.xml":
            with pytest.raises(Unreadable):
                read_rows(body, "service_requests")
        elif "not_found" in path.name:
            with pytest.raises(Declined, match="404"):
                read_rows(body, "service_requests")
        elif "definition" in path.name:
            found = read_definition(body)
            assert found["service_code"] and found["attributes"][0]["values"][0]["name"] == "Ford"
        else:
            wanted = "services" if "services" in path.name else "service_requests"
            rows = read_rows(body, wanted)
            count = body.count(f"<{LISTS[wanted]}>".encode()) if path.suffix == ".xml" else len(json.loads(body))
            assert len(rows) == count, path.name
            kinds[path.name] = wanted
            if wanted == "service_requests" and "status" in (rows[0] if rows else {}):
                assert all(one.requested_at for one in read_requests(body, UTC)), path.name
    assert len(kinds) == 12


# ---- asking ----------------------------------------------------------------------------------------------------------


class Peer(BaseHTTPRequestHandler):
    """Another server, on this machine. `told` is what its people told it, by day; it gives `most` at once."""

    told: ClassVar[dict[date, str]] = {}
    asked: ClassVar[list[dict[str, str]]] = []
    before: ClassVar[list[tuple[int, bytes, dict[str, str]]]] = []
    most: ClassVar[int] = 1_000
    updates: ClassVar[list[dict[str, str]] | None] = None
    """What it says became of it; None where it does not have the extension."""

    fails: ClassVar[bool] = False
    """Whether it fails when it is asked for updates."""

    closed: ClassVar[dict[str, str]] = {}
    """What it says beside a request that is closed."""

    def do_GET(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self.asked.append(query)
        status, body, headers = self.before.pop(0) if self.before else (200, b"", {})
        if "servicerequestupdates" in self.path:
            status, body = (404, b"<html>No</html>") if self.updates is None else (200, json.dumps(self.updates).encode())
            status, body = (500, b"") if self.fails else (status, body)
        elif not body and status == 200:
            first, last = (date.fromisoformat(query[name][:10]) for name in ("start_date", "end_date"))
            days = [day for day in sorted(self.told) if first <= day <= last][: self.most]
            body = json.dumps(
                [
                    {
                        "service_request_id": self.told[day],
                        "status": "closed" if self.told[day] in self.closed else "open",
                        "status_notes": self.closed.get(self.told[day]),
                        "requested_datetime": f"{day}T09:00:00Z",
                    }
                    for day in days
                ]
            ).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def peer() -> Iterator[Server]:
    Peer.told, Peer.asked, Peer.before, Peer.most, Peer.updates, Peer.closed = {}, [], [], 1_000, None, {}
    Peer.fails = False
    server = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Server(f"http://127.0.0.1:{server.server_port}/open311/v2", "brook", "json", loopback=True)
    server.shutdown()
    server.server_close()


def asked_of(peer: Server, days: int) -> tuple[list[str], list[float]]:
    pauses: list[float] = []
    last = date(2026, 11, 23)
    return [one.id for one in pull(peer, last - timedelta(days=days), last, UTC, pause=pauses.append)], pauses


def test_long_time_is_asked_for_in_windows_with_a_pause_between(peer: Server) -> None:
    Peer.told = {date(2026, 3, 1): "a", date(2026, 6, 1): "b", date(2026, 11, 23): "c"}
    assert asked_of(peer, 300) == (["a", "b", "c"], [1.0, 1.0, 1.0])
    assert {one["jurisdiction_id"] for one in Peer.asked} == {"brook"}
    assert all(date.fromisoformat(one["end_date"][:10]) - date.fromisoformat(one["start_date"][:10]) < rules.SPAN for one in Peer.asked)


def test_window_that_is_too_full_is_halved_so_that_nothing_is_missed(peer: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    Peer.told = {date(2026, 11, day): f"{day}" for day in range(1, 21)}
    Peer.most = 8
    monkeypatch.setattr(rules, "MOST", 8)
    assert asked_of(peer, 40)[0] == [f"{day}" for day in range(1, 21)]


def test_busy_server_is_given_the_time_that_it_asks_for(peer: Server) -> None:
    Peer.told = {date(2026, 11, 23): "a"}
    Peer.before = [(429, b"", {"Retry-After": "3"}), (503, b"", {"Retry-After": "9999"})]
    assert asked_of(peer, 3) == (["a"], [3.0, 60.0])


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (400, b'[{"code": 400, "description": "jurisdiction_id was not provided"}]', "jurisdiction_id was not provided"),
        (200, b"<html>Welcome</html>", "no answer of an Open311 server"),
        (500, b"", "answered 500"),
        (302, b"", "answered 302"),
    ],
)
def test_what_went_wrong_there_is_said(peer: Server, status: int, body: bytes, words: str) -> None:
    Peer.before = [(status, body, {"Location": "http://127.0.0.1:1/"} if status == 302 else {})]
    with pytest.raises(Invalid) as refused:
        asked_of(peer, 3)
    assert words in refused.value.errors[0].message


def test_only_servers_on_the_internet_are_asked(peer: Server) -> None:
    with pytest.raises(Invalid):
        list(pull(Server(peer.address), date(2026, 11, 1), date(2026, 11, 2), UTC))
    assert Peer.asked == []


# ---- taking in -------------------------------------------------------------------------------------------------------


def test_request_becomes_a_row_that_says_where_it_comes_from() -> None:
    [first, second] = read_requests(XML, UTC)
    now = datetime(2026, 5, 23, tzinfo=UTC)
    row = as_row(second, "open311 city.example", topic="paths", area=None, now=now)
    assert row == {
        "source": "open311 city.example",
        "ref": "8",
        "received_at": "2026-05-23T00:00:00+00:00",
        "body": "A hole & water\n\nMill Lane",
        "topic": "paths",
    }
    assert as_row(first, "x", topic=None, area="top", now=now)["body"] == "Lamps"


UPDATES = b"""<service_request_updates><request_update><update_id>31</update_id><service_request_id>8</service_request_id>
  <updated_datetime>2026-05-23T03:57:23Z</updated_datetime><status>in_progress</status><description>Men\x7f at work</description>
  </request_update>
  <request_update><update_id/><service_request_id>8</service_request_id></request_update></service_request_updates>"""


def test_what_became_of_it_is_read_from_updates_and_else_from_the_state() -> None:
    requests, updates, now = read_requests(XML, UTC), read_updates(UPDATES, UTC), datetime(2026, 5, 24, tzinfo=UTC)
    [seven, eight] = as_notes(requests, updates, now)
    assert (seven[0], seven[1].said, seven[1].body, eight[0], eight[1].said, eight[1].body) == (
        *("7", Said.CLOSED, None),
        *("8", Said.UNDER_WAY, "Men at work"),
    )
    assert [ref for ref, _note in as_notes(requests, [], now)] == ["7"], "open, without a word, says nothing"
    assert as_notes(requests, updates, now) == [seven, eight], "the same again has the same names"
