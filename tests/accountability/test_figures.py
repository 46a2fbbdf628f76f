"""Every figure equals plain SQL over the facts: on the pages and over HTTP, before and after what changes it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from service.database import Database
from service.feedback.actions import withdraw
from service.narratives.actions import share_narrative
from service.narratives.models import Narrative, StoryState, Visibility
from service.places.queries import PlaceCard
from tests.accountability import independent
from tests.accountability.comparing import by_code, compare, figures_of
from tests.accountability.independent import Facts
from tests.accountability.world import TODAY, record
from tests.make import Make


@pytest.fixture
def facts(database: Database, busy: PlaceCard) -> Callable[[], Any]:
    """The facts as they are now, in a session of their own."""

    class Asked:
        def __enter__(self) -> Facts:
            self.session = Session(database.reader)
            return Facts(self.session, busy.slug, TODAY)

        def __exit__(self, *_error: object) -> None:
            self.session.close()

    return Asked


def test_figures_are_what_the_facts_say(visitor: TestClient, busy: PlaceCard, facts: Callable[[], Any]) -> None:
    with facts() as found:
        compare(visitor, busy.slug, found)
        whole = independent.whole_place(found)
    assert whole["messages_received"][0] == 42
    assert whole["promise_kept_rate"] == (0.25, 1, 4)
    assert whole["promises_overdue"][0] == 1
    assert whole["organisations_quiet"][1:] == (1, 3)
    assert all(part[1] for part in (whole["answered_rate"], whole["honest_no"], whole["stories"], whole["capture_place_based"]))


def test_figures_follow_a_correction(visitor: TestClient, busy: PlaceCard, make: Make, facts: Callable[[], Any]) -> None:
    before = figures_of(visitor, busy.slug)
    record(make, busy, [{"indicator": "damp", "period": "2024", "value": 27.0}, {"indicator": "silent", "period": "2024", "value": 3}])
    with facts() as found:
        compare(visitor, busy.slug, found)
    assert figures_of(visitor, busy.slug) != before


def test_figures_follow_a_withdrawal(visitor: TestClient, busy: PlaceCard, make: Make, facts: Callable[[], Any]) -> None:
    make.clock.at("2026-08-03T10:00:00+00:00")
    message = make.message(busy, area="linden", share="words_public")
    make.clock.at("2026-11-23T10:00:00+00:00")
    before = dict(by_code(figures_of(visitor, busy.slug), None))
    with make.database.write() as writes:
        withdraw(writes, make.keys, busy, message.code, make.clock())
    with facts() as found:
        compare(visitor, busy.slug, found)
    after = dict(by_code(figures_of(visitor, busy.slug), None))
    assert after["answered_rate"]["denominator"] == before["answered_rate"]["denominator"] - 1
    assert after["messages_received"]["n"] == before["messages_received"]["n"]


def test_figures_follow_a_publication(visitor: TestClient, busy: PlaceCard, make: Make, facts: Callable[[], Any]) -> None:
    before = dict(by_code(figures_of(visitor, busy.slug), None))
    member = make.at_work(busy)
    with make.database.write() as writes:
        [waiting, *_others] = [row for row in writes.exec(_stories()) if row.state == StoryState.SUBMITTED]
        share_narrative(writes, member, waiting.id, Visibility.PUBLIC, make.clock())
    with facts() as found:
        compare(visitor, busy.slug, found)
    assert dict(by_code(figures_of(visitor, busy.slug), None))["stories"]["n"] == before["stories"]["n"] + 1


def test_figures_of_an_empty_place_say_why_there_are_none(visitor: TestClient, hillside: PlaceCard, database: Database) -> None:
    with Session(database.reader) as session:
        compare(visitor, hillside.slug, Facts(session, hillside.slug, date(2026, 11, 23)))
    words = {code: figure["words"] for code, figure in by_code(figures_of(visitor, hillside.slug), None)}
    assert words["promise_kept_rate"] == "Nothing was due yet."
    assert words["answered_rate"] == "No message is 30 days old yet, so there is nothing to count."
    assert not any("0%" in sentence for sentence in words.values())


def _stories() -> Any:
    return select(Narrative).order_by(Narrative.id)  # type: ignore[arg-type]
