"""What is left on a shared phone (security.md, T9): nothing in the history, behind the back button, or on its disk."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Playwright, expect

from service.feedback.models import Outcome
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
    for _step in range(2):
        with suppress(Error):  # Chromium asks before it sends a form again
            phone.go_back()
        phone.wait_for_timeout(500)
        seen = phone.content() + str(phone.evaluate("[...document.querySelectorAll('textarea, input')].map(one => one.value)"))
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


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """The folder in which a browser of this test keeps what it keeps."""
    return tmp_path / "profile"


@pytest.fixture
def lasting(driver: Playwright, live: str, profile: Path) -> Iterator[Page]:
    """A phone whose browser writes to its disk. A test closes its context before it looks there."""
    look: dict[str, Any] = {"viewport": {"width": 360, "height": 740}}
    context = driver.chromium.launch_persistent_context(profile, executable_path=where(), args=[*ARGUMENTS], base_url=live, **look)
    yield context.pages[0]
    context.close()


def test_words_that_were_typed_are_not_on_the_disk(stage: Stage, lasting: Page, profile: Path) -> None:
    """Typed and sent, and typed and left. A browser that closed keeps the fields of its tabs, unless it is told not to.

    The request that sent them stays in the list of open tabs as long as reloading shows the same code (decisions.md 2).
    """
    lasting.goto(f"/{stage.hillside.slug}/tell")
    code = send(lasting, WORDS).replace("\n", "")
    lasting.goto("/hillside/tell")
    lasting.get_by_label("What happened?").fill(DONE)
    lasting.goto("/hillside")
    lasting.context.close()
    assert traces(profile, "/hillside/tell"), "the search finds what is there"
    assert not traces(profile, WORDS) + traces(profile, DONE)
    assert not traces(profile, code) + traces(profile, code.replace("-", ""))


def test_code_that_was_typed_is_not_on_the_disk(stage: Stage, lasting: Page, profile: Path) -> None:
    """Whoever finds it could read the message, and take it back."""
    message = stage.answered(stage.message(), Outcome.DONE, DONE)
    lasting.goto("/hillside/answer")
    lasting.get_by_label("Your code").fill(message.code)
    lasting.get_by_role("button", name="Read the answer").click()
    expect(lasting.locator(".bubble")).to_contain_text(WORDS)
    lasting.get_by_role("link", name="The account").click()
    lasting.context.close()
    assert traces(profile, "/hillside/answer"), "the search finds what is there"
    assert not traces(profile, WORDS) + traces(profile, DONE)
    assert not traces(profile, message.code) + traces(profile, message.code.replace("-", ""))
