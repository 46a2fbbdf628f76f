"""The real data beside the project, through the real commands: every figure that its SOURCE.md and the issues name."""

import json
import tomllib
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from service.database import Database
from service.feedback.models import Feedback
from service.imports.mapping import SHIPPED, flat
from service.imports.reading import open_source
from service.places.models import Area, AreaKind, Organisation
from service.places.queries import PlaceCard, get_place
from service.promises.models import Promise
from service.promises.queries import count_overdue
from service.results.models import Indicator, Observation
from service.results.queries import find_comparisons, find_indicator
from service.results.rules import read_period
from service.verification import differences
from tests.cli.conftest import Said
from tests.imports.conftest import Write, fates
from tests.real import REAL

pytestmark = pytest.mark.real_data

TRAFFORD = REAL / "trafford_outcomes"
OBSERVATIONS = str(TRAFFORD / "observations.csv.gz")
PROMISES = str(REAL / "uk_council_netzero_promises" / "promises.csv.gz")
MESSAGES = str(REAL / "nhs_fft_feedback" / "feedback.csv.gz")


def imported(said: Said, slug: str, kind: str, file: str, *words: str) -> dict[str, Any]:
    out, _err = said.both("import", kind, file, "--collaboration", slug, *words)
    report: dict[str, Any] = json.loads(out)
    return report


def rows_of(path: Path) -> list[dict[str, str]]:
    return [flat(row) for row in open_source(path).rows(lambda _position: None) if isinstance(row, dict)]


def place_of(database: Database, slug: str) -> PlaceCard:
    with database.read() as reads:
        return get_place(reads, slug)


def add_trafford(said: Said, slug: str) -> None:
    """A collaboration with nothing in it but the council."""
    said("collaboration", "add", slug, "--name", "Trafford")
    said("organisation", "add", "council", "--name", "Trafford Council", "--kind", "council", "--collaboration", slug)


# ---- trafford_outcomes -----------------------------------------------------------------------------------------------


def test_outcomes_of_trafford(said: Said, database: Database, file: Write) -> None:
    add_trafford(said, "trafford")
    take = partial(imported, said, "trafford")
    wards = str(REAL / "uk_geo" / "trafford_wards_2023.geojson")
    assert fates(take("areas", wards, "--map", "trafford_wards")) == (21, 0, 0, 0)
    assert fates(take("areas", OBSERVATIONS, "--map", "trafford_areas")) == (46, 0, 7_500, 0)
    assert fates(take("comparators", str(TRAFFORD / "comparator_areas.csv"), "--map", "trafford_comparators")) == (55, 0, 0, 0)
    assert fates(take("indicators", OBSERVATIONS, "--map", "trafford_indicators")) == (40, 0, 7_506, 0)
    _areas_are_those_of_trafford(database)

    words = ("--map", "trafford_observations", "--organisation", "council")
    assert fates(take("observations", OBSERVATIONS, *words, "--dry-run")) == (7_546, 0, 0, 0)
    assert fates(take("observations", OBSERVATIONS, *words)) == (7_546, 0, 0, 0)
    assert fates(take("observations", OBSERVATIONS, *words)) == (0, 0, 7_546, 0)
    with database.read() as reads:
        missing = dict(reads.execute(select(col(Observation.missing), func.count()).group_by(col(Observation.missing))).all())
        assert missing == {None: 7_319, "unknown": 227}
        assert reads.scalar(select(func.count()).select_from(Observation).where(col(Observation.dimension).like('{"inequality":%'))) == 60
        assert differences(reads) == []

    exported = said("export", "observations", "--collaboration", "trafford")
    assert fates(take("observations", file(exported, "out.csv"), "--organisation", "council")) == (0, 0, 7_546, 0)
    _other_place_becomes_the_same(said, file, exported)
    _published_means_are_reproduced(database)


def _areas_are_those_of_trafford(database: Database) -> None:
    place = place_of(database, "trafford")
    with database.read() as reads:
        areas = list(reads.scalars(select(Area).where(col(Area.collaboration_id) == place.id)))
        assert Counter(area.kind for area in areas) == {AreaKind.WARD: 21, AreaKind.COMPARATOR: 46, AreaKind.PLACE: 1}
        assert all(area.shape for area in areas if area.kind == AreaKind.WARD)
        named = {area.code: area.name for area in areas}
        assert (named["E92000001"], named["E06000055"], "E08000009" in named) == ("England", "Bedford", False)
        indicators = list(reads.scalars(select(Indicator).where(col(Indicator.collaboration_id) == place.id)))
        assert len(indicators) == 40 and all(found.comparator_group_id for found in indicators)


def _other_place_becomes_the_same(said: Said, file: Write, exported: str) -> None:
    add_trafford(said, "copy")
    for kind in ("areas", "comparators", "indicators"):
        imported(said, "copy", kind, file(said("export", kind, "--collaboration", "trafford"), f"{kind}.csv"))
    assert fates(imported(said, "copy", "observations", file(exported, "out.csv"), "--organisation", "council")) == (7_546, 0, 0, 0)
    assert said("export", "observations", "--collaboration", "copy") == exported, "byte for byte"


