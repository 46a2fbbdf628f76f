"""Every state of “You said, we did”."""

from uuid import UUID

from service.feedback.desk_actions import publish, reply
from service.feedback.models import Outcome, ReplyIn
from tests.journey.promise_states import claimed, kept, promised
from tests.journey.resident_states import WITHOUT_A_SPACE
from tests.journey.stage import Stage, state

PAGE = "/hillside/said-and-done"


def told(
    stage: Stage, words: str, outcome: Outcome | None = None, answer: str = "", *, promise: UUID | None = None, reason: str = ""
) -> None:
    """A message that everybody may read, and its answer: somebody wrote it, and Sam is the second person who looks at what it claims."""
    message = stage.make.message(stage.hillside, words, share="words_public", area="linden", kind="not_good")
    with stage.make.database.write() as writes:
        publish(writes, stage.sam, stage.make.message_id(message), stage.make.clock())
    if outcome:
        writer = stage.make.at_work(stage.hillside, email="kim@hillside.example", name="Kim Reid").person.staff_id
        with stage.make.database.write() as writes:
            given = ReplyIn(outcome=outcome, body=answer, promise=promise, reason=reason or None)
            reply(writes, stage.sam, stage.make.message_id(message), given, stage.make.clock(), written_by=writer)


def everything_said(stage: Stage) -> None:
    told(stage, "The gate to the field squeaks, and the dogs hear it from the third floor.")
    late = promised(stage, "Every light mended by 31 October.", due_on="2026-10-31", summary="Street lights")
    told(stage, "The street is dark from Linden to the bus.", Outcome.WILL_DO, "We will mend every light.", promise=late)
    told(stage, "It is mud after rain.", Outcome.WILL_DO, "We will lay a path.", promise=claimed(stage, summary="A hard path"))
    told(stage, "Who answers at night?", Outcome.PASSED_ON, "The night service knows.", reason="It runs the phone.")
    told(stage, "The ramp is broken.", Outcome.WILL_DO, "We will mend it.", promise=kept(stage))
    told(stage, "The bench has gone.", Outcome.DONE, "There is a new one.")
    told(stage, "Close the road to lorries.", Outcome.CANNOT_DO, "We cannot do this.", reason="The road belongs to the county.")
    told(stage, WITHOUT_A_SPACE, Outcome.CANNOT_DO, WITHOUT_A_SPACE, reason=WITHOUT_A_SPACE)


@state("feedback.said")
def said_nothing(stage: Stage) -> None:
    assert stage.hillside
    stage.goes_to(PAGE)


@state("feedback.said")
def said_and_done(stage: Stage) -> None:
    everything_said(stage)
    stage.goes_to(PAGE)


@state("feedback.said")
def said_in_one_area_page_by_page(stage: Stage) -> None:
    for number in range(22):
        told(stage, f"Lamp {number} is out.")
    stage.goes_to(f"{PAGE}?part=open&area=linden")


@state("feedback.tell")
def tell_after_reading_what_came_of_it(stage: Stage) -> None:
    everything_said(stage)
    stage.goes_to("/hillside/tell")
    stage.page.get_by_text("What others told us, and what came of it").click()
