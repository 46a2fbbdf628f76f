"""The example: every state that can exist, made by the product's own actions, once, the same each time, and alone in its place."""

import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from selectolax.lexbor import LexborHTMLParser as Html
from sqlalchemy import select
from sqlmodel import SQLModel
from starlette.testclient import TestClient

import service.everything
from service import verification
from service.app import create_app
from service.checks.models import Came, Verdict
from service.database import Database
from service.errors import Conflict
from service.example.careful import ADVERT
from service.example.hillside import SLUG, make_example, remake_example
from service.example.messages import MATTERS
from service.example.series import SERIES
from service.example.tales import TALES
from service.example.words_apart import HELD, WISHES
from service.feedback.models import Capturer, Channel, Feedback, Kind, Outcome, Publication, Share, State, Tier, WithheldReason
from service.keeping import worker as keeping
from service.narratives.models import Kind as StoryKind
from service.narratives.models import StoryState, Visibility
from service.people.models import Role
from service.places.models import AreaKind, Contribution, OrganisationKind
from service.places.queries import get_place
from service.promises.models import Side, Standing
from service.results.models import Direction, IndicatorKind, Missing
from service.settings import Settings
from tests.accountability.outside import faults_of_package
from tests.databases import Databases
from tests.example.made import bring_into, looked_at, made
from tests.example.reading import CHOSEN, listening, walk
from tests.make import MONDAY, Make
from tests.real import REAL

NOT_YET: dict[type[StrEnum], set[StrEnum]] = {
    State: {State.SAFEGUARDING_HOLD},
    StoryState: {StoryState.DRAFT, StoryState.ASKED_BACK},
    Standing: {Standing.DRAFT, Standing.PROPOSED},
    Capturer: {Capturer.IMPORT},
    AreaKind: {AreaKind.WARD, AreaKind.OTHER},
}
"""What no action of the product leads to yet, what only an import makes, and what Hillside has none of."""

SHOWN: list[tuple[str, str, type[StrEnum]]] = [
    ("feedback", "state", State),
    ("feedback", "publication", Publication),
    ("feedback", "withheld_reason", WithheldReason),
    ("feedback", "kind", Kind),
    ("feedback", "tier", Tier),
    ("feedback", "share", Share),
    ("feedback", "channel", Channel),
    ("reply", "outcome", Outcome),
    ("promise", "standing", Standing),
    ("promise", "side", Side),
    ("promise_check", "verdict", Verdict),
    ("promise_check", "came", Came),
    ("narrative", "state", StoryState),
    ("narrative", "kind", StoryKind),
    ("narrative", "captured_by", Capturer),
    ("narrative", "wish", Visibility),
    ("indicator", "kind", IndicatorKind),
    ("indicator", "good_direction", Direction),
    ("observation", "missing", Missing),
    ("area", "kind", AreaKind),
]

NEVER_THE_SAME = {"id", "public_id", "key_hash", "body_hash", "code_hash", "sealed", "secret_hash", "turn_hash", "collaboration_id"}
Rows = dict[str, Counter[str]]


