"""Whatever is typed is shown as it was typed (security.md, T10): no script, no markup, no policy report, on any page, in any field."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from service.feedback.intake import Sender
from service.feedback.models import Outcome
from service.people.models import Role
from tests.journey.stage import Stage
from tests.journey.watch import axe

pytestmark = pytest.mark.browser

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</option></select><img src=x onerror=alert(1)>",
    "<style>*{display:none}</style>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "<form action=//evil.example><button>x</button></form>",
    "<div data-hx-get=/ data-hx-trigger=load>x</div>",
    "<p hx-on:load=alert(1) style=color:red>x</p>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "{{ 7*7 }}{% for %}${7*7}#{7*7}",
    "%(count)s %s %d %% {0}",
    "&lt;b&gt;&amp;&#60;b&#62;",
    "\u202e\u2066right to left\u2069",
    "javascript:alert(1)//",
)
LINE = 200
FOREIGN = (
    "script:not([src]), style, base, iframe, form[action*=evil], meta[http-equiv], link[href*=evil], "
    "[onerror], [onload], [style], [data-hx-trigger]:not(#message-list), a[href^='javascript:']"
)
TEXT = "document.body.innerText + [...document.querySelectorAll('textarea, input')].map(one => one.value)"
HUB = Sender(namespace=b"hub", with_key=True)


def lines() -> Iterator[str]:
    """All payloads, as many together as a name can hold."""
    line = ""
    for payload in PAYLOADS:
        if len(line) + len(payload) + 1 > LINE:
            yield line.strip()
            line = ""
        line += f"{payload} "
    yield line.strip()


@pytest.fixture
def kind() -> str:
    """Pages are the same on both databases."""
    return "sqlite"


def unharmed(page: Page, *shown: str) -> None:
    """Nothing of what was typed became a part of the page, and it can be read as it was typed."""
    assert not page.eval_on_selector_all(FOREIGN, "found => found.map(one => one.outerHTML)")
    text = " ".join(str(page.evaluate(TEXT)).split())
    for words in shown:
        assert " ".join(words.split()) in text
    assert not axe(page)


@pytest.mark.parametrize("evil", list(lines()), ids=lambda evil: evil[:16])
def test_words_stay_words(stage: Stage, evil: str) -> None:
    make, page = stage.make, stage.page
    place = make.collaboration("words", name=evil, rationales=[evil], read_by=evil, contact=evil)
    make.organisation(place, name=evil)
    make.governance(place, "council")
    make.area(place, name=evil)
    make.topic(place, name=evil, organisation="council")
    stage.__dict__["hillside"] = place
    message = stage.message(
        evil * 3,
        want=evil,
        have=evil,
        gap=evil,
        contact=evil,
        topic="benches",
        area="hill-road",
        sender=HUB,
        channel="paper",
        on_behalf=True,
    )
    stage.answered(message, Outcome.CANNOT_DO, evil, evil)

    for address in ("/", "/words", "/words/about", "/words/tell"):
        unharmed(stage.goes_to(address), evil)
    page.get_by_label("What happened?").fill(evil * 60)
    unharmed(stage.presses("Send"), evil)
    page.get_by_label("What happened?").fill(evil)
    unharmed(stage.presses("Send"))
    stage.goes_to("/words/answer")
    page.get_by_label("Your code").fill(evil[:60])
    unharmed(stage.presses("Read the answer"), evil[:60])
    unharmed(stage.opens(message), evil)
    unharmed(stage.presses("Take my words back"), evil)

    stage.make.person(stage.make.collaboration("other", name=f"2 {evil}"[:LINE]), email="evil@example.org", name=evil)
    unharmed(stage.signs_in(place, Role.COORDINATOR, email="evil@example.org"), evil)
    unharmed(stage.goes_to("/staff/words/inbox?part=answered"), evil[:60])
    unharmed(stage.goes_to(f"/staff/words/messages/{make.message_id(message)}"), evil)
    page.get_by_label("Your answer").fill(evil)
    unharmed(stage.presses("Send the answer"), evil)
    unharmed(stage.goes_to(f"/words/tell?lang={evil}"))
    unharmed(stage.goes_to(f"/staff/words/inbox?part={evil}&after={evil}"))
