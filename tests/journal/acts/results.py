"""Examples of describing indicators, naming comparators, recording observations."""

from service.batches.work import Terms
from service.journal.actions import OPERATOR
from service.places.models import AreaKind
from service.results.actions import Recording, add_comparator_group, add_comparator_member, put_indicator, record_observations
from service.results.models import Direction, IndicatorIn, IndicatorKind
from service.results.rules import Figure, Mode
from service.tables import moment_text
from tests.journal.scene import WORD, Act, Examples, Scene

GIVEN = IndicatorIn(
    name=WORD, kind=IndicatorKind.POPULATION, unit="%", good_direction=Direction.UP, definition=WORD, source=WORD, chosen_because=WORD
)


def add_indicator(scene: Scene) -> Act:
    place = scene.place
    return Act(lambda writes: put_indicator(writes, OPERATOR, place, "school", GIVEN, scene.now))


def change_indicator(scene: Scene) -> Act:
    other, place = GIVEN.model_copy(update={"name": f"{WORD} again"}), scene.place
    described(scene)
    return Act(lambda writes: put_indicator(writes, OPERATOR, place, "school", other, scene.now))


def put_indicator_as_it_is(scene: Scene) -> Act:
    described(scene)
    return Act(add_indicator(scene).do, rows=0)


def described(scene: Scene) -> None:
    with scene.make.database.write() as writes:
        put_indicator(writes, OPERATOR, scene.place, "school", GIVEN, scene.now)


def group(scene: Scene) -> Act:
    place = scene.place
    return Act(lambda writes: add_comparator_group(writes, OPERATOR, place, "neighbours", WORD, scene.now))


def group_again(scene: Scene) -> Act:
    act = group(scene)
    with scene.make.database.write() as writes:
        act.do(writes)
    return Act(act.do, rows=0)


def member(scene: Scene) -> Act:
    place = scene.place
    scene.make.area(place, "elsewhere", AreaKind.COMPARATOR)
    with scene.make.database.write() as writes:
        group(scene).do(writes)
    return Act(lambda writes: add_comparator_member(writes, OPERATOR, place, "neighbours", "elsewhere", scene.now))


def member_again(scene: Scene) -> Act:
    act = member(scene)
    with scene.make.database.write() as writes:
        act.do(writes)
    return Act(act.do, rows=0)


def recordings(scene: Scene, *values: float, indicator: str = "school") -> list[Recording]:
    terms = Terms(scene.place.id.hex, scene.council.id.hex, scene.council.code, OPERATOR, Mode.UPSERT, moment_text(scene.now))
    return [
        Recording(
            terms=terms,
            indicator=indicator,
            area=None,
            first_day=f"202{year}-01-01",
            last_day=f"202{year}-12-31",
            dimension="{}",
            figure=Figure(value),
            comment=WORD,
            reason=WORD,
        )
        for year, value in enumerate(values)
    ]


def observe_two(scene: Scene) -> Act:
    """A batch: a row for each value that was stored, and none for the one that was refused."""
    described(scene)
    items = [*recordings(scene, 50.0, 51.0), *recordings(scene, 52.0, indicator="nothing")]
    return Act(lambda writes: record_observations(writes, items), rows=2)


def correct_one_of_two(scene: Scene) -> Act:
    described(scene)
    with scene.make.database.write() as writes:
        record_observations(writes, recordings(scene, 50.0, 51.0))
    items = recordings(scene, 50.0, 55.0)
    return Act(lambda writes: record_observations(writes, items))


EXAMPLES: Examples = {
    "put_indicator": [add_indicator, change_indicator, put_indicator_as_it_is],
    "add_comparator_group": [group, group_again],
    "add_comparator_member": [member, member_again],
    "record_observations": [observe_two, correct_one_of_two],
}
