"""kill -9 under load: every message that was acknowledged is there, once, with the receipt that was shown."""

import os
import threading
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import insert, text
from sqlmodel import select

from service import verification
from service.database import Database
from service.feedback import actions
from service.feedback.models import Feedback
from service.places.queries import PlaceCard
from service.settings import Settings
from tests.faults.serving import Process, served
from tests.make import Make

pytestmark = pytest.mark.slow

TELL = "/api/v1/hillside/feedback"
WRITERS = 16
ROUNDS = int(os.environ.get("SAID_FAULT_ROUNDS", "1"))
"""How often the service is killed. The short form is for every run of the suite; a long one before a release."""
LOAD_SECONDS = 0.7


@dataclass
class Ledger:
    """What the writers know: which message got which receipt, and of which they never heard again."""

    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    unheard: set[str] = field(default_factory=set)
    keys: dict[str, str] = field(default_factory=dict)
    refused: Counter[int] = field(default_factory=Counter)

    def send(self, client: httpx.Client, words: str) -> None:
        """One message, told apart from every other by its words. Sent again, it carries the same key."""
        key = self.keys.setdefault(words, str(uuid4()))
        try:
            answer = client.post(TELL, json={"kind": "idea", "body": words}, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            self.unheard.add(words)
            return
        if answer.status_code in (200, 201):
            known = self.acknowledged.setdefault(words, answer.json())
            assert known == answer.json(), "A retry got another receipt."
            self.unheard.discard(words)
        else:
            self.refused[answer.status_code] += 1


def faults_in(words_stored: list[str], acknowledged: Mapping[str, object]) -> list[str]:
    """What is wrong with what is stored: acknowledged and lost, or stored more than once."""
    counted = Counter(words_stored)
    lost = [f"lost: {words}" for words in acknowledged if not counted[words]]
    return lost + [f"{count} times: {words}" for words, count in counted.items() if count > 1]


def words_in(database: Database) -> list[str]:
    with database.read() as reads:
        return [words or "" for words in reads.exec(select(Feedback.body))]


def killed_under_load(service: Process, ledger: Ledger, number: int) -> None:
    """Sixteen writers write as fast as they can; in the middle of it the process dies."""
    ended = threading.Event()

    def write(writer: int) -> None:
        with httpx.Client(base_url=service.address, timeout=10) as client:
            count = 0
            while not ended.is_set():
                ledger.send(client, f"round {number}, writer {writer}, message {count}")
                count += 1

    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, writer) for writer in range(WRITERS)]
        enough, waited = len(ledger.acknowledged) + 5 * WRITERS, 0.0
        while waited < LOAD_SECONDS or (len(ledger.acknowledged) < enough and waited < 20):
            ended.wait(0.1)
            waited += 0.1
        service.kill()
        ended.set()
        for writer in writers:
            writer.result()


def test_acknowledged_messages_survive_a_kill_under_load_once_and_with_their_receipts(
    hillside: PlaceCard, settings: Settings, database: Database
) -> None:
    ledger = Ledger()
    for number in range(ROUNDS):
        with served(settings) as service:
            killed_under_load(service, ledger, number)
        assert faults_in(words_in(database), ledger.acknowledged) == []
    before = dict(ledger.acknowledged)
    assert len(before) >= 5 * WRITERS and ledger.unheard and not ledger.refused
    with served(settings) as service, httpx.Client(base_url=service.address, timeout=30) as client:
        retried = sorted(ledger.unheard) + list(before)[:: max(1, len(before) // 200)]
        for words in retried:  # those whose answer was lost, and some of the others
            ledger.send(client, words)
        assert not ledger.unheard and not ledger.refused
        assert faults_in(words_in(database), ledger.acknowledged) == []
        assert len(words_in(database)) == len(ledger.acknowledged) == len({one["receipt"] for one in ledger.acknowledged.values()})
        for words, receipt in list(ledger.acknowledged.items())[:: max(1, len(before) // 20)]:
            page = client.post(f"/{hillside.slug}/answer", data={"code": receipt["receipt"]})
            assert page.status_code == 200 and words in page.text
    with database.read() as reads:
        assert verification.differences(reads) == []
        if database.is_sqlite:
            assert reads.execute(text("pragma integrity_check")).scalar_one() == "ok"


# ---- the controls: the same check must go red ------------------------------------------------------------------------


def without_the_unique_index(database: Database) -> None:
    """The table of messages as it would be if nobody had thought of repeats."""
    connection = database.writer.raw_connection()
    connection.cursor().executescript(
        "pragma foreign_keys = off; create table bare as select * from feedback; drop table feedback; alter table bare rename to feedback"
    )
    connection.close()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_check_finds_what_is_stored_twice_when_the_unique_index_is_gone(
    make: Make, hillside: PlaceCard, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {f"message {number}": str(uuid4()) for number in range(5)}
    acknowledged = {words: make.message(hillside, words, idempotency_key=key) for words, key in keys.items()}
    assert faults_in(words_in(database), acknowledged) == []
    without_the_unique_index(database)
    monkeypatch.setattr(actions, "_store_new", insert(actions._feedback).from_select(actions._COLUMNS, actions._in_order))
    for words in list(keys)[:2]:
        assert make.message(hillside, words, idempotency_key=keys[words]).code == acknowledged[words].code
    assert faults_in(words_in(database), acknowledged) == ["2 times: message 0", "2 times: message 1"]


@pytest.mark.parametrize("kind", ["sqlite"])
def test_check_finds_what_was_acknowledged_and_is_not_there(make: Make, hillside: PlaceCard, database: Database) -> None:
    acknowledged = {words: make.message(hillside, words) for words in ("message 0", "message 1")}
    with database.write() as writes:
        writes.execute(text("delete from feedback where body = 'message 1'"))
    assert faults_in(words_in(database), acknowledged) == ["lost: message 1"]
