"""Every state of the register of what gets in the way, of the log's warning, and of what a phone shows without signal."""

from uuid import UUID

from service.example.hillside import SLUG
from service.people.models import Role
from service.system_health.actions import move_barrier, name_barrier, report_barrier
from service.system_health.models import BarrierKind, MoveIn, Standing
from tests.journey.staff_story_states import KEY, ROOM, YES
from tests.journey.stage import Stage, state

REGISTER = f"/staff/{SLUG}/barriers"
THEME = "A paper form must arrive before anybody may visit"


def barrier(stage: Stage, *, named: bool = True, ends: bool = False) -> UUID:
    """A barrier with a story behind it; named, looked into and found to be no rule."""
    place, now, sam = stage.hillside, stage.make.clock(), stage.sam
    told = stage.make.story(place, KEY, kind="did_not_work", occurred_on="2026-11-19", consent=YES, barrier="The form has to go first")
    with stage.make.database.write() as writes:
        found = report_barrier(writes, sam.actor, place, BarrierKind.RULE, None, now)
        story = stage.make.story_id(told)
        name_barrier(writes, sam.actor, place, found, story, now)
        if named:
            move_barrier(writes, sam, found, MoveIn(to=Standing.LOOKED_INTO, note="Asked the desk.", theme=THEME), now)
            move_barrier(writes, sam, found, MoveIn(to=Standing.CUSTOM_NOT_RULE, note="Nobody can find a rule.", changer="The desk"), now)
        if ends:
            move_barrier(writes, sam, found, MoveIn(to=Standing.CHANGED, note=ROOM), now)
    return found


@state("system_health.register")
def barriers_none(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to(REGISTER)


@state("system_health.register")
def barriers_open(stage: Stage) -> None:
    barrier(stage)
    barrier(stage, named=False)
    barrier(stage, ends=True)
    stage.signs_in(stage.hillside)
    stage.goes_to(REGISTER)


@state("system_health.barrier")
def barrier_named(stage: Stage) -> None:
    found = barrier(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to(f"{REGISTER}/{found}")


@state("system_health.barrier")
def barrier_for_the_front_line(stage: Stage) -> None:
    found = barrier(stage, ends=True)
    stage.signs_in(stage.hillside, Role.FRONTLINE, organisation="hub")
    stage.goes_to(f"{REGISTER}/{found}")


@state("system_health.move")
def barrier_nothing_said(stage: Stage) -> None:
    found = barrier(stage, named=False)
    stage.signs_in(stage.hillside)
    stage.goes_to(f"{REGISTER}/{found}")
    stage.presses("Say it")


@state("accountability.system_health")
def system_health_with_barriers(stage: Stage) -> None:
    barrier(stage)
    barrier(stage, named=False)
    stage.goes_to(f"/{SLUG}/system-health")


@state("narratives.send")
def log_that_could_tell_who(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.FRONTLINE)
    page = stage.goes_to(f"/staff/{SLUG}/log")
    page.get_by_label("In your own words").fill("I saw Mrs Patel at B29 7HG. Her number is 07700 900123.")
    page.get_by_role("radio", name="No", exact=True).check()
    page.evaluate("document.querySelector('form.log').submit()")
    page.locator(".govuk-error-summary").wait_for()


@state("narratives.log_shell")
def log_without_signal(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.FRONTLINE)
    stage.goes_to(f"/offline/{SLUG}/log")


KEEP = """async rows => {
  Queue.sendAll = async () => 0; // what waits goes on waiting: what the page was sending already has ended
  await navigator.locks.request(Queue.CHANGED, () => null);
  const form = {person: Queue.ANYBODY, kind: "tell", address: "/hillside/tell", page: "/hillside/tell", answer: "/hillside/answer"};
  for (const row of rows) await Queue.keep({...form, fields: [["body", row.body]], later: Date.now() + 3_600_000, ...row});
}"""
KEPT = [
    {"key": "1", "body": "The bench by the surgery has gone.", "later": 0, "state": "waiting"},
    {"key": "2", "body": "", "state": "sent", "receipt": "K7QF-2M9X-TR4D-W8ZP4"},
    {"key": "3", "body": "It goes on and on.", "state": "failed", "status": 422, "errors": [{"message": "This is too long."}]},
]


@state("offline.page")
def no_signal(stage: Stage) -> None:
    assert stage.hillside.example
    stage.goes_to("/offline")


@state("offline.page")
def kept_on_this_phone(stage: Stage) -> None:
    """After a resident's yes: one that waits, one that was sent, one that must be changed."""
    no_signal(stage)
    stage.page.evaluate(KEEP, KEPT)
    stage.page.get_by_text("Waits for signal.").wait_for()


@state("feedback.tell")
def kept_beside_the_form(stage: Stage) -> None:
    assert stage.hillside.example
    stage.goes_to(f"/{SLUG}/tell")
    stage.page.get_by_label("What happened?").focus()
    stage.page.locator("form[data-ready]").wait_for()
    stage.page.evaluate(KEEP, KEPT)
    stage.page.locator("#queue-more summary").click()
