"""Every state of the log, of the shelf of stories and of one story."""

from typing import Any
from uuid import UUID

from service.example.hillside import SLUG
from service.narratives.actions import check_narrative, pause_narrative, share_narrative, withdraw_narrative
from service.narratives.models import Visibility
from service.people.models import Role
from tests.journey.resident_states import URDU, WITHOUT_A_SPACE
from tests.journey.stage import Stage, state

YES: dict[str, Any] = {"wording_version": "2026-11", "given_on": "2026-11-20"}
KEY = "Third time this month the bed was ready and the key was not. She slept on a chair again."
ROOM = "The warm room stayed open over the holiday. Nobody asked for papers, so people came who never come."
SHELF = f"/staff/{SLUG}/stories"


def story(stage: Stage, words: str = KEY, visibility: str | None = None, *, paused: bool = False, **fields: Any) -> UUID:
    """A story in hillside, decided by Sam where a visibility is named."""
    told = stage.make.story(stage.hillside, words, **{"kind": "did_not_work", "area": "linden", "occurred_on": "2026-11-19", **fields})
    with stage.make.database.write() as writes:
        if visibility:
            share_narrative(writes, stage.sam, told, Visibility(visibility), stage.make.clock())
        if paused:
            pause_narrative(writes, stage.sam, told, stage.make.clock())
    return told


def opens(stage: Stage, told: UUID, role: Role = Role.COORDINATOR, **person: Any) -> None:
    """Signs in and opens this story."""
    stage.signs_in(stage.hillside, role, **person)
    stage.goes_to(f"{SHELF}/{told}")


# ---- the log ---------------------------------------------------------------------------------------------------------


@state("narratives.log")
def log(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.FRONTLINE)
    stage.goes_to(f"/staff/{SLUG}/log")


@state("narratives.log")
def log_filled_in(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.FRONTLINE)
    page = stage.goes_to(f"/staff/{SLUG}/log")
    page.get_by_label("In your own words").fill(KEY)
    page.get_by_role("radio", name="Linden").check()
    page.get_by_role("radio", name="No", exact=True).check()
    page.get_by_role("radio", name="Another service").check()
    page.get_by_role("checkbox", name="A barrier").check()
    page.get_by_text("Another day, who may read it").click()
    page.get_by_role("radio", name="All who work here").check()


@state("narratives.log")
def log_after_the_last_one(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.FRONTLINE)
    page = stage.goes_to(f"/staff/{SLUG}/log")
    page.get_by_label("In your own words").fill(KEY)
    page.get_by_role("radio", name="No", exact=True).check()
    stage.presses("Save and next")


@state("narratives.send")
def log_nothing_filled_in(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.FRONTLINE)
    page = stage.goes_to(f"/staff/{SLUG}/log")
    page.get_by_text("Another day, who may read it").click()
    page.get_by_label("When?").fill("")
    page.get_by_role("radio", name="Everybody").check()
    stage.presses("Save")


@state("narratives.log")
def log_for_several_organisations(stage: Stage) -> None:
    first, second, *_rest = codes(stage)
    stage.make.person(stage.hillside, Role.FRONTLINE, organisation=second, email="two@hillside.example")
    stage.signs_in(stage.hillside, Role.FRONTLINE, organisation=first, email="two@hillside.example")
    stage.goes_to(f"/staff/{SLUG}/log")


def codes(stage: Stage) -> list[str]:
    """The organisations of hillside."""
    assert stage.hillside.example
    answer = stage.page.request.get(f"{stage.goes_to('/staff').url.removesuffix('/staff')}/api/v1/{SLUG}/organisations")
    return [found["code"] for found in answer.json()["items"]]


@state("narratives.log")
def log_is_not_for_viewers(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.VIEWER)
    stage.goes_to(f"/staff/{SLUG}/log")


# ---- the shelf -------------------------------------------------------------------------------------------------------


