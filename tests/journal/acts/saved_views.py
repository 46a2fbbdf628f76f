"""Examples of saving views of the inbox, renaming, moving and removing them, and beginning with one."""

from service.inbox.models import Part, Wanted
from service.saved_views.actions import begin_with, move_view, remove_view, rename_view, save_view
from service.saved_views.models import SavedView, ViewIn
from tests.journal.acts.feedback import again
from tests.journal.scene import WORD, Act, Examples, Scene

LIST = Wanted(Part.OWED, whose="nobodys")


def saved(scene: Scene, name: str = WORD) -> SavedView:
    with scene.make.database.write() as writes:
        view = save_view(writes, scene.member, ViewIn(name=name), LIST, scene.now)
        writes.expunge(view)
        return view


def save(scene: Scene) -> Act:
    member = scene.member
    return Act(lambda writes: save_view(writes, member, ViewIn(name=WORD), LIST, scene.now))


def rename(scene: Scene) -> Act:
    member, view = scene.member, saved(scene).id
    return Act(lambda writes: rename_view(writes, member, view, ViewIn(name=f"{WORD} again", shared=True), scene.now))


def move(scene: Scene) -> Act:
    member, _first, view = scene.member, saved(scene), saved(scene, f"{WORD} again").id
    return Act(lambda writes: move_view(writes, member, view, scene.now, up=True))


def begin(scene: Scene) -> Act:
    member, view = scene.member, saved(scene).id
    return Act(lambda writes: begin_with(writes, member, view, scene.now))


def remove(scene: Scene) -> Act:
    member, view = scene.member, saved(scene).id
    return Act(lambda writes: remove_view(writes, member, view, scene.now))


EXAMPLES: Examples = {
    "save_view": [save],
    "rename_view": [rename, again(rename)],
    "move_view": [move, again(move)],
    "begin_with": [begin, again(begin)],
    "remove_view": [remove],
}