def _published_means_are_reproduced(database: Database) -> None:
    """80 rows, to 0.05: one is 45.55 exactly and was published as 45.5."""
    place = place_of(database, "trafford")
    expected = rows_of(TRAFFORD / "expected_comparator_means.csv")
    codes = _codes()
    worst = 0.0
    with database.read() as reads:
        asked: list[tuple[Any, date, date]] = []
        for row in expected:
            indicator = find_indicator(reads, place.id, codes[row["dataset"], row["indicator"], row["measure"]])
            period = read_period(_period(row["period"]))
            assert indicator is not None and period is not None
            asked.append((indicator.id, *period))
        found = find_comparisons(reads, place.id, asked)
        own = _own_values(reads, place, asked)
        for row, key in zip(expected, asked, strict=True):
            comparison = found[key]
            assert comparison.group == row["comparator"] and comparison.mean is not None
            assert comparison.n == int(row["n_similar"]), row
            worst = max(worst, abs(comparison.mean - float(row["similar_mean"])))
            assert own.get(key) == (float(row["trafford"]) if row["trafford"] else None)
            assert [other.value for other in comparison.nations] == ([float(row["england"])] if row["england"] else [])
    assert len(expected) == 80 and worst <= 0.05 + 1e-9, worst


def _codes() -> dict[tuple[str, ...], str]:
    written = tomllib.loads((SHIPPED / "trafford_observations.toml").read_text("utf-8"))["values"]["indicator"]
    return {tuple(key.split(" | ")): code for key, code in written.items()}


def _period(text: str) -> str:
    ends = {"Jan": ("01-01", "Dec", "12-31"), "Apr": ("04-01", "Mar", "03-31"), "Jul": ("07-01", "Jun", "06-30")}
    months = {**ends, "Oct": ("10-01", "Sep", "09-30")}
    first, dash, last = text.partition("-")
    if not dash:
        return text
    begin, month, end = months[first[:3]]
    assert last[:3] == month
    return f"{first[4:]}-{begin}/{last[4:]}-{end}"


def _own_values(reads: Any, place: PlaceCard, asked: Sequence[tuple[Any, date, date]]) -> dict[Any, float]:
    table = Observation.__table__  # type: ignore[attr-defined]
    query = (
        select(table.c.indicator_id, table.c.first_day, table.c.last_day, table.c.value)
        .join(Area, (col(Area.collaboration_id) == table.c.collaboration_id) & (col(Area.id) == table.c.area_id))
        .where(col(Area.kind) == AreaKind.PLACE, table.c.collaboration_id == place.id, table.c.value.is_not(None))
    )
    values = {(row[0], row[1], row[2]): row[3] for row in reads.execute(query)}
    return {key: values[key] for key in asked if key in values}


# ---- nhs_fft_feedback ------------------------------------------------------------------------------------------------


def test_messages_about_two_trusts(said: Said, database: Database, file: Write) -> None:
    said("collaboration", "add", "trusts", "--name", "Two trusts")
    take = partial(imported, said, "trusts", "feedback")
    words = ("--map", "nhs_fft_feedback")
    assert fates(take(MESSAGES, *words, "--dry-run")) == (4_257, 0, 0, 0)
    assert fates(take(MESSAGES, *words)) == (4_257, 0, 0, 0)
    assert fates(take(MESSAGES, *words)) == (0, 0, 4_257, 0), "none lost, none doubled"

    rows = {row["comment_id"]: row for row in rows_of(Path(MESSAGES))}
    texts = Counter(row["text"] for row in rows.values())
    assert sum(n - 1 for n in texts.values()) == 483, "their words are no key"
    kinds = {"1": "good", "2": "good", "4": "not_good", "5": "not_good", "3": None, "": None}
    with database.read() as reads:
        stored = list(reads.scalars(select(Feedback)))
        assert {message.ref for message in stored} == set(rows) and len(stored) == 4_257
        for message in stored:
            row = rows[message.ref or ""]
            assert (message.body, message.kind) == (row["text"], kinds[row["sentiment"]])
            assert message.received_at.date() == date.fromisoformat(row["date"])
        assert {(message.share, message.publication, message.state, message.captured_by) for message in stored} == {
            ("team_only", "not_offered", "received", "import")
        }
        assert {message.key_hash for message in stored} == {None}
        assert differences(reads) == []
    assert fates(take(file(said("export", "feedback", "--collaboration", "trusts"), "out.csv"))) == (0, 0, 4_257, 0)


# ---- uk_council_netzero_promises -------------------------------------------------------------------------------------


def test_promises_of_councils(said: Said, database: Database, file: Write) -> None:
    said("collaboration", "add", "councils", "--name", "Councils")
    take = partial(imported, said, "councils")
    assert fates(take("organisations", PROMISES, "--map", "netzero_organisations")) == (292, 0, 73, 0)
    report = take("promises", PROMISES, "--map", "netzero_promises")
    assert (report["received"], fates(report)) == (365, (338, 0, 0, 27))
    reasons = Counter((found["field"], found["message"]) for found in report["conflicts"])
    assert sorted(reasons.values()) == [2, 25]
    assert {field: n for (field, _message), n in reasons.items()} == {"scope": 25, "target_year": 2}
    rows = rows_of(Path(PROMISES))
    for found in report["conflicts"]:
        row = rows[found["row"] - 1]
        assert row["scope"] == "No promise" if found["field"] == "scope" else not row["target_year"]
    assert fates(take("promises", PROMISES, "--map", "netzero_promises")) == (0, 0, 338, 27)

    place = place_of(database, "councils")
    with database.read() as reads:
        promises = list(reads.scalars(select(Promise)))
        assert len(promises) == 338 and reads.scalar(select(func.count()).select_from(Organisation)) == 292
        assert {(row.made_on, row.kept_when, row.standing) for row in promises} == {(None, None, "made")}
        assert {row.due_on.isoformat()[4:] for row in promises if row.due_on} == {"-12-31"}
        assert sum(1 for row in promises if row.due_on and row.due_on.year < 2026) == 12
        assert all(row.source and len(row.source) <= 500 for row in promises)
        assert count_overdue(reads, place.id, date(2026, 11, 23)) == 12
    assert fates(take("promises", file(said("export", "promises", "--collaboration", "councils"), "out.csv"))) == (0, 0, 338, 0)
