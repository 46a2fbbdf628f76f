"""What the example shows beside words: two drawn photos, and what some who told something said about themselves. All of it is invented."""

from collections.abc import Callable, Sequence
from io import BytesIO
from random import Random
from uuid import UUID

from PIL import Image, ImageDraw
from sqlmodel import col, select

from service.database import folder_of
from service.equality.actions import count_answers
from service.equality.models import Question
from service.example.diary import DAYS, SEED, Diary
from service.feedback.actions import Message
from service.feedback.models import Feedback, Kind, Publication, Share
from service.photos.actions import show_photo
from service.photos.files import file_away
from service.photos.models import Photo
from service.photos.pictures import made_anew

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


def _steps(pen: ImageDraw.ImageDraw) -> None:
    for number in range(4):
        pen.rectangle((150 - 20 * number, 620 - 110 * number, 1050 + 20 * number, 720 - 110 * number), fill="#90a4ae", outline="#546e7a")
    pen.polygon([(640, 400), (800, 400), (760, 480), (690, 470)], fill="#37474f")


def _lamp(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 640, 1200, 900), fill="#455a64")
    pen.rectangle((580, 180, 610, 700), fill="#263238")
    pen.ellipse((520, 120, 670, 220), fill="#37474f", outline="#cfd8dc")


DRAWINGS: tuple[tuple[Callable[[ImageDraw.ImageDraw], None], str], ...] = (
    (_steps, "A drawing of four stone steps. A piece of the third is missing."),
    (_lamp, "A drawing of a street lamp that is dark."),
)


def add_photos(diary: Diary, items: Sequence[Message]) -> None:
    """Puts a photo to the first messages about something that is not right. Where nobody says where files are kept there are none."""
    var = folder_of(diary.writes)
    fitting = [one for one in items if one.share == Share.WORDS_PUBLIC and one.kind == Kind.NOT_GOOD and one.topic == "paths"]
    for item, (draw, _alt) in zip(fitting, DRAWINGS if var else (), strict=False):
        image, kept = Image.new("RGB", (1_200, 900), "#eceff1"), BytesIO()
        draw(ImageDraw.Draw(image))
        image.save(kept, "JPEG")
        item.photos = tuple(file_away(var, [made_anew(kept.getvalue())]))  # type: ignore[arg-type]


def show_photos(diary: Diary) -> None:
    """Lets everybody see those whose message is shown."""
    query = (
        select(Photo)
        .join(Feedback, (col(Feedback.collaboration_id) == Photo.collaboration_id) & (col(Feedback.id) == Photo.feedback_id))
        .where(col(Photo.collaboration_id) == diary.place.id, col(Feedback.publication) == Publication.PUBLISHED)
    )
    photos = list(diary.writes.exec(query.order_by(col(Feedback.received_at), col(Photo.id))))
    for photo, (_draw, alt) in zip(photos, DRAWINGS, strict=False):
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