@state("narratives.shelf")
def shelf_empty(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to(SHELF)


def busy(stage: Stage) -> None:
    """Stories of a month."""
    story(stage, consent=YES, title="The key was not there")
    story(stage, ROOM, kind="worked", area="hill-road", occurred_on="2026-11-12")
    story(stage, URDU, kind="mixed", language="ur", area="whole_place", occurred_on="2026-11-03")
    story(stage, f"{KEY} {WITHOUT_A_SPACE} {ROOM} {KEY}", kind="surprise", area=None, occurred_on="2026-11-18")
    story(stage, ROOM, "public", kind="worked", consent=YES)
    story(stage, KEY, "partners")
    story(stage, ROOM, "private")
    story(stage, KEY, "public", paused=True, consent=YES)


@state("narratives.shelf")
def shelf_waiting(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to(SHELF)


@state("narratives.shelf")
def shelf_all(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to(SHELF)
    with stage.page.expect_response(lambda response: "part=all" in response.url):
        stage.page.locator("#part-all").click()
    stage.page.locator("#part-all[aria-current]").wait_for()


@state("narratives.shelf")
def shelf_shared_with_a_yes_that_ended(stage: Stage) -> None:
    story(stage, ROOM, "public", kind="worked", consent=YES)
    story(stage, KEY, "public", consent={**YES, "expires_on": "2026-11-23"})
    stage.make.clock.at("2026-11-24T09:00Z")
    stage.signs_in(stage.hillside)
    stage.goes_to(f"{SHELF}?part=shared")


@state("narratives.shelf")
def shelf_nothing_of_this_kind(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to(f"{SHELF}?part=shared&kind=surprise")


@state("narratives.shelf")
def shelf_with_more_pages(stage: Stage) -> None:
    for number in range(51):
        story(stage, f"Story {number}")
    stage.signs_in(stage.hillside)
    stage.goes_to(SHELF)


# ---- one story -------------------------------------------------------------------------------------------------------


@state("narratives.story")
def story_to_check(stage: Stage) -> None:
    opens(
        stage, story(stage, consent=YES, title="The key was not there", barrier="another_service", visibility=None, tags=["keys", "beds"])
    )


@state("narratives.story")
def story_without_a_yes(stage: Stage) -> None:
    opens(stage, story(stage))


@state("narratives.story")
def story_being_checked(stage: Stage) -> None:
    told = story(stage, consent=YES)
    with stage.make.database.write() as writes:
        check_narrative(writes, stage.sam, told, stage.make.clock())
    opens(stage, told)


@state("narratives.story")
def story_of_my_own(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    page = stage.goes_to(f"/staff/{SLUG}/log")
    page.get_by_label("In your own words").fill(KEY)
    page.get_by_role("radio", name="No", exact=True).check()
    stage.presses("Save")


@state("narratives.story")
def story_public(stage: Stage) -> None:
    opens(stage, story(stage, ROOM, "public", kind="worked", consent={**YES, "expires_on": "2027-11-20"}))


@state("narratives.story")
def story_whose_yes_ended(stage: Stage) -> None:
    told = story(stage, ROOM, "public", kind="worked", consent={**YES, "expires_on": "2026-11-23"})
    stage.make.clock.at("2026-11-24T09:00Z")
    opens(stage, told)


@state("narratives.story")
def story_resting(stage: Stage) -> None:
    opens(stage, story(stage, visibility="partners", paused=True))


@state("narratives.story")
def story_in_urdu_for_the_front_line(stage: Stage) -> None:
    opens(stage, story(stage, URDU, language="ur", area="whole_place"), Role.FRONTLINE)


@state("narratives.story")
def story_taken_back(stage: Stage) -> None:
    told = story(stage)
    with stage.make.database.write() as writes:
        withdraw_narrative(writes, stage.sam, told, stage.make.clock())
    opens(stage, told)


@state("narratives.check")
def story_checked_too_late(stage: Stage) -> None:
    """Somebody else took it up while the page was open."""
    opens(stage, told := story(stage))
    with stage.make.database.write() as writes:
        check_narrative(writes, stage.sam, told, stage.make.clock())
    stage.presses("I am checking it")


@state("narratives.share")
def story_decided_without_a_choice(stage: Stage) -> None:
    opens(stage, story(stage, consent=YES))
    stage.presses("Decide")


@state("narratives.pause")
def story_paused_too_late(stage: Stage) -> None:
    """Somebody else took it out of sight while the page was open."""
    opens(stage, told := story(stage, visibility="partners"))
    with stage.make.database.write() as writes:
        pause_narrative(writes, stage.sam, told, stage.make.clock())
    stage.presses("Take it out of sight for now")


@state("narratives.consent")
def story_yes_not_ticked(stage: Stage) -> None:
    opens(stage, story(stage))
    stage.page.get_by_label("When did they say yes?").fill("")
    stage.presses("Write it down")


@state("narratives.story")
def story_rests_as_its_yes_was_taken_back(stage: Stage) -> None:
    opens(stage, story(stage, ROOM, "public", kind="worked", consent={**YES, "expires_on": "2027-11-20"}))
    stage.presses("They took this back")


@state("narratives.withdraw")
def story_ask_before_taking_back(stage: Stage) -> None:
    opens(stage, story(stage, visibility="public", consent=YES, title="The key was not there"))
    stage.presses("Take it back")
