"""Every state of a bit about you, of who is heard, and of the posters that everybody may print."""

from uuid import uuid4

from service.equality.actions import count_answers
from service.equality.models import Question
from tests.journey.staff_states import sends
from tests.journey.stage import Stage, state


@state("equality.ask")
def about_you(stage: Stage) -> None:
    stage.goes_to(f"/{stage.hillside.slug}/about-you")


@state("equality.thanks")
def about_you_thanks(stage: Stage) -> None:
    about_you(stage)
    stage.page.get_by_label("25 to 44").check()
    stage.presses("Send")


@state("equality.say")
def about_you_from_an_old_page(stage: Stage) -> None:
    about_you(stage)
    sends(stage, f"/{stage.hillside.slug}/about-you", age="25_44")


@state("equality.heard")
def heard(stage: Stage) -> None:
    place, now = stage.hillside, stage.make.clock()
    said = [(30, {Question.AGE: "25_44", Question.SEX: "female"}), (3, {Question.AGE: "75_over"}), (11, {Question.SEX: "male"})]
    with stage.make.database.write() as writes:
        for number, given in said:
            for _one in range(number):
                count_answers(writes, place, uuid4(), given, stage.make.clock.at("2026-10-12T10:00Z"))
    stage.make.clock.at(now)
    stage.goes_to(f"/{place.slug}/heard")


@state("feedback.posters")
def posters(stage: Stage) -> None:
    stage.goes_to(f"/{stage.hillside.slug}/posters")


@state("feedback.poster")
def form_poster(stage: Stage) -> None:
    stage.goes_to(f"/{stage.hillside.slug}/posters/hill-road")


@state("feedback.poster")
def form_slips(stage: Stage) -> None:
    stage.goes_to(f"/{stage.hillside.slug}/posters/hill-road?size=slips")
