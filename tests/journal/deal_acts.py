"""Examples of making deals, telling them in other words, hanging promises on them, and writing drafts anew."""

from uuid import UUID

from service.promises.actions import Speaker, make_promise
from service.promises.deal_actions import attach_promise, change_deal, make_deal
from service.promises.deal_models import DealIn
from service.promises.deal_naming_actions import find_or_make_deal
from service.promises.draft_actions import rewrite_draft
from service.promises.models import DraftIn, Side
from tests.journal.scene import WORD, Act, Examples, Scene


def speaker(scene: Scene) -> Speaker:
    return Speaker(scene.member.actor, frozenset({scene.council.id}), whole_place=True)


def there(scene: Scene) -> UUID:
    """A deal."""
    with scene.make.database.write() as writes:
        return make_deal(writes, speaker(scene), scene.place, DealIn(title=WORD), scene.now)


def drafted(scene: Scene) -> UUID:
    """A draft of the council."""
    given = DraftIn(text=WORD, side=Side.OUR_PART, maker=scene.council.code)
    with scene.make.database.write() as writes:
        writes.expire_on_commit = False
        return make_promise(writes, speaker(scene), scene.place, given, scene.now, draft=True).id


def deal(scene: Scene) -> Act:
    who, place = speaker(scene), scene.place
    return Act(lambda writes: make_deal(writes, who, place, DealIn(title=WORD, said=WORD), scene.now))


def told_anew(scene: Scene) -> Act:
    who, place, deal_id = speaker(scene), scene.place, there(scene)
    return Act(lambda writes: change_deal(writes, who, place, deal_id, DealIn(title=f"{WORD} anew"), scene.now))


def told_the_same(scene: Scene) -> Act:
    who, place, deal_id = speaker(scene), scene.place, there(scene)
    return Act(lambda writes: change_deal(writes, who, place, deal_id, DealIn(title=WORD), scene.now), rows=0)


def named(scene: Scene) -> Act:
    who, place = scene.member.actor, scene.place
    return Act(lambda writes: find_or_make_deal(writes, who, place, WORD, scene.now))


def named_again(scene: Scene) -> Act:
    who, place = scene.member.actor, scene.place
    there(scene)
    return Act(lambda writes: find_or_make_deal(writes, who, place, WORD, scene.now), rows=0)


def attach(scene: Scene) -> Act:
    who, place, promise_id, deal_id = speaker(scene), scene.place, drafted(scene), there(scene)
    return Act(lambda writes: attach_promise(writes, who, place, promise_id, deal_id, scene.now))


def attach_to_none(scene: Scene) -> Act:
    who, place, promise_id = speaker(scene), scene.place, drafted(scene)
    return Act(lambda writes: attach_promise(writes, who, place, promise_id, None, scene.now), rows=0)


def rewrite(scene: Scene) -> Act:
    who, place, promise_id = speaker(scene), scene.place, drafted(scene)
    given = DraftIn(text=f"{WORD} anew", side=Side.OUR_PART, maker=scene.council.code)
    return Act(lambda writes: rewrite_draft(writes, who, place, promise_id, given, scene.now))


def rewrite_the_same(scene: Scene) -> Act:
    who, place, promise_id = speaker(scene), scene.place, drafted(scene)
    given = DraftIn(text=WORD, side=Side.OUR_PART, maker=scene.council.code)
    return Act(lambda writes: rewrite_draft(writes, who, place, promise_id, given, scene.now), rows=0)


EXAMPLES: Examples = {
    "make_deal": [deal],
    "change_deal": [told_anew, told_the_same],
    "find_or_make_deal": [named, named_again],
    "attach_promise": [attach, attach_to_none],
    "rewrite_draft": [rewrite, rewrite_the_same],
}
