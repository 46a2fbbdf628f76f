"""P5 and P6: observations over HTTP in batches of 1,000 rows, against raw executemany into the same tables; and what memory that takes.

The raw side is as quick as Python can be here: its rows are made before the clock runs, their ids, codes and counts are known, nothing
is checked and nothing is compared. Both sides keep the same rows, the same journal, the same counts, and commit each batch durably.
"""

import http.client
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlmodel import select
from uuid_utils import uuid7

from service.database import Database, sqlite_driver
from service.journal.actions import OPERATOR
from service.partners.actions import Grants, add_key
from service.partners.models import Scope
from service.places.actions import add_organisation
from service.places.models import Area, Organisation, OrganisationIn, OrganisationKind
from service.places.queries import get_place
from service.results.actions import put_indicator
from service.results.models import Indicator, IndicatorIn
from service.tables import moment_text
from tests.bench import goals, machine
from tests.bench.places import AREAS, SLUG, prepare
from tests.bench.sides import Side, serving

BATCH = 1_000
WHOLE, SHORT = (20, 1_000_000), (3, 20_000)
"""Batches of one turn of P5, and rows of P6."""

REPEATS = 5
INDICATORS = 8
FIRST = date(2000, 1, 1)
MOST_GROWTH, BEST_GROWTH = 64, 16
"""MiB."""

FORMS = {"JSON": "application/json", "NDJSON": "application/x-ndjson", "CSV": "text/csv"}
NIGHT = goals.PAGE
"""The service itself, to which nobody else has written: its first request was for a page."""

PATH = f"/api/v1/{SLUG}/outcomes/observations"
OK = 200


