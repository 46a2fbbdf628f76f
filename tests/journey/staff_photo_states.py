"""Every state of the pages of staff where photos are looked at, sheets of paper written down, posters made."""

from io import BytesIO
from uuid import uuid4

from PIL import Image, ImageDraw

from service.feedback.actions import Received, receive_feedback
from service.feedback.intake import PUBLIC_SENDER, message_from
from service.feedback.models import FeedbackIn, Share
from service.photos.files import file_away
from service.photos.pictures import made_anew
from tests.journey.stage import WORDS, Stage, state


def drawn() -> bytes:
    """A step with a piece missing."""
    image, kept = Image.new("RGB", (800, 600), "#cfd8dc"), BytesIO()
    pen = ImageDraw.Draw(image)
    for number in range(3):
        pen.rectangle((100, 400 - 120 * number, 700, 480 - 120 * number), fill="#78909c")
    pen.polygon([(420, 280), (520, 280), (470, 350)], fill="#263238")
    image.save(kept, "JPEG")
    return kept.getvalue()


def with_photo(stage: Stage, share: Share = Share.WORDS_PUBLIC) -> Received:
    """A message with one photo."""
    photo, place, now = made_anew(drawn()), stage.hillside, stage.make.clock()
    given = FeedbackIn(body=WORDS, share=share)
    message = message_from(place, stage.make.keys, PUBLIC_SENDER, given, uuid4().bytes, now, photos=[photo])
    message.photos = tuple(file_away(stage.app.state.settings.var, [photo]))
    with stage.make.database.write() as writes:
        [received] = receive_feedback(writes, [message])
    assert isinstance(received, Received)
    return received


@state("feedback.message")
def message_with_a_photo(stage: Stage) -> None:
    stage.opens_as_staff(with_photo(stage))


@state("photos.desk")
def photos_to_decide(stage: Stage) -> None:
    stage.opens_as_staff(with_photo(stage)).locator("main .photos a").first.click()


@state("photos.desk")
def photos_for_the_team_only(stage: Stage) -> None:
    stage.opens_as_staff(with_photo(stage, Share.TEAM_ONLY)).locator("main .photos a").first.click()


@state("photos.decide")
def photo_without_words(stage: Stage) -> None:
    photos_to_decide(stage)
    stage.presses("Let everybody see it")


@state("feedback.write_down")
def write_down(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to(f"/staff/{stage.hillside.slug}/write-down")


@state("feedback.keep_written")
def write_down_without_a_yes(stage: Stage) -> None:
    write_down(stage)
    stage.page.get_by_label("What happened?").fill(WORDS)
    stage.presses("Save and next")


@state("feedback.keep_written")
def written_down(stage: Stage) -> None:
    write_down(stage)
    stage.page.get_by_label("What happened?").fill(WORDS)
    stage.page.get_by_label("They know that I write this down").check()
    stage.presses("Save and next")


@state("feedback.desk_posters")
def posters_of_staff(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to(f"/staff/{stage.hillside.slug}/posters")
