"""What the example shows beside words: two drawn photos, and what some who told something said about themselves. All of it is invented."""

from collections.abc import Callable, Sequence
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import col, select

from service.database import folder_of
from service.equality.actions import count_answers
from service.equality.models import Question
from service.example.diary import DAYS, SEED, Diary
from service.feedback.actions import Message
from service.feedback.models import Feedback, Publication, Share
from service.later import later
from service.photos.actions import show_photo
from service.photos.files import file_away
from service.photos.models import Photo
from service.photos.pictures import made_anew

if TYPE_CHECKING:
    from PIL import Image, ImageDraw
else:
    Image, ImageDraw = later("PIL.Image"), later("PIL.ImageDraw")

SHEETS = 90
OF_HUNDRED: dict[Question, tuple[tuple[str, int], ...]] = {
    Question.AGE: (("16_24", 4), ("25_44", 30), ("45_64", 34), ("65_74", 16), ("75_over", 3)),
    Question.SEX: (("female", 62), ("male", 30)),
    Question.ETHNICITY: (("asian", 14), ("black", 8), ("mixed", 3), ("white", 60)),
    Question.DISABILITY: (("yes", 28), ("no", 55)),
    Question.CARING: (("yes", 24), ("no", 58)),
    Question.LANGUAGE: (("english_or_welsh", 78), ("other", 9)),
}
"""How many of a hundred sheets say what; the others would rather not say."""


def _bags(pen: "ImageDraw.ImageDraw") -> None:
    pen.rectangle((0, 650, 1_200, 900), fill="#bcaaa4")
    for number in range(9):
        pen.ellipse((number * 150 - 100, 250 + 30 * (number % 3), number * 150 + 200, 680), fill="#558b2f")
    for left, top in ((260, 520), (420, 560), (700, 540)):
        pen.ellipse((left, top, left + 190, top + 190), fill="#263238")
        pen.polygon([(left + 80, top + 10), (left + 110, top + 10), (left + 125, top - 30), (left + 65, top - 30)], fill="#263238")


def _drain(pen: "ImageDraw.ImageDraw") -> None:
    pen.rectangle((0, 300, 1_200, 900), fill="#607d8b")
    pen.ellipse((150, 430, 1_050, 820), fill="#90caf9", outline="#42a5f5", width=6)
    for number in range(6):
        pen.line((500 + 40 * number, 580, 500 + 40 * number, 660), fill="#263238", width=14)


DRAWINGS: dict[str, tuple[Callable[["ImageDraw.ImageDraw"], None], str]] = {
    "Black bags in the hedge": (_bags, "A drawing of three black bags under a hedge, beside a lane."),
    "The drain at the bottom": (_drain, "A drawing of a road. Water stands over a drain."),
}
"""By how the words begin that it came with."""


def add_photos(diary: Diary, items: Sequence[Message]) -> None:
    """Puts a photo to the first message that begins so and may be shown. Where nobody says where files are kept there are none."""
    var = folder_of(diary.writes)
    if var is None:
        return
    for begins, (draw, _alt) in DRAWINGS.items():
        fitting = (one for one in items if one.share == Share.WORDS_PUBLIC and (one.body or "").startswith(begins))
        if (item := next(fitting, None)) is not None:
            image, kept = Image.new("RGB", (1_200, 900), "#eceff1"), BytesIO()
            draw(ImageDraw.Draw(image))
            image.save(kept, "JPEG")
            item.photos = tuple(file_away(var, [made_anew(kept.getvalue())]))


def show_photos(diary: Diary) -> None:
    """Lets everybody see those whose message is shown."""
    query = (
        select(Photo, Feedback.body)
        .join(Feedback, (col(Feedback.collaboration_id) == Photo.collaboration_id) & (col(Feedback.id) == Photo.feedback_id))
        .where(col(Photo.collaboration_id) == diary.place.id, col(Feedback.publication) == Publication.PUBLISHED)
    )
    for photo, body in list(diary.writes.exec(query)):
        alt = next((alt for begins, (_draw, alt) in DRAWINGS.items() if (body or "").startswith(begins)), "")
        show_photo(diary.writes, diary.staff["moderator"], photo.feedback_id, photo.id, alt, diary.moment(1, 15))


def say_about_themselves(diary: Diary) -> None:
    """Some say a bit about themselves, in every month."""
    chance = Random(f"about you {SEED}")  # noqa: S311 (it invents, it guards nothing)
    for _sheet in range(SHEETS):
        given = {}
        for question, answers in OF_HUNDRED.items():
            drawn = chance.randrange(100)
            for answer, part in answers:
                drawn -= part
                if drawn < 0:
                    given[question] = answer
                    break
        moment = diary.moment(chance.randrange(1, DAYS), 12)
        count_answers(diary.writes, diary.place, UUID(int=chance.getrandbits(128)), given, moment)