def row(number: int) -> dict[str, Any]:
    """One of very many different observations, by its number."""
    day = FIRST + timedelta(days=number // (INDICATORS * AREAS))
    area = f"area-{number // INDICATORS % AREAS + 1:02}"
    return {"indicator": f"n{number % INDICATORS}", "area": area, "period": day.isoformat(), "value": number % 997 / 8}


def body(form: str, first: int, count: int = BATCH) -> bytes:
    """A batch of these rows, as a partner's program writes it."""
    rows = [row(number) for number in range(first, first + count)]
    if form == "JSON":
        return json.dumps({"observations": rows}).encode()
    if form == "NDJSON":
        return "".join(json.dumps(one) + "\n" for one in rows).encode()
    return "\r\n".join(["indicator,area,period,value", *(",".join(map(str, one.values())) for one in rows), ""]).encode()


def equip(url: str) -> str:
    """Gives a place its indicators and a council that posts; answers the council's key."""
    database, now = Database(url, whole_house=True), datetime.now(UTC)
    with database.write() as writes:
        place = get_place(writes, SLUG)
        given = OrganisationIn(code="council", name="Council", kind=OrganisationKind.COUNCIL)
        council = add_organisation(writes, OPERATOR, place, given, now)
        for number in range(INDICATORS):
            described = IndicatorIn.model_validate({"name": f"Number {number}", "kind": "population", "unit": "%", "good_direction": "up"})
            put_indicator(writes, OPERATOR, place, f"n{number}", described, now)
        return add_key(writes, OPERATOR, "Night run", Grants(frozenset({Scope.OUTCOMES_WRITE}), [(place.id, council.id)]), now)


# ---- over HTTP -------------------------------------------------------------------------------------------------------


@dataclass
class Program:
    """A partner's program: one connection, one batch after the other."""

    connection: http.client.HTTPConnection
    key: str
    sent: int = 0

    def post(self, bodies: list[bytes], form: str) -> float:
        """Sends these batches of new rows; answers how long that took. Units: seconds. Raises: RuntimeError."""
        headers = {"Content-Type": FORMS[form], "Authorization": f"Bearer {self.key}"}
        began = time.perf_counter()
        for content in bodies:
            self.connection.request("POST", PATH, content, headers)
            answer = self.connection.getresponse()
            told = answer.read()
            if answer.status != OK or json.loads(told)["created"] != BATCH:
                raise RuntimeError(f"A batch was answered {answer.status}: {told[:200].decode(errors='replace')}")
        return time.perf_counter() - began

    def next_bodies(self, form: str, batches: int) -> list[bytes]:
        """As many batches of rows that were not sent before."""
        first, self.sent = self.sent, self.sent + batches * BATCH
        return [body(form, number) for number in range(first, self.sent, BATCH)]


# ---- raw -------------------------------------------------------------------------------------------------------------

_OBSERVATION = (
    "insert into observation (collaboration_id, id, indicator_id, area_id, first_day, last_day, dimension, organisation_id, value, "
    "provisional, version, recorded_at) values (?, ?, ?, ?, ?, ?, '', ?, ?, 0, 1, ?)"
)
_ENTRY = (
    "insert into journal_entry (collaboration_id, id, subject, subject_id, verb, actor_kind, at) "
    "values (?, ?, 'observation', ?, 'recorded', 'operator', ?)"
)
_COUNT = (
    "insert into rollup (collaboration_id, subject, period, area_id, cell, slot, count) values (?, 'observation', ?, ?, '', 0, ?) "
    "on conflict do update set count = count + excluded.count"
)
_TOUCH = "insert into version (collaboration_id, slot, number) values (?, 0, 1) on conflict do update set number = number + 1"


class Raw:
    """The same rows by executemany, on a database of its own."""

    def __init__(self, url: str) -> None:
        prepare(url)
        equip(url)
        with Database(url, whole_house=True).read() as reads:
            self.place = get_place(reads, SLUG).id.hex
            self.areas = {found.code: found.id.hex for found in reads.exec(select(Area))}
            self.indicators = {found.code: found.id.hex for found in reads.exec(select(Indicator))}
            self.organisation = reads.exec(select(Organisation.id)).one().hex
        self.connection = sqlite_driver().connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.stored = 0

    def store(self, batches: int) -> tuple[float, float]:
        """Stores so many batches of new rows; answers how long that took, and how long a processor worked on it. Units: seconds."""
        ready = [self._batch(self.stored + number * BATCH) for number in range(batches)]
        self.stored += batches * BATCH
        began, used = time.perf_counter(), time.process_time()
        for observations, entries, counts in ready:
            self.connection.execute("BEGIN IMMEDIATE")
            self.connection.executemany(_OBSERVATION, observations)
            self.connection.executemany(_ENTRY, entries)
            self.connection.executemany(_COUNT, counts)
            self.connection.execute(_TOUCH, (self.place,))
            self.connection.execute("COMMIT")
        return time.perf_counter() - began, time.process_time() - used

    def _batch(self, first: int) -> tuple[list[tuple[Any, ...]], ...]:
        now, observations, entries = moment_text(datetime.now(UTC)), [], []
        counted: Counter[tuple[str, str]] = Counter()
        for number in range(first, first + BATCH):
            said, own_id = row(number), uuid7().hex
            area, day = self.areas[said["area"]], said["period"]
            key = (self.place, own_id, self.indicators[said["indicator"]], area, day, day, self.organisation)
            observations.append((*key, said["value"], now))
            entries.append((self.place, own_id, own_id, now))
            counted[day[:7], area] += 1
        return observations, entries, [(self.place, *cell, count) for cell, count in counted.items()]


# ---- P5 and P6 -------------------------------------------------------------------------------------------------------


def _verdict(found: float, target: float, best: float, *, low: bool = False) -> str:
    sign = -1 if low else 1
    return "stretch met" if sign * found >= sign * best else "met" if sign * found >= sign * target else "NOT met"


def _memory(process: int, name: str) -> float:
    """What a process holds now (`VmRSS`) or held at most (`VmHWM`). Units: MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


def _forget_peak(process: int) -> None:
    """From now on `VmHWM` is the most since now."""
    Path(f"/proc/{process}/clear_refs").write_text("5")


def speed(program: Program, process: int, raw: Raw, batches: int, repeats: int) -> Iterator[str]:
    """P5, a line for each form of a batch: raw and the three forms take turns."""
    for form in FORMS:
        program.post(program.next_bodies(form, 2), form)
    raw.store(2)
    ratios: dict[str, list[float]] = {form: [] for form in FORMS}
    rates: dict[str, list[float]] = {form: [] for form in (*FORMS, "raw")}
    used: dict[str, list[float]] = {form: [] for form in (*FORMS, "raw")}
    for _repeat in range(repeats):
        plain, processor = raw.store(batches)
        rates["raw"].append(batches * BATCH / plain)
        used["raw"].append(processor / batches)
        for form in FORMS:
            bodies, before = program.next_bodies(form, batches), machine.used_by(process)
            taken = program.post(bodies, form)
            ratios[form].append(plain / taken)
            rates[form].append(batches * BATCH / taken)
            used[form].append(((machine.used_by(process) or 0) - (before or 0)) / batches)
    for form, found in ratios.items():
        yield (
            f"P5    {form} batches of {BATCH:,} rows over HTTP / raw executemany  >= 0.5  {median(found):.2f}  "
            f"{min(found):.2f} to {max(found):.2f}  {_verdict(median(found), 0.5, 0.8)}  "
            f"({median(rates[form]):,.0f} / {median(rates['raw']):,.0f} rows a second; "
            f"processor {median(used[form]) * 1e3:.0f} / {median(used['raw']) * 1e3:.0f} ms a batch)"
        )


def memory(program: Program, side: Side, rows: int) -> str:
    """P6: how much more memory the server takes while so many rows come in."""
    process = side.process.pid
    _forget_peak(process)
    before, forms = _memory(process, "VmRSS"), list(FORMS)
    began = time.perf_counter()
    for number in range(rows // BATCH):
        form = forms[number % len(forms)]
        program.post(program.next_bodies(form, 1), form)
    taken, growth = time.perf_counter() - began, _memory(process, "VmHWM") - before
    verdict = _verdict(growth, MOST_GROWTH, BEST_GROWTH, low=True)
    return (
        f"P6    growth of memory while {rows:,} rows come in  <= {MOST_GROWTH} MiB  {growth:.0f} MiB  {verdict}  "
        f"(from {before:.0f} MiB, in {taken:.0f} s with the making of the rows)"
    )


def measure(batches: int, rows: int) -> str:
    """P5 and P6, a line each."""
    with tempfile.TemporaryDirectory(prefix="said-bench-", ignore_cleanup_errors=True) as folder, serving(NIGHT) as side:
        raw = Raw(f"sqlite:///{Path(folder) / 'raw.db'}")
        with closing(http.client.HTTPConnection("127.0.0.1", side.port, timeout=60)) as connection, closing(raw.connection):
            program = Program(connection, equip(side.url))
            lines = [*speed(program, side.process.pid, raw, batches, REPEATS), memory(program, side, rows)]
    return "\n".join(lines)
