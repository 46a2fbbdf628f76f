"""Examples of describing instruments, and of keeping readings with the people and the goals they bring."""

from datetime import date

from service.batches.work import Terms
from service.journal.actions import OPERATOR
from service.outcomes.actions import Recording, record_readings
from service.outcomes.instrument_actions import put_instrument
from service.outcomes.models import InstrumentIn, Licence, ScaleDirection, YesIn
from service.results.rules import Mode
from service.tables import moment_text
from tests.journal.scene import WORD, Act, Examples, Scene

GIVEN = InstrumentIn(name=WORD, question=WORD, low=0, high=5, good_direction=ScaleDirection.UP, licence=Licence.OWN)


def add_instrument(scene: Scene) -> Act:
    place = scene.place
    return Act(lambda writes: put_instrument(writes, OPERATOR, place, "ours", GIVEN, scene.now))


def change_instrument(scene: Scene) -> Act:
    act, place = add_instrument(scene), scene.place
    with scene.make.database.write() as writes:
        act.do(writes)
    other = GIVEN.model_copy(update={"name": f"{WORD} again"})
    return Act(lambda writes: put_instrument(writes, OPERATOR, place, "ours", other, scene.now))


def put_instrument_as_it_is(scene: Scene) -> Act:
    act = add_instrument(scene)
    with scene.make.database.write() as writes:
        act.do(writes)
    return Act(act.do, rows=0)


def recordings(scene: Scene, *values: float, person: str = "canary-1") -> list[Recording]:
    terms = Terms(scene.place.id.hex, scene.council.id.hex, scene.council.code, OPERATOR, Mode.UPSERT, moment_text(scene.now))
    yes = YesIn(wording_version="1", given_on=date(2024, 1, 1))
    return [
        Recording(
            terms=terms,
            person=person,
            goal=WORD,
            instrument=None,
            figure=value,
            on=date(2024, 1, day),
            by="self",
            consent=yes if day == 1 else None,
            ref=WORD,
            reason=WORD,
        )
        for day, value in enumerate(values, start=1)
    ]


def read_two(scene: Scene) -> Act:
    """Somebody new, their yes, and a row for each value that was stored; none for the one that was refused."""
    items = recordings(scene, 5.0, 6.0, 11.0)
    return Act(lambda writes: record_readings(writes, items), rows=4)


def correct_one_of_two(scene: Scene) -> Act:
    first, items = recordings(scene, 5.0, 6.0), recordings(scene, 5.0, 7.0)
    with scene.make.database.write() as writes:
        record_readings(writes, first)
    return Act(lambda writes: record_readings(writes, items))


EXAMPLES: Examples = {
    "put_instrument": [add_instrument, change_instrument, put_instrument_as_it_is],
    "record_readings": [read_two, correct_one_of_two],
}
