"""Examples of deciding about photos."""

from uuid import UUID

from sqlmodel import select

from service.feedback.actions import Received, receive_feedback
from service.feedback.intake import PUBLIC_SENDER, key_bytes, message_from
from service.feedback.models import FeedbackIn, Share
from service.photos.actions import hide_photo, show_photo, take_photo_back
from service.photos.models import Filed, Photo
from tests.journal.scene import WORD, Act, Examples, Scene

KEY = "0c5e1f6a-3d4c-4b7a-9f5b-2f6b6c1d7e80"


def sent(scene: Scene) -> tuple[UUID, UUID]:
    """A message whose words and photo may be shown, and its photo."""
    given = FeedbackIn(body=WORD, share=Share.WORDS_PUBLIC)
    message = message_from(scene.place, scene.make.keys, PUBLIC_SENDER, given, key_bytes(KEY, PUBLIC_SENDER), scene.now)
    message.photos = (Filed("0.jpg", "0" * 64, 1, 1, 1),)
    with scene.make.database.write() as writes:
        receive_feedback(writes, [message])
        return UUID(message.id), writes.exec(select(Photo.id)).one()


def show(scene: Scene) -> Act:
    member, (message, photo) = scene.member, sent(scene)
    return Act(lambda writes: show_photo(writes, member, message, photo, WORD, scene.now))


def show_again(scene: Scene) -> Act:
    member, (message, photo) = scene.member, sent(scene)
    with scene.make.database.write() as writes:
        show_photo(writes, member, message, photo, WORD, scene.now)
    return Act(lambda writes: show_photo(writes, member, message, photo, WORD, scene.now), rows=0)


def hide(scene: Scene) -> Act:
    member, (message, photo) = scene.member, sent(scene)
    return Act(lambda writes: hide_photo(writes, member, message, photo, scene.now))


def sent_with_code(scene: Scene) -> str:
    given = FeedbackIn(body=WORD, share=Share.WORDS_PUBLIC)
    message = message_from(scene.place, scene.make.keys, PUBLIC_SENDER, given, key_bytes(KEY, PUBLIC_SENDER), scene.now)
    message.photos = (Filed("0.jpg", "0" * 64, 1, 1, 1),)
    with scene.make.database.write() as writes:
        [received] = receive_feedback(writes, [message])
    assert isinstance(received, Received)
    return received.code


def take_back(scene: Scene) -> Act:
    keys, place, code = scene.make.keys, scene.place, sent_with_code(scene)
    return Act(lambda writes: take_photo_back(writes, keys, place, code, 1, scene.now))


def take_back_again(scene: Scene) -> Act:
    keys, place, code = scene.make.keys, scene.place, sent_with_code(scene)
    with scene.make.database.write() as writes:
        take_photo_back(writes, keys, place, code, 1, scene.now)
    return Act(lambda writes: take_photo_back(writes, keys, place, code, 1, scene.now), rows=0)


EXAMPLES: Examples = {
    "take_photo_back": [take_back, take_back_again],
    "show_photo": [show, show_again],
    "hide_photo": [hide],
}
