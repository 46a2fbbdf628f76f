"""Examples of making promises and saying what became of them."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from service.journal.actions import OPERATOR
from service.promises.actions import Imported, Speaker, import_promise, make_promise, report_progress
from service.promises.models import ProgressIn, PromiseIn, Side, Standing
from tests.journal import deal_acts, step_acts
from tests.journal.scene import WORD, Act, Examples, Scene

THEIRS = Imported(text=WORD, maker="council", due_on=date(2027, 5, 1), origin="import", ref="1", summary=WORD, source=WORD)


def speaker(scene: Scene) -> Speaker:
    return Speaker(scene.member.actor, frozenset({scene.council.id}), whole_place=True)


def made(scene: Scene) -> UUID:
    with scene.make.database.write() as writes:
        writes.expire_on_commit = False
        return make_promise(writes, speaker(scene), scene.place, ours(scene), scene.now).id


def ours(scene: Scene) -> PromiseIn:
    return PromiseIn(
        text=WORD,
        side=Side.OUR_PART,
        maker=scene.council.code,
        made_on=date(2026, 11, 1),
        due_on=date(2027, 5, 1),
        kept_when=WORD,
        summary=WORD,
        source=WORD,
    )


def promise(scene: Scene) -> Act:
    who, place, given = speaker(scene), scene.place, ours(scene)
    return Act(lambda writes: make_promise(writes, who, place, given, scene.now))


def draft(scene: Scene) -> Act:
    who, place, given = speaker(scene), scene.place, ours(scene)
    return Act(lambda writes: make_promise(writes, who, place, given, scene.now, draft=True))


def collect(scene: Scene) -> Act:
    place, theirs = scene.place, replace(THEIRS, maker=scene.council.code)
    return Act(lambda writes: import_promise(writes, OPERATOR, place, theirs, scene.now))


def collect_again(scene: Scene) -> Act:
    act = collect(scene)
    with scene.make.database.write() as writes:
        act.do(writes)
    return Act(act.do, rows=0)


def note(scene: Scene) -> Act:
    who, place, promise_id = speaker(scene), scene.place, made(scene)
    given = ProgressIn(note=WORD, evidence=WORD)
    return Act(lambda writes: report_progress(writes, who, place, promise_id, given, scene.now))


def move(scene: Scene) -> Act:
    who, place, promise_id = speaker(scene), scene.place, made(scene)
    given = ProgressIn(note=WORD, to=Standing.UNDER_WAY)
    return Act(lambda writes: report_progress(writes, who, place, promise_id, given, scene.now))


EXAMPLES: Examples = {
    "make_promise": [promise, draft],
    "import_promise": [collect, collect_again],
    "report_progress": [note, move],
    **deal_acts.EXAMPLES,
    **step_acts.EXAMPLES,
}
