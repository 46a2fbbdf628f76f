"""A bulk load whose program repeats itself blindly and dies twice, and whose service dies once: every row is stored exactly once.

SAID_FAULT_ROWS=1000000 is the long form (`make faults`).
"""

import json
import os
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import func, select

from service import verification
from service.database import Database
from service.journal.actions import OPERATOR
from service.journal.models import Entry
from service.partners.models import Scope
from service.places.models import AreaKind
from service.places.queries import PlaceCard
from service.results.actions import put_indicator
from service.results.models import Correction, IndicatorIn, Observation
from service.rollups import Rollup
from service.settings import Settings
from tests.faults.serving import Process, served
from tests.make import Make, SettableClock

pytestmark = pytest.mark.slow

ROWS = int(os.environ.get("SAID_FAULT_ROWS", "6000"))
BATCH = 1_000 if ROWS > 20_000 else 300
REPEATED = 0.1
PATH = "/api/v1/hillside/outcomes/observations"
AREAS, INDICATORS = 5, 4
FIRST = date(2020, 1, 1)
PATIENCE = 60.0
"""Seconds for which a program tries to reach a service that is away."""


def value_of(number: int) -> float:
    return number % 1_009 / 4


def row(number: int) -> dict[str, Any]:
    """One of very many different observations, by its number."""
    day = (FIRST + timedelta(days=number // (INDICATORS * AREAS) % 1_000)).isoformat()
    round_ = {"dimension": {"round": str(number // (INDICATORS * AREAS * 1_000))}}
    return {
        "indicator": f"n{number % INDICATORS}",
        "area": f"a{number // INDICATORS % AREAS}",
        "period": day,
        "value": value_of(number),
        **round_,
    }


@dataclass
class Night:
    """What a program knows of its night: how far it is on paper, and what it was told. It dies where `dies_at` says."""

    key: str
    where: Callable[[], str]
    dies_at: set[int] = field(default_factory=set)
    finished: int = 0
    created: int = 0
    deaths: int = 0
    repeats: int = 0
    again: list[int] = field(default_factory=list)

    def run(self, batches: int, chance: random.Random) -> None:
        """Posts every batch, and begins again from its paper when it died."""
        while self.finished < batches:
            with httpx.Client(headers={"Authorization": f"Bearer {self.key}"}, timeout=60) as client:
                while self.finished < batches and not self._dies(client):
                    self._post(client, self.finished, chance)
                    self.finished += 1

    def _dies(self, client: httpx.Client) -> bool:
        """A batch goes out, and nobody is there any more to hear its answer."""
        if self.finished not in self.dies_at:
            return False
        self.dies_at.discard(self.finished)
        self.deaths += 1
        try:
            self._send(client, self.finished, f"batch-{self.finished}", wait=0.05)
        except httpx.TransportError:
            self.again.append(self.finished)
        return True

    def _post(self, client: httpx.Client, number: int, chance: random.Random) -> None:
        """One batch until it is answered; now and then once more, with its key and without."""
        told = self._until_answered(client, number, f"batch-{number}")
        self.created += told["created"]
        if chance.random() < REPEATED:
            self.repeats += 1
            again = self._until_answered(client, number, f"batch-{number}")
            assert again == told, "The same key was answered otherwise."
            blind = self._until_answered(client, number, None)
            assert (blind["received"], blind["unchanged"]) == (BATCH, BATCH), blind

    def _until_answered(self, client: httpx.Client, number: int, key: str | None) -> dict[str, int]:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self._send(client, number, key)
                if answer.status_code == 200:
                    told: dict[str, int] = answer.json()
                    assert told["received"] == BATCH == told["created"] + told["unchanged"] and told["conflicts"] == [], told  # type: ignore[comparison-overlap]
                    return told
                assert answer.status_code in (429, 503), answer.text
            except httpx.TransportError:
                self.again.append(number)
            assert time.monotonic() < until, "The service stayed away."
            time.sleep(0.05)

    def _send(self, client: httpx.Client, number: int, key: str | None, wait: float = 60) -> httpx.Response:
        rows = [row(one) for one in range(number * BATCH, (number + 1) * BATCH)]
        headers = {"Content-Type": "application/json", **({"Idempotency-Key": key} if key else {})}
        return client.post(self.where() + PATH, content=json.dumps({"observations": rows}), headers=headers, timeout=wait)


@pytest.fixture
def key(make: Make, hillside: PlaceCard, database: Database, clock: SettableClock) -> str:
    """The key of a council that posts."""
    with database.write() as writes:
        for number in range(INDICATORS):
            given = IndicatorIn.model_validate({"name": f"Number {number}", "kind": "population", "unit": "%", "good_direction": "up"})
            put_indicator(writes, OPERATOR, hillside, f"n{number}", given, clock())
    for number in range(AREAS):
        make.area(hillside, f"a{number}", kind=AreaKind.WARD)
    return make.key(hillside, Scope.OUTCOMES_WRITE, organisation=make.organisation(hillside, "council"))


def test_every_row_of_a_night_with_deaths_is_stored_exactly_once(key: str, settings: Settings, database: Database) -> None:
    batches, address = ROWS // BATCH, [""]
    night = Night(key, lambda: address[0], dies_at={batches // 4, 3 * batches // 4})
    halfway = threading.Event()

    def post() -> None:
        night.run(batches, random.Random(4711))  # noqa: S311 (a die, not a secret)

    def killed_in_the_middle(service: Process) -> None:
        while night.finished < batches // 2 and not posting.done():
            halfway.wait(0.01)
        halfway.wait(0.05)  # in the midst of some batch
        service.kill()

    with ThreadPoolExecutor(1) as pool:
        with served(settings, SAID_KEY_ROWS="100000000", SAID_KEY_REQUESTS="1000000") as service:
            address[0] = service.address
            posting = pool.submit(post)
            killed_in_the_middle(service)
        with served(settings, SAID_KEY_ROWS="100000000", SAID_KEY_REQUESTS="1000000") as service:
            address[0] = service.address
            posting.result()
    assert (night.deaths, night.finished) == (2, batches)
    assert night.again and night.repeats, "nothing went wrong, so nothing was shown"
    sent = batches * BATCH
    with database.read() as reads:
        stored, total = reads.exec(select(func.count(), func.sum(Observation.value)).select_from(Observation)).one()
        assert (stored, total) == (sent, sum(value_of(number) for number in range(sent)))
        assert reads.scalar(select(func.count()).select_from(Correction)) == 0
        assert reads.scalar(select(func.count()).select_from(Entry).where(Entry.subject == "observation")) == sent
        assert reads.scalar(select(func.sum(Rollup.count)).where(Rollup.subject == "observation")) == sent
        assert verification.differences(reads) == []
        if database.is_sqlite:
            assert reads.execute(text("pragma integrity_check")).scalar_one() == "ok"
