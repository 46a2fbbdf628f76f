"""The form on a phone without signal, and the question whether to keep a message. What is kept then stands in `staff_log_states.py`."""

from playwright.sync_api import Page, expect

from service.example.hillside import SLUG
from tests.journey.resident_states import fill
from tests.journey.stage import Stage, state


def without_signal(stage: Stage) -> Page:
    """Every way to the service is cut, as in a lift."""
    stage.page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")
    return stage.page


@state("feedback.tell_shell")
def tell_kept_for_no_signal(stage: Stage) -> None:
    assert stage.hillside.example
    stage.goes_to(f"/offline/{SLUG}/tell")


@state("feedback.tell")
def tell_cannot_be_sent(stage: Stage) -> None:
    fill(stage)
    without_signal(stage)
    stage.page.get_by_role("button", name="Send", exact=True).click()
    expect(stage.page.locator("#no-signal")).to_be_focused()
