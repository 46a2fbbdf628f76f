"""What is left on a shared phone (security.md, T9): nothing in the history, behind the back button, or on its disk."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.journey.served import ARGUMENTS, where
from tests.journey.stage import DONE, WORDS, Stage
from tests.journey.test_form import send

pytestmark = pytest.mark.browser


@pytest.fixture
def kind() -> str:
    """What a browser keeps does not depend on the database."""
    return "sqlite"


def traces(folder: Path, words: str) -> list[str]:
    """The files under a folder that hold these words, in the ways in which browsers write text."""
    forms = [words.encode(coding) for coding in ("utf-8", "utf-16-le")]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path.relative_to(folder)) for path in files if any(form in path.read_bytes() for form in forms)]


def test_nothing_is_behind_the_back_button(stage: Stage, phone: Page) -> None:
    phone.goto(f"/{stage.hillside.slug}/tell")
    code = send(phone, WORDS)
    phone.get_by_role("link", name="Done", exact=True).click()
    expect(phone.locator("h1")).to_have_text("To everyone in Hillside")
    for _step in range(3):
        phone.evaluate("history.back()")
        phone.wait_for_timeout(400)
        seen = phone.content()
        assert WORDS not in seen
        assert code not in seen


def test_history_names_no_code_and_no_words(stage: Stage, phone: Page) -> None:
    visited: list[str] = []
    phone.on("framenavigated", lambda frame: visited.append(f"{frame.url} {frame.page.title()}"))
    phone.goto(f"/{stage.hillside.slug}/tell")
    code = send(phone, WORDS)
    phone.goto("/hillside/answer")
    phone.get_by_label("Your code").fill(code)
    phone.get_by_role("button", name="Read the answer").click()
    phone.get_by_role("button", name="Take my words back").click()
    expect(phone.locator(".bubble")).to_contain_text(WORDS)
    told = "\n".join(visited)
    assert len(visited) >= 5
    assert code[:4] not in told
    assert "bench" not in told


def test_nothing_is_left_on_the_disk(stage: Stage, driver: Playwright, live: str, tmp_path: Path) -> None:
    """Told, read with the code, answered; then the browser is closed and its whole profile searched."""
    profile = tmp_path / "profile"
    context = driver.chromium.launch_persistent_context(
        profile, executable_path=where(), args=[*ARGUMENTS], base_url=live, viewport={"width": 360, "height": 740}
    )
    page = context.pages[0]
    page.goto(f"/{stage.hillside.slug}/tell")
    code = send(page, WORDS).replace("\n", "")
    page.goto("/hillside/answer")
    page.get_by_label("Your code").fill(code)
    page.get_by_role("button", name="Read the answer").click()
    expect(page.locator(".bubble")).to_contain_text(WORDS)
    page.get_by_role("link", name="The account").click()
    page.get_by_role("link", name="Tell us").first.click()
    page.get_by_label("What happened?").fill(DONE)
    page.goto("/hillside")
    context.close()
    assert traces(profile, "/hillside/answer"), "the search finds what is there"
    assert not traces(profile, WORDS)
    assert not traces(profile, DONE)
    assert not traces(profile, code)
    assert not traces(profile, code.replace("-", ""))
