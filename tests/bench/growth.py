"""P8: the account page made anew, over many facts and over ten times as many, with the same cells shown.

Two databases side by side in one process. Half of the facts are messages, half observations; both hold the same months, areas, kinds,
waits and indicators. Before each request the version rises, so that no page is ever a kept one.
"""

import logging
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from pydantic import SecretStr
from sqlalchemy import text
from sqlmodel import select
from starlette.testclient import TestClient

from service import logs, rollups, verification
from service.app import create_app
from service.database import Database
from service.journal.actions import OPERATOR
from service.places.actions import add_organisation
from service.places.models import OrganisationIn, OrganisationKind
from service.places.queries import get_place
from service.results.actions import put_indicator
from service.results.models import Indicator, IndicatorIn
from service.settings import Settings
from tests.bench.places import SLUG, prepare

WHOLE, SHORT = (100_000, 1_000_000), (10_000, 100_000)
"""Facts in the one database and in the other."""

TIMES, REPEATS = 8, 5
MOST, BEST = 1.2, 1.05
MONTHS, INDICATORS = 24, 8

MESSAGES = """
insert into feedback (collaboration_id, id, public_id, kind, body, whole_place, share, channel, on_behalf, captured_by, state,
    publication, area_id, received_at, replied_at)
with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < :count),
areas as (select id, row_number() over (order by code) - 1 as number from area where collaboration_id = :place and kind <> 'place')
select :place, printf('%032x', i), printf('%032x', i), case i % 4 when 0 then 'good' when 1 then 'not_good' when 2 then 'idea'
    else 'question' end, 'The bench has gone.', 0, 'team_only', 'web', 0, 'resident', 'replied', 'not_offered', areas.id,
    strftime('%Y-%m-%dT10:00:00.000000Z', :today, '-' || (i % :days) || ' days'),
    strftime('%Y-%m-%dT10:00:00.000000Z', :today, '-' || (i % :days) || ' days', '+' || (i % 13) || ' days')
from n join areas on areas.number = i % 50
"""
NUMBERS = """
insert into observation (collaboration_id, id, indicator_id, area_id, first_day, last_day, dimension, organisation_id, value,
    provisional, version, recorded_at)
with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < :count),
areas as (select id, row_number() over (order by kind = 'place' desc, code) - 1 as number from area where collaboration_id = :place),
named as (select id, row_number() over (order by code) - 1 as number from indicator where collaboration_id = :place)
select :place, printf('%032x', i), named.id, areas.id,
    date(:month, '-' || ((i / 400) % :months) || ' months'),
    date(:month, '-' || ((i / 400) % :months) || ' months', '+1 month', '-1 day'),
    case when i < 400 * :months then '' else '{"group":"' || (i / (400 * :months)) || '"}' end,
    (select id from organisation where collaboration_id = :place limit 1), i % 97, 0, 1, :now
from n join named on named.number = i % :indicators join areas on areas.number = (i / :indicators) % 50
"""
"""SQLite's own way to make many rows: for both databases alike, but for their number."""


def fill(url: str, facts: int) -> None:
    """A place with this many facts, half of them messages, and its counts."""
    prepare(url)
    database, now = Database(url, whole_house=True), datetime.now(UTC)
    with database.write() as writes:
        place = get_place(writes, SLUG)
        add_organisation(writes, OPERATOR, place, OrganisationIn(code="council", name="Council", kind=OrganisationKind.COUNCIL), now)
        for number in range(INDICATORS):
            given = IndicatorIn.model_validate({"name": f"Number {number}", "kind": "population", "unit": "%", "good_direction": "up"})
            put_indicator(writes, OPERATOR, place, f"n{number}", given, now)
        assert writes.exec(select(Indicator)).first()
        month = (now.replace(day=1) - timedelta(days=1)).replace(day=1)
        facts_of_both = {"place": place.id.hex, "count": facts // 2}
        writes.execute(text(MESSAGES), {**facts_of_both, "today": now.date().isoformat(), "days": 30 * MONTHS})
        numbers = {"indicators": INDICATORS, "months": MONTHS, "month": month.date().isoformat(), "now": now.isoformat()[:26] + "Z"}
        writes.execute(text(NUMBERS), {**facts_of_both, **numbers})
    with database.write() as writes:
        verification.mend(writes)
        writes.execute(text("analyze"))


def measure(few: int, many: int) -> str:
    """One line: how many times as long the page takes over many facts as over few."""
    logging.disable(logging.WARNING)  # the log would be timed as well, to a screen
    logs.configure("json")
    with tempfile.TemporaryDirectory(prefix="said-bench-", ignore_cleanup_errors=True) as folder:
        clients = []
        for facts in (few, many):
            home = Path(folder) / str(facts)
            home.mkdir()
            url = f"sqlite:///{home / 'said.db'}"
            fill(url, facts)
            clients.append(TestClient(create_app(Settings(database_url=SecretStr(url), var=home))))
        with clients[0] as one, clients[1] as other:
            for client in (one, other):
                _seconds(client)
            pairs = [(median(_seconds(one) for _ in range(TIMES)), median(_seconds(other) for _ in range(TIMES))) for _ in range(REPEATS)]
    ratios = [slow / quick for quick, slow in pairs]
    verdict = "stretch met" if median(ratios) <= BEST else "met" if median(ratios) <= MOST else "NOT met"
    milliseconds = ", ".join(f"{median(pair[side] for pair in pairs) * 1e3:.1f} ms" for side in (0, 1))
    return (
        f"P8    the account page made anew, {many:,} facts / {few:,} facts  <= {MOST:g}  {median(ratios):.2f}  "
        f"{min(ratios):.2f} to {max(ratios):.2f}  {verdict}  ({milliseconds}; half messages, half observations)"
    )


def _seconds(client: TestClient) -> float:
    """How long the page takes when what it shows has just changed. Units: seconds."""
    database: Database = client.app.state.database  # type: ignore[attr-defined]
    with database.write() as writes:
        rollups.touch(writes, [get_place(writes, SLUG).id])
    started = time.perf_counter()
    answer = client.get(f"/{SLUG}")
    taken = time.perf_counter() - started
    assert answer.status_code == 200, answer.text
    return taken