@pytest.fixture(scope="module")
def seen(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The example of Monday, for tests that only look at it."""
    with looked_at(databases, tmp_path_factory.mktemp("example")) as database:
        yield database


@pytest.fixture
def example(databases: Databases, database: Database, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The example of Monday, on SQLite and on PostgreSQL, beside a running service: as it was made on SQLite, row by row."""
    bring_into(database, settings.var / "keys", databases, tmp_path_factory.mktemp("example"))
    return database


PROMISE = re.compile("'[0-9a-f]{32}")


def rows(database: Database, *, of: str | None = None, besides: str | None = None, plain: bool = False) -> Rows:
    """Every row of every table; `plain` without what is drawn by lot each time. `of` and `besides` name a place by its slug."""
    assert service.everything.__all__
    found: Rows = {}
    with database.read() as reads:
        connection = reads.connection()
        places = {row.slug: row.id for row in connection.execute(select(SQLModel.metadata.tables["collaboration"]))}
        for table in SQLModel.metadata.sorted_tables:
            if "collaboration_id" not in table.c or table.name in ("journal_entry", "version"):
                continue
            query = select(table)
            if of:
                query = query.where(table.c.collaboration_id == places[of])
            if besides:
                query = query.where(table.c.collaboration_id != places[besides])
            names = [c.name for c in table.c if not plain or not (c.name in NEVER_THE_SAME or c.name.endswith("_id") or c.name == "slot")]
            found[table.name] = Counter(str([getattr(row, name) for name in names]) for row in connection.execute(query))
    if plain:  # a count of what answers said names the promise
        found["rollup"] = Counter(PROMISE.sub("'promise", row) for row in found["rollup"].elements())
    return found


def column(database: Database, table: str, name: str) -> list[Any]:
    with database.read() as reads:
        columns = SQLModel.metadata.tables[table].c
        return [value for (value,) in reads.connection().execute(select(columns[name])) if value is not None]


# ---- what it shows ---------------------------------------------------------------------------------------------------


def test_everything_that_can_be_is_shown(seen: Database) -> None:
    for table, name, words in SHOWN:
        found = {words(value) for value in column(seen, table, name)}
        assert found == set(words) - NOT_YET.get(words, set()), f"{table}.{name}"
    assert {kind for kinds in column(seen, "membership", "contributes") for kind in kinds} == set(Contribution)
    assert {Role(role) for role in column(seen, "staff_role", "role")} == {Role.COORDINATOR, Role.MODERATOR, Role.FRONTLINE}
    assert len({OrganisationKind(kind) for kind in column(seen, "organisation", "kind")}) >= 4


def test_is_as_large_as_half_a_year(seen: Database) -> None:
    received = column(seen, "feedback", "received_at")
    assert len(received) == 242
    assert max(received).date() < MONDAY.date()
    assert min(received).date() > (MONDAY - timedelta(days=185)).date()
    assert len({moment.date().isoformat()[:7] for moment in received}) >= 6
    assert {moment.weekday() for moment in received} == set(range(7)), "people tell on Sundays as well"
    assert 24 <= len(column(seen, "promise", "id")) <= 32
    assert len(column(seen, "narrative", "id")) == 30
    assert len(column(seen, "indicator", "id")) == 9
    assert 0.4 < column(seen, "feedback", "share").count(Share.WORDS_PUBLIC) / 242 < 0.6


def test_words_are_many_and_no_two_messages_say_the_same(seen: Database) -> None:
    bodies = [body for body in column(seen, "feedback", "body") if body != ADVERT]
    assert len(bodies) == len(set(bodies)) > 180
    assert len({opening for matter in MATTERS for opening in matter.openings}) > 100
    assert {"cy", "ur", "en"} <= set(column(seen, "feedback", "language"))


def test_nothing_has_not_happened_yet(seen: Database) -> None:
    for table, name in (("reply", "published_at"), ("progress", "at"), ("narrative", "submitted_at"), ("observation", "recorded_at")):
        assert max(column(seen, table, name)) < MONDAY, table
    assert max(column(seen, "journal_entry", "at")) <= MONDAY


def test_who_is_silent_is_silent(seen: Database) -> None:
    with seen.read() as reads:
        area, story = SQLModel.metadata.tables["area"], SQLModel.metadata.tables["narrative"]
        codes = {row.id: row.code for row in reads.connection().execute(select(area))}
        told = {codes[row.area_id] for row in reads.connection().execute(select(story)) if row.area_id}
        from_the_marsh = [row for row in reads.exec(select(Feedback)).scalars() if codes.get(row.area_id) == "marsh-end"]
    assert told == {"hill-road", "linden"}, "two areas have no story"
    assert len(from_the_marsh) <= 4


def test_promises_were_settled_by_others_than_their_makers(seen: Database) -> None:
    with seen.read() as reads:
        tables = SQLModel.metadata.tables
        makers = {row.id: row.maker_id for row in reads.connection().execute(select(tables["promise"]))}
        settled = [row for row in reads.connection().execute(select(tables["progress"])) if row.moved_to == Standing.KEPT]
    assert len(settled) == 8
    assert all(row.organisation_id != makers[row.promise_id] for row in settled)


def test_no_story_is_public_by_its_own_author(seen: Database) -> None:
    with seen.read() as reads:
        stories = reads.connection().execute(select(SQLModel.metadata.tables["narrative"])).all()
        consents = reads.connection().execute(select(SQLModel.metadata.tables["consent"])).all()
    public = [row for row in stories if row.state == StoryState.SHARED_PUBLIC]
    assert all(row.checked_by not in (None, row.author_id) for row in public)
    ended = {row.narrative_id for row in consents if row.expires_on and row.expires_on < MONDAY.date()}
    assert len(ended & {row.id for row in public}) == 1, "one yes has ended"
    assert sum(bool(row.signifiers) for row in public if row.id not in ended) >= 10, "enough said what it meant to draw a triangle"


def test_counts_are_what_the_facts_say(seen: Database) -> None:
    with seen.read() as reads:
        assert verification.differences(reads) == []


def test_pages_say_that_it_is_an_example(example: Database, visitor: TestClient, tmp_path: Path) -> None:  # noqa: ARG001
    views = ("community-reporting", "narratives", "outcomes", "results", "system-health")
    for page in ("", *views, "promises", "tell", "answer", "about"):
        answer = visitor.get(f"/{SLUG}/{page}".rstrip("/"))
        assert answer.status_code == 200, page
        assert Html(answer.text).css_first("header .example"), page
    assert faults_of_package(visitor, SLUG, tmp_path) == [], "and it may be taken away whole"


@pytest.mark.skipif(not CHOSEN, reason="There is no catalogue yet")
def test_no_page_of_residents_is_left_half_in_english(seen: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever sentence a page that residents can reach says, the catalogue has it."""
    monkeypatch.setattr(keeping.Keeper, "pause", 3_600.0)
    settings = Settings(mode="test", var=tmp_path / "var", database_url=SecretStr(str(seen.reader.url)))
    with TestClient(create_app(settings, clock=lambda: MONDAY), follow_redirects=False) as visitor:
        for code in CHOSEN:
            with listening(code) as missing:
                assert len(walk(visitor, code)) > 15
            assert not missing.found, f"{code}: {sorted(missing.found)[:10]}"


# ---- making it -------------------------------------------------------------------------------------------------------


def test_is_made_once_and_never_changed_afterwards(example: Database, make: Make) -> None:
    before = rows(example)
    with example.write() as writes:
        assert not make_example(writes, make.keys, MONDAY + timedelta(days=90))
    assert rows(example) == before


def test_same_day_makes_the_same_example(example: Database, make: Make) -> None:
    before, ids = rows(example, plain=True), set(column(example, "feedback", "id"))
    with example.write() as writes:
        remake_example(writes, make.keys, MONDAY + timedelta(hours=5))
    assert not ids & set(column(example, "feedback", "id"))
    after = rows(example, plain=True)
    kept = {"audit_reading", "tombstone"}
    assert {name for name in before if before[name] != after[name]} <= kept
    assert all(before[name] <= after[name] for name in kept), "histories are only added to"


def test_making_it_anew_touches_no_other_place(make: Make) -> None:
    vale = make.collaboration("amber-vale")
    make.organisation(vale)
    make.area(vale)
    make.person(vale)
    make.message(vale, area="hill-road", contact="0123")
    with make.database.write() as writes:
        make_example(writes, make.keys, MONDAY)
    others, journal = rows(make.database, besides=SLUG), column(make.database, "journal_entry", "id")
    with make.database.write() as writes:
        remake_example(writes, make.keys, MONDAY + timedelta(days=40))
    assert rows(make.database, besides=SLUG) == others
    assert sum(others["feedback"].values()) == 1
    assert set(journal) <= set(column(make.database, "journal_entry", "id")), "the journal keeps what was done"
    received = column(make.database, "feedback", "received_at")
    assert len([at for at in received if at > MONDAY]) > 20, "it is dated from the day on which it was made anew"
    with make.database.read() as reads:
        assert verification.differences(reads) == []


def test_kept_pages_know_that_it_was_made_anew(example: Database, make: Make, visitor: TestClient) -> None:
    def page() -> str:
        return visitor.get(f"/{SLUG}/system-health").headers["etag"]

    with example.read() as reads:
        place = get_place(reads, SLUG)
    as_made = page()
    make.message(place)
    assert page() != as_made
    with example.write() as writes:
        remake_example(writes, make.keys, MONDAY)
    assert page() == as_made, "the same day makes the same page, and what was added is gone"


def test_place_of_that_name_which_is_no_example_stays_as_it_is(make: Make) -> None:
    make.collaboration(SLUG)
    before = rows(make.database)
    with pytest.raises(Conflict), make.database.write() as writes:
        remake_example(writes, make.keys, MONDAY)
    assert rows(make.database) == before


@pytest.mark.parametrize("day", ["2027-01-01T00:30Z", "2028-02-29T12:00Z", "2026-03-30T23:30Z", "2026-12-28T09:00Z", "2027-07-04T09:00Z"])
def test_any_day_will_do(databases: Databases, tmp_path: Path, day: str) -> None:
    now = datetime.fromisoformat(day).astimezone(UTC)
    with made(databases, tmp_path, now) as database:
        with database.read() as reads:
            assert verification.differences(reads) == []
        assert max(column(database, "journal_entry", "at")) <= now
        for table, name, words in SHOWN:
            found = {words(value) for value in column(database, table, name)}
            assert found == set(words) - NOT_YET.get(words, set()), f"{table}.{name}"


# ---- whose words they are --------------------------------------------------------------------------------------------


def sentences() -> Iterator[str]:
    """Every sentence of the example that is long enough to be somebody's."""
    texts = [text for matter in MATTERS for text in (*matter.openings, *matter.more)]
    texts += [answer.body for matter in MATTERS for answer in matter.answers]
    texts += [body for _topic, _kind, body, _reason in HELD] + [text for wish in WISHES for text in wish if text]
    texts += [tale.body for tale in TALES] + [series.definition for series in SERIES.values()]
    for text in texts:
        yield from (part for part in re.split(r"(?<=[.?!])\s+", text) if len(part) >= 24)


@pytest.mark.real_data
def test_no_sentence_is_of_the_real_data() -> None:
    found = []
    wanted = {plain(text) for text in sentences()}
    assert len(wanted) > 150
    for path in sorted(REAL.rglob("*")):
        text = plain(" ".join(words_of(path)))
        found += [f"{path.name}: {sentence}" for sentence in wanted if sentence in text]
    assert not found


def words_of(path: Path) -> Iterator[str]:
    if not path.is_file() or path.suffix not in (".gz", ".csv", ".json"):
        return
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        yield from (" ".join(row) for row in csv.reader(file)) if ".csv" in path.name else file


def plain(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.lower()))
