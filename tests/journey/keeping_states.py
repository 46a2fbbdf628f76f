"""What is kept and for how long, as everybody reads it, and pages whose words are gone."""

from service.feedback.models import Outcome
from service.journal.actions import OPERATOR
from service.keeping import retention
from service.keeping.actions import place_hold, set_retention
from service.keeping.models import HoldIn, PeriodIn, Settable
from tests.journey.stage import DONE, Stage, state

AFTER_ITS_TIME = "2028-12-01T10:00Z"


@state("keeping.kept")
def kept(stage: Stage) -> None:
    page = stage.goes_to(f"/{stage.hillside.slug}/kept")
    page.get_by_text("Messages: what residents say").click()


@state("keeping.kept")
def kept_otherwise_while_deletion_rests(stage: Stage) -> None:
    place, now = stage.hillside, stage.make.clock()
    with stage.make.database.write() as writes:
        for settable, months in ((Settable.UNSHARED_WORDS, 12), (Settable.CONTACTS, 3)):
            set_retention(writes, OPERATOR, place, PeriodIn(settable=settable, months=months, why="Agreed at the May meeting"), now)
        place_hold(writes, OPERATOR, place, HoldIn(why="An inquiry"), now)
    retention.retain(stage.make.database, now)
    stage.goes_to(f"/{place.slug}/kept")


@state("feedback.read_answer")
def answer_whose_words_went(stage: Stage) -> None:
    message = stage.answered(stage.message(kind="not_good"), Outcome.DONE, DONE)
    stage.make.clock.at(AFTER_ITS_TIME)
    retention.retain(stage.make.database, stage.make.clock())
    stage.opens(message)
