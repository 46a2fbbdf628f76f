"""Examples of writing down what other systems say of messages."""

from uuid import UUID

from sqlmodel import select

from service.elsewhere.actions import note_from_key, note_from_server, put_away
from service.elsewhere.models import Note, OutsideNote, Said
from service.feedback.import_actions import Collected, import_feedback
from service.feedback.models import FeedbackIn
from service.journal.actions import OPERATOR, Actor, ActorKind
from service.partners.models import Holder
from tests.journal.scene import WORD, Act, Examples, Scene

SOURCE = "open311 brook.example"


def note(scene: Scene, said: Said = Said.UNDER_WAY) -> Note:
    return Note("7", said, WORD, scene.now)


def pushed(scene: Scene) -> Act:
    """Those who have the message looked at it, so that it is read as well."""
    council = scene.council
    topic = scene.make.topic(scene.place, "paths", organisation=council.code)
    message = scene.make.message(scene.place, WORD, topic=topic.code)
    scene.make.key(scene.place, "feedback:write", organisation=council)
    with scene.make.database.read() as reads:
        holder = reads.exec(select(Holder.id)).one()
    by = Actor(ActorKind.KEY, holder)
    return Act(
        lambda writes: note_from_key(writes, by, scene.place, message.public_id, note(scene), scene.now, organisation_id=council.id),
        rows=2,
    )


def came(scene: Scene) -> None:
    item = Collected(source=SOURCE, ref="a", received_at=scene.now, said=FeedbackIn(body=WORD))
    with scene.make.database.write() as writes:
        assert import_feedback(writes, OPERATOR, scene.place, [item], scene.now) == [True]


def pulled(scene: Scene) -> Act:
    came(scene)
    return Act(lambda writes: note_from_server(writes, OPERATOR, scene.place, SOURCE, [("a", note(scene))], scene.now))


def pulled_again(scene: Scene) -> Act:
    came(scene)
    with scene.make.database.write() as writes:
        note_from_server(writes, OPERATOR, scene.place, SOURCE, [("a", note(scene))], scene.now)
    return Act(lambda writes: note_from_server(writes, OPERATOR, scene.place, SOURCE, [("a", note(scene))], scene.now), rows=0)


def noted(scene: Scene) -> UUID:
    with scene.make.database.write() as writes:
        pushed(scene).do(writes)
    with scene.make.database.read() as reads:
        return reads.exec(select(OutsideNote.feedback_id)).one()


def put_word_away(scene: Scene) -> Act:
    member, message = scene.member, noted(scene)
    return Act(lambda writes: put_away(writes, member, message, scene.now))


def put_nothing_away(scene: Scene) -> Act:
    member, message = scene.member, scene.make.message_id(scene.make.message(scene.place, WORD))
    return Act(lambda writes: put_away(writes, member, message, scene.now), rows=0)


EXAMPLES: Examples = {
    "put_away": [put_word_away, put_nothing_away],
    "note_from_key": [pushed],
    "note_from_server": [pulled, pulled_again],
}
