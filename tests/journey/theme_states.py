"""Every state of the public page of themes, and of an answer that is for several people."""

from service.feedback.draft_models import Unsent
from service.feedback.merge_actions import merge
from service.feedback.models import Outcome
from service.themes.actions import show_theme, write_answer
from tests.journey.staff_together_states import put_together, themed, three
from tests.journey.stage import NO, WHY, Stage, state


@state("themes.shown")
def told_by_many_nothing(stage: Stage) -> None:
    assert stage.hillside
    stage.goes_to("/hillside/themes")


@state("themes.shown")
def told_by_many(stage: Stage) -> None:
    many = [stage.message(f"It is dark here, says number {number}.", on="2026-10-12") for number in range(6)]
    shown = [themed(stage, *many), themed(stage, name="The hub on Mondays")]
    with stage.make.database.write() as writes:
        write_answer(writes, stage.sam, shown[0], Unsent(Outcome.CANNOT_DO, NO, WHY), stage.make.clock(), waits=False)
        for theme in shown:
            show_theme(writes, stage.sam, theme, stage.make.clock(), shown=True)
    stage.goes_to("/hillside/themes")


@state("feedback.read_answer")
def answer_for_all_who_said_the_same(stage: Stage) -> None:
    messages = put_together(stage)
    stage.answered(messages[0], Outcome.CANNOT_DO, NO, WHY)
    stage.opens(messages[1])


@state("feedback.read_answer")
def answer_that_others_wait_for_as_well(stage: Stage) -> None:
    first, second, _third = three(stage)
    with stage.make.database.write() as writes:
        merge(writes, stage.sam, stage.make.message_id(second), stage.make.message_id(first), stage.make.clock())
    stage.opens(second)
