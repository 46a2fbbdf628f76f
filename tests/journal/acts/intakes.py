"""Examples of bringing files in."""

from uuid import UUID

from sqlalchemy import update
from sqlmodel import select

from service.imports.mapping import MapIn
from service.intakes.actions import (
    forget_map,
    forget_mendings,
    keep_map,
    look_again,
    match_columns,
    mend,
    remove_file,
    send_file,
    take_in,
    use_map,
)
from service.intakes.models import Decided, Filed, Finding, Intake, Mended, Stage
from tests.journal.scene import WORD, Act, Examples, Scene

FILED = Filed("0" * 32, f"{WORD}.csv", 12, "utf-8")
MAP = MapIn(kind="promises", source=WORD, columns={"text": WORD})
NOBODY = Decided(None, None, {})


def there(scene: Scene, stage: Stage = Stage.CHECKED, written: MapIn | None = MAP) -> UUID:
    with scene.make.database.write() as writes:
        intake_id = send_file(writes, scene.member, FILED, "promises", None, scene.now, written)
        writes.execute(update(Intake).values(stage=stage))
    return intake_id


def with_something_wrong(scene: Scene) -> tuple[UUID, UUID]:
    intake_id = there(scene)
    said = {"field": "due_on", "sheet_column": WORD, "cell": WORD, "message": WORD, "rows": [1], "made_at": scene.now}
    with scene.make.database.write() as writes:
        writes.add(Finding(collaboration_id=scene.place.id, intake_id=intake_id, number=1, **said))
    with scene.make.database.read() as reads:
        return intake_id, reads.exec(select(Finding.id)).one()


def mended(scene: Scene) -> UUID:
    intake_id, finding_id = with_something_wrong(scene)
    with scene.make.database.write() as writes:
        mend(writes, scene.member, intake_id, [Mended(finding_id, f"{WORD} 2")], scene.now)
        writes.execute(update(Intake).values(stage=Stage.CHECKED))
    return intake_id


def kept(scene: Scene) -> UUID:
    with scene.make.database.write() as writes:
        return keep_map(writes, scene.member, WORD, MAP, scene.now)


def send_one(scene: Scene) -> Act:
    member = scene.member
    return Act(lambda writes: send_file(writes, member, FILED, "promises", None, scene.now))


def match_one(scene: Scene) -> Act:
    member, intake_id = scene.member, there(scene, Stage.SENT, None)
    return Act(lambda writes: match_columns(writes, member, intake_id, MAP, scene.now))


def use_one(scene: Scene) -> Act:
    member, intake_id = scene.member, there(scene)
    return Act(lambda writes: use_map(writes, member, intake_id, MapIn(kind="promises", source=f"{WORD} 2"), scene.now))


def look(scene: Scene) -> Act:
    member, intake_id = scene.member, there(scene)
    return Act(lambda writes: look_again(writes, member, intake_id, scene.now))


def look_while_others_do(scene: Scene) -> Act:
    member, intake_id = scene.member, there(scene, Stage.CHECKING)
    return Act(lambda writes: look_again(writes, member, intake_id, scene.now), rows=0)


def mend_one(scene: Scene) -> Act:
    member, (intake_id, finding_id) = scene.member, with_something_wrong(scene)
    return Act(lambda writes: mend(writes, member, intake_id, [Mended(finding_id, f"{WORD} 2")], scene.now))


def mend_nothing(scene: Scene) -> Act:
    member, (intake_id, finding_id) = scene.member, with_something_wrong(scene)
    return Act(lambda writes: mend(writes, member, intake_id, [Mended(finding_id, WORD)], scene.now), rows=0)


def unmend(scene: Scene) -> Act:
    member, intake_id = scene.member, mended(scene)
    return Act(lambda writes: forget_mendings(writes, member, intake_id, scene.now))


def unmend_nothing(scene: Scene) -> Act:
    member, intake_id = scene.member, there(scene)
    return Act(lambda writes: forget_mendings(writes, member, intake_id, scene.now), rows=0)


def take(scene: Scene) -> Act:
    member, intake_id = scene.member, there(scene)
    return Act(lambda writes: take_in(writes, member, intake_id, NOBODY, scene.now))


def take_again(scene: Scene) -> Act:
    member, intake_id = scene.member, there(scene, Stage.TAKING)
    return Act(lambda writes: take_in(writes, member, intake_id, NOBODY, scene.now), rows=0)


def remove_one(scene: Scene) -> Act:
    member, intake_id = scene.member, mended(scene)
    return Act(lambda writes: remove_file(writes, member, intake_id, scene.now))


def keep_one(scene: Scene) -> Act:
    member = scene.member
    return Act(lambda writes: keep_map(writes, member, WORD, MAP, scene.now))


def keep_the_same(scene: Scene) -> Act:
    member = scene.member
    kept(scene)
    return Act(lambda writes: keep_map(writes, member, WORD, MAP, scene.now), rows=0)


def forget_one(scene: Scene) -> Act:
    member, map_id = scene.member, kept(scene)
    return Act(lambda writes: forget_map(writes, member, map_id, scene.now))


EXAMPLES: Examples = {
    "send_file": [send_one],
    "match_columns": [match_one],
    "use_map": [use_one],
    "look_again": [look, look_while_others_do],
    "mend": [mend_one, mend_nothing],
    "forget_mendings": [unmend, unmend_nothing],
    "take_in": [take, take_again],
    "remove_file": [remove_one],
    "keep_map": [keep_one, keep_the_same],
    "forget_map": [forget_one],
}
