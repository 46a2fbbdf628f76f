"""Examples of setting periods, placing and lifting holds."""

from service.keeping.actions import lift_hold, place_hold, set_retention
from service.keeping.models import HoldIn, PeriodIn, Settable
from tests.journal.scene import WORD, Act, Examples, Scene

YEAR = PeriodIn(settable=Settable.UNSHARED_WORDS, months=12, why=WORD)


def set_period(scene: Scene) -> Act:
    member = scene.member
    return Act(lambda writes: set_retention(writes, member.actor, member.place, YEAR, scene.now))


def set_period_again(scene: Scene) -> Act:
    member = scene.member
    with scene.make.database.write() as writes:
        set_retention(writes, member.actor, member.place, YEAR, scene.now)
    return Act(lambda writes: set_retention(writes, member.actor, member.place, YEAR, scene.now), rows=0)


def hold(scene: Scene) -> Act:
    member = scene.member
    return Act(lambda writes: place_hold(writes, member.actor, member.place, HoldIn(why=WORD), scene.now))


def let_go(scene: Scene) -> Act:
    member = scene.member
    with scene.make.database.write() as writes:
        hold_id = place_hold(writes, member.actor, member.place, HoldIn(why=WORD), scene.now)
    return Act(lambda writes: lift_hold(writes, member.actor, member.place, hold_id, scene.now))


EXAMPLES: Examples = {"set_retention": [set_period, set_period_again], "place_hold": [hold], "lift_hold": [let_go]}
