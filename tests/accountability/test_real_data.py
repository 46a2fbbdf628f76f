"""The account of Trafford from its published numbers: every figure equals plain SQL, whatever happens to it."""

from functools import partial

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from service.database import Database
from service.feedback.actions import withdraw
from service.feedback.desk_actions import reply
from service.feedback.models import Capturer
from service.journal.actions import OPERATOR
from service.narratives.actions import Teller, share_narrative, submit_narrative
from service.narratives.models import NarrativeIn, Visibility
from service.places.queries import PlaceCard, get_place
from tests.accountability.comparing import by_code, compare, figures_of
from tests.accountability.independent import Facts
from tests.accountability.world import TODAY, YES, record
from tests.cli.conftest import Said, quiet_log, said, said_nowhere
from tests.imports.test_real_data import OBSERVATIONS, TRAFFORD, add_trafford, imported
from tests.make import Make
from tests.real import REAL

pytestmark = pytest.mark.real_data
__all__ = ["quiet_log", "said", "said_nowhere"]


@pytest.fixture
def trafford(said: Said, database: Database) -> PlaceCard:
    """Trafford with its wards, the places it is compared with, and 40 indicators."""
    add_trafford(said, "trafford")
    take = partial(imported, said, "trafford")
    take("areas", str(REAL / "uk_geo" / "trafford_wards_2023.geojson"), "--map", "trafford_wards")
    for kind, file in (("areas", OBSERVATIONS), ("comparators", str(TRAFFORD / "comparator_areas.csv")), ("indicators", OBSERVATIONS)):
        take(kind, file, "--map", f"trafford_{kind}")
    take("observations", OBSERVATIONS, "--map", "trafford_observations", "--organisation", "council")
    with database.read() as reads:
        return get_place(reads, "trafford")


def test_figures_of_trafford(visitor: TestClient, trafford: PlaceCard, make: Make, database: Database) -> None:
    def all_agree() -> None:
        with Session(database.reader) as session:
            compare(visitor, "trafford", Facts(session, "trafford", TODAY))

    all_agree()
    figures = figures_of(visitor, "trafford")
    assert len({key for key, figure in by_code(figures, "indicator") if figure["figure"] == "indicator_latest"}) == 40
    newest = next(found for found in figures if found["figure"] == "indicator_latest" and found["value"] is not None)
    code = newest["by"]["indicator"]

    record(make, trafford, [{"indicator": code, "period": "2026", "value": 4.5}])
    record(make, trafford, [{"indicator": code, "period": "2026", "value": 5.25}])  # a correction
    all_agree()
    after = {key: found for key, found in by_code(figures_of(visitor, "trafford"), "indicator") if found["figure"] == "indicator_latest"}
    assert after[code]["value"] == 5.25

    make.clock.at("2026-09-01T10:00:00+00:00")
    kept, taken = make.message(trafford, share="words_public"), make.message(trafford)
    make.clock.at("2026-09-08T10:00:00+00:00")
    member = make.at_work(trafford)
    with make.database.write() as writes:
        reply(writes, member, make.message_id(kept), YES, make.clock())
    make.clock.at("2026-11-23T10:00:00+00:00")
    all_agree()
    with make.database.write() as writes:
        withdraw(writes, make.keys, trafford, taken.code, make.clock())
    all_agree()

    member = make.at_work(trafford)
    facts = {"kind": "worked", "body": "It is lighter now.", "occurred_on": "2026-11-01", "indicator": code}
    given = NarrativeIn.model_validate({**facts, "consent": {"wording_version": "2026-1", "given_on": "2026-11-01"}})
    with make.database.write() as writes:
        story = submit_narrative(writes, Teller(OPERATOR, None, Capturer.RESIDENT), trafford, given, make.clock())[0].id
    with make.database.write() as writes:
        share_narrative(writes, member, story, Visibility.PUBLIC, make.clock())
    all_agree()
    words = next(found for found in figures_of(visitor, "trafford") if found["figure"] == "capture_words")
    assert (words["n"], words["denominator"]) == (1, 40)
