"""The loop, whole: what two say is promised to both, late, claimed, contested, settled, and who said it reads all of it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from service.promises.actions import report_progress, speaker_of
from service.promises.models import ProgressIn, Promise, Standing
from tests.journey.loop_states import AGAIN, SINCE
from tests.journey.stage import Stage
from tests.journey.test_slice import WORDS, read_with, tell
from tests.journey.watch import axe, too_wide

pytestmark = pytest.mark.browser

BENCH = "We will put a bench at the bus stop on Hill Road."


def calm(page: Page) -> None:
    """Nothing is too wide, and axe finds nothing."""
    assert not too_wide(page)
    assert not axe(page)


def group(staff: Page, link: str) -> str:
    """Signs in, marks what tells of the same thing, and puts it into a theme; answers the address of what the resident said."""
    staff.goto(f"/staff/sign-in/{link}")
    staff.get_by_role("button", name="Sign in").click()
    for box in staff.get_by_role("checkbox", name="Mark the message").all():
        box.check()
    staff.get_by_role("button", name="Group or answer them").click()
    staff.get_by_label("Name of a new theme").fill("Benches at the stops")
    staff.get_by_role("button", name="Put them into it").click()
    expect(staff.locator("main")).to_contain_text("2 messages tell of it.")
    return str(staff.get_by_role("link", name=WORDS).get_attribute("href"))


def promise(staff: Page) -> None:
    """The coordinator promises it to all who told of it, and says by when."""
    staff.get_by_text("We will do this.").click()
    staff.get_by_label("Your answer").fill("You will see it when you wait for the bus.")
    staff.get_by_label("If you will do it: what exactly?").fill(BENCH)
    staff.get_by_label("Who does it?").select_option("council")
    staff.get_by_label("By when?").fill("2026-12-14")
    staff.get_by_label("What will count as kept?").fill("A bench with arms stands at the stop.")
    staff.get_by_role("button", name="Send it to all of them").click()
    expect(staff.locator("#done")).to_contain_text("2 messages have your answer.")


def claim(stage: Stage, officer: Page) -> None:
    """Its maker says, signed in, that it is done."""
    officer.goto(f"/staff/sign-in/{stage.make.person(stage.hillside, organisation='council', name='Ana Reyes')}")
    officer.get_by_role("button", name="Sign in").click()
    officer.goto("/staff/hillside/promises")
    officer.get_by_role("link", name=BENCH).first.click()
    officer.get_by_text("It is done, as its maker says").click()
    officer.get_by_label("What happened?").fill("The bench stands.")
    officer.get_by_role("button", name="Say it").click()
    expect(officer.locator("main")).to_contain_text("The bench stands.")


def check(resident: Page, code: str) -> None:
    """The sender says, with the code, that it did not happen: at once people disagree, for everybody to see."""
    read_with(code, resident)
    asked = resident.locator("section").filter(has=resident.get_by_role("link", name=BENCH))
    asked.get_by_role("button", name="No", exact=True).click()
    expect(resident.locator("main")).to_contain_text("People disagree")
    calm(resident)


def contest(resident: Page, code: str) -> None:
    """The sender says that the answer is no answer: the message is open again."""
    read_with(code, resident)
    form = resident.locator("#check")
    form.locator("[name=answered][value=no] + label").click()
    form.get_by_label("What is still wrong?").fill(AGAIN)
    form.get_by_role("button", name="Send").click()
    expect(resident.locator("main")).to_contain_text("Your message is open again")
    calm(resident)


def finds(stage: Stage, to: Standing, note: str, **person: str) -> None:
    """Somebody other than the maker looked, and says what they found."""
    member = stage.make.at_work(stage.hillside, **person)
    with stage.make.database.write() as writes:
        found = writes.exec(select(Promise).where(Promise.text == BENCH)).one()
        report_progress(writes, speaker_of(member), stage.hillside, found.id, ProgressIn(note=note, to=to), stage.make.clock())


def test_what_was_said_is_followed_to_its_end(stage: Stage, phone: Page, screen: Callable[..., Page]) -> None:
    resident, staff, neighbour = phone, screen(360), screen(360)
    assert stage.hillside.slug == "hillside"
    code = tell(resident)
    stage.message("An old man sits on the kerb there.", kind="not_good", area="hill-road")
    message = group(staff, stage.make.person(stage.hillside, name="Kim Adeyemi"))
    promise(staff)
    calm(staff)

    stage.make.clock.at("2026-12-16T10:00Z")
    neighbour.goto("/hillside/promises")
    expect(neighbour.locator(".prow").filter(has_text=BENCH)).to_contain_text("Late")
    read_with(code, resident)
    expect(resident.locator(".thread")).to_contain_text("The day of the promise has passed.")

    claim(stage, screen(360))
    stage.make.clock.advance(hours=1)
    check(resident, code)
    stage.make.clock.advance(hours=1)
    contest(resident, code)
    neighbour.goto("/hillside/promises")
    neighbour.get_by_role("link", name=BENCH).first.click()
    expect(neighbour.locator("main")).to_contain_text("People disagree")
    expect(neighbour.locator("main")).to_contain_text("2 messages led to this promise.")
    calm(neighbour)

    stage.make.clock.advance(days=2)
    finds(stage, Standing.KEPT, SINCE, email="kim@hillside.example")
    finds(stage, Standing.KEPT, "It does not move.", email="lee@hillside.example")
    staff.goto(f"/staff/sign-in/{stage.make.person(stage.hillside, name='Sam Okoro')}")
    staff.get_by_role("button", name="Sign in").click()
    staff.goto(message)
    expect(staff.locator("main")).to_contain_text(AGAIN)
    staff.get_by_text("We have done this.").click()
    staff.get_by_label("Your answer").fill("You are right, it wobbled.")
    staff.get_by_role("button", name="Send the answer").click()
    staff.get_by_role("link", name="Say what became of it").click()
    staff.get_by_label("What became of it since?").fill(SINCE)
    staff.get_by_role("button", name="Send").click()
    expect(staff.locator("main")).to_contain_text("The loop is closed.")

    read_with(code, resident)
    steps = [
        "You told us.",
        "We read it.",
        "We answered.",
        "The day of the promise has passed.",
        "The promise: They say it is done.",
        "The promise: People disagree.",
        "You told us that it is still wrong. It is open again.",
        "The promise: Done.",
        "We told you what became of it.",
        "Nothing is left to do.",
    ]
    expect(resident.locator(".thread li > b")).to_have_text(steps)
    calm(resident)
