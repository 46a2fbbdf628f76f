"""What changed for people of the example: a hub and a health team follow some who said yes, and ask them again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from service.batches.work import Terms, run, work_on
from service.example.diary import Diary
from service.journal.actions import OPERATOR
from service.outcomes.actions import record_readings
from service.outcomes.batches import READINGS
from service.results.rules import Mode
from service.tables import moment_text

PEOPLE = 38
"""People of whom the hub asks; the health team asks fewer."""

GOALS = ("Sleep through the night", "Go to the shop by myself", "Pay the rent on time", "See my children more", "Find work I can do")
FIRST = (2, 3, 4, 1, 3, 5, 2, 4)
MOVED = (4, 3, 0, 5, 1, 3, -1, 4, 3, 0, 6)
HAPPY = (3, 5, 4, 6, 2, 7, 5)


def follow(diary: Diary, began: datetime) -> None:
    """Writes into the diary when each of them was asked."""
    for n in range(PEOPLE):
        for ago, rows in _asked(diary, n):
            diary.at(max(diary.moment(ago, 15), began), partial(_post, diary, "nhs" if n % 3 == 0 else "hub", rows))


def _asked(diary: Diary, n: int) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """What somebody says at first, and, most of them, two months later."""
    ago = diary.working(165 - 2 * n)
    first = FIRST[n % len(FIRST)]
    happy = HAPPY[n % len(HAPPY)]
    days = {"given_on": str(diary.today - timedelta(days=ago)), "wording_version": "2026-11"}
    by = "with_help" if n % 4 == 3 else "self"
    goal = {"person": f"h-{n + 101}", "goal": GOALS[n % len(GOALS)], "by": by}
    answer = {"person": f"h-{n + 101}", "instrument": "ons4-happy", "by": by}

    def at(day: int, score: int, mood: int, **more: Any) -> list[dict[str, Any]]:
        on = str(diary.today - timedelta(days=day))
        said = ((goal, score), (answer, mood))
        return [{**what, "value": float(min(10, max(0, value))), "on": on, **more} for what, value in said]

    yield ago, at(ago, first, happy, consent=days)
    if n % 5 != 4:
        later = diary.working(ago - 62)
        yield later, at(later, first + MOVED[n % len(MOVED)], happy + MOVED[(n + 3) % len(MOVED)] // 2)


def _post(diary: Diary, organisation: str, rows: list[dict[str, Any]], at: datetime) -> None:
    whose = (diary.place.id.hex, diary.organisations[organisation].hex, organisation)
    tally = run(work_on(READINGS, lambda: iter(rows), Terms(*whose, OPERATOR, Mode.UPSERT, moment_text(at))), _store(diary))
    if tally.refused:
        raise ValueError(tally.conflicts[0].message)


def _store(diary: Diary) -> Any:
    return partial(record_readings, diary.writes)
