"""What is stopped in the middle is gone on with: nothing is stored or counted twice, and nobody works on it beside another."""

from typing import Any

import pytest
from sqlmodel import col, func, select

from service.database import Database
from service.intakes.models import Intake, Stage
from service.intakes.work import LostError, Work, claim
from service.places.queries import PlaceCard
from service.results.models import Observation
from service.settings import Settings
from tests.make import Make


def claimed(make: Make, place: PlaceCard, intake_id: Any) -> Any:
    with make.database.write() as writes:
        return claim(writes, place.id, intake_id, make.clock())


def test_stopped_in_the_middle_and_gone_on_with(
    started: Any, council: PlaceCard, make: Make, settings: Settings, database: Database
) -> None:
    first = claimed(make, council, started)
    assert claimed(make, council, started) is None, "nobody else works on it meanwhile"
    work = Work(database, settings.var, first, make.clock)
    stored = 0

    def until(beside: Any) -> Any:
        def then(writes: Any, results: Any) -> None:
            nonlocal stored
            beside(writes, results)
            stored += 1
            if stored == 2:
                raise LostError

        return then

    work._beside = until(work._beside)  # type: ignore[method-assign]
    with pytest.raises(LostError):
        work.run()
    with database.read() as reads:
        assert reads.scalar(select(func.count()).select_from(Observation)) == 100, "the second hundred went with what broke off"
    make.clock.advance(minutes=2)
    Work(database, settings.var, claimed(make, council, started), make.clock).run()
    with pytest.raises(LostError):
        Work(database, settings.var, first, make.clock).run()
    with database.read() as reads:
        row = reads.exec(select(Intake)).one()
        assert (row.received, row.created, row.corrected, row.unchanged, row.refused) == (231, 230, 0, 0, 1)
        assert row.stage == Stage.TAKEN and reads.scalar(select(func.count()).select_from(Observation)) == 230
        assert not reads.exec(select(Intake).where(col(Intake.leased_until).is_not(None))).all()
