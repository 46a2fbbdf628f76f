"""A file is worked on beside people who wait: in small steps and with rests while others write, and else as fast as it goes."""

import sys
from typing import Any

from service.intakes.gently import FEW, OFTEN, giving_way
from service.intakes.work import Work
from tests.intakes.test_going_on import claimed
from tests.make import Make


def test_threads_change_places_often_until_the_last_one_is_done() -> None:
    usual = sys.getswitchinterval()
    with giving_way():
        with giving_way():
            assert abs(sys.getswitchinterval() - OFTEN) < OFTEN / 10
        assert sys.getswitchinterval() < usual, "somebody else is still at work"
    assert sys.getswitchinterval() == usual


def test_while_others_write_it_goes_in_small_steps(started: Any, council: Any, make: Make, settings: Any, database: Any) -> None:
    stored: list[int] = []
    work = Work(database, settings.var, claimed(make, council, started), make.clock, others=lambda: len(stored) < 3)
    beside = work._beside

    def count(writes: Any, results: Any) -> None:
        stored.append(len(results))
        beside(writes, results)

    work._beside = count  # type: ignore[method-assign]
    work.run()
    assert stored[:3] == [FEW] * 3 and max(stored) == 100 and sum(stored) == 230
