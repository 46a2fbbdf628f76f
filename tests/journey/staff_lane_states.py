"""Every state of what cannot wait, and of the rota."""

from datetime import datetime, timedelta

from service.people.models import Role
from service.safeguarding.actions import ask_around, close, note_step, raise_message, take
from service.safeguarding.models import Ending, Lane, RaiseIn, TurnIn
from service.safeguarding.queries import find_concerns
from service.safeguarding.rota_actions import put_on_rota
from tests.journey.stage import Stage, state

HARM = "My neighbour shouts at her boy all night. Yesterday he had a mark on his face."


def on_call(stage: Stage, place_in_line: int = 1, days: int = 0) -> None:
    now: datetime = stage.make.clock() + timedelta(days=days)
    turn = TurnIn(staff=stage.sam.person.staff_id, begins_at=now, ends_at=now + timedelta(days=7), place_in_line=place_in_line)
    with stage.make.database.write() as writes:
        put_on_rota(writes, stage.sam, turn, stage.make.clock())


def raised(stage: Stage, *, taken: bool = False, ending: Ending | None = None, lane: Lane = Lane.SAFEGUARDING) -> str:
    """Somebody said that it cannot wait; answers where it stands."""
    message = stage.make.message_id(stage.message(HARM, kind="not_good", area="hill-road"))
    with stage.make.database.write() as writes:
        concern = raise_message(writes, stage.sam, message, RaiseIn(lane=lane, note="She rang the hub as well."), stage.make.clock())
        ask_around(writes, stage.make.clock())
        if taken:
            take(writes, stage.sam, concern, stage.make.clock())
            note_step(writes, stage.sam, concern, "I called the team for children. They go there today.", stage.make.clock())
        if ending:
            close(writes, stage.sam, concern, ending, None, stage.make.clock())
    return f"/staff/hillside/urgent/{concern}"


def sam_signs_in(stage: Stage, role: Role = Role.COORDINATOR) -> None:
    assert stage.sam
    stage.signs_in(stage.hillside, role, email="sam@hillside.example")


# ---- the lane --------------------------------------------------------------------------------------------------------


@state("safeguarding.lane")
def lane_empty(stage: Stage) -> None:
    on_call(stage)
    sam_signs_in(stage)
    stage.goes_to("/staff/hillside/urgent")


@state("safeguarding.lane")
def lane_nobody_on_call(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.FRONTLINE)
    stage.goes_to("/staff/hillside/urgent")


@state("safeguarding.lane")
def lane(stage: Stage) -> None:
    on_call(stage)
    raised(stage, taken=True, ending=Ending.LOOKED_AFTER)
    raised(stage, taken=True, lane=Lane.ALLEGATION)
    raised(stage)
    sam_signs_in(stage)
    stage.goes_to("/staff/hillside/urgent")


@state("safeguarding.lane")
def lane_after_raising(stage: Stage) -> None:
    stage.opens_as_staff(stage.message(HARM), Role.FRONTLINE)
    asks(stage)
    stage.presses("It cannot wait")


def asks(stage: Stage) -> None:
    with stage.page.expect_navigation():
        stage.page.get_by_role("link", name="Is somebody at risk?").click()


@state("safeguarding.lane")
def lane_of_an_administrator(stage: Stage) -> None:
    raised(stage)
    stage.signs_in(stage.hillside, Role.ADMIN)
    stage.goes_to("/staff/hillside/urgent")


@state("safeguarding.ask_message")
def lane_asks_about_a_message(stage: Stage) -> None:
    stage.opens_as_staff(stage.message(HARM))
    asks(stage)


@state("safeguarding.ask_story")
def lane_asks_about_a_story(stage: Stage) -> None:
    story = stage.make.story(stage.hillside, HARM)
    stage.signs_in(stage.hillside)
    stage.goes_to(f"/staff/hillside/stories/{story}")
    asks(stage)


@state("inbox.list")
def inbox_of_who_is_on_call(stage: Stage) -> None:
    on_call(stage)
    raised(stage)
    stage.message(kind="idea")
    sam_signs_in(stage)


@state("safeguarding.concern")
def concern_not_opened(stage: Stage) -> None:
    where = raised(stage)
    stage.signs_in(stage.hillside, Role.MODERATOR)
    stage.goes_to(where)


@state("safeguarding.concern")
def concern_in_hand(stage: Stage) -> None:
    on_call(stage)
    where = raised(stage, taken=True)
    sam_signs_in(stage)
    stage.goes_to(where)


@state("safeguarding.concern")
def concern_closed(stage: Stage) -> None:
    on_call(stage)
    where = raised(stage, taken=True, ending=Ending.PASSED_ON)
    sam_signs_in(stage)
    stage.goes_to(where)


@state("safeguarding.take")
def concern_taken_by_somebody_quicker(stage: Stage) -> None:
    on_call(stage)
    where = raised(stage)
    stage.signs_in(stage.hillside, Role.MODERATOR)
    stage.goes_to(where)
    with stage.make.database.write() as writes:
        [concern] = find_concerns(writes, stage.sam)
        take(writes, stage.sam, concern.id, stage.make.clock())
    stage.presses("I have it")


@state("safeguarding.note")
def concern_noted_without_words(stage: Stage) -> None:
    concern_in_hand(stage)
    stage.presses("Write it down")


@state("safeguarding.close")
def concern_closed_without_a_reason(stage: Stage) -> None:
    concern_in_hand(stage)
    stage.presses("Close it")


# ---- the rota --------------------------------------------------------------------------------------------------------


@state("safeguarding.rota")
def rota_empty(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.ADMIN)
    stage.goes_to("/staff/hillside/rota")


@state("safeguarding.rota")
def rota(stage: Stage) -> None:
    on_call(stage)
    on_call(stage, place_in_line=2, days=7)
    sam_signs_in(stage)
    stage.goes_to("/staff/hillside/rota")


@state("safeguarding.add_turn")
def rota_turn_that_ends_too_soon(stage: Stage) -> None:
    sam_signs_in(stage)
    stage.goes_to("/staff/hillside/rota")
    stage.page.get_by_label("Who is on call?").select_option(label="Sam Okoro")
    stage.page.get_by_label("Until when?").fill("2026-11-20T09:00")
    stage.presses("Add the turn")


@state("safeguarding.set_minutes")
def rota_minutes_too_few(stage: Stage) -> None:
    sam_signs_in(stage)
    stage.goes_to("/staff/hillside/rota")
    stage.page.get_by_label("Minutes until the next in line is asked").fill("1")
    stage.presses("Save")
