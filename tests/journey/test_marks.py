"""The browser finds in a text what the server finds in it, in the whole corpus."""

import pytest
from playwright.sync_api import Page

from service.people.models import Role
from service.telling_marks import find_marks, for_the_page
from tests.journey.stage import Stage
from tests.places.test_telling_marks import CORPUS, YEAR, corpus, words_of_the_example

pytestmark = pytest.mark.browser

NAMES = (
    "I saw Mrs Patel on Tuesday.",
    "mr smith and Cllr O\u2019Neill came to Margaret House with Margaret.",
    "Her name is Blodwen Pugh, of Victoria Road and St Mary's.",
    "٠٧٧٠٠ ٩٠٠١٢٣ and \uff10\uff17\uff17\uff10\uff10 900123 and 07700\u2011900\u2011123",
    "Siân met Angharad Rees. \U0001f600 Mohammed rang 07700 900123.",
)
ASK = "([texts, year, rules]) => texts.map(text => Marks.find(text, year, rules).map(one => [one.mark, text.slice(one.start, one.end)]))"


@pytest.fixture
def kind() -> str:
    """No database is asked."""
    return "sqlite"


def test_browser_and_server_find_the_same(stage: Stage, phone: Page) -> None:
    stage.signs_in(stage.hillside, Role.FRONTLINE)
    stage.goes_to("/staff/hillside/log")
    known = ["Margaret House", "Hill Road"]
    texts = [*NAMES, *words_of_the_example(), *(text for mark in CORPUS for text, _thing in corpus(mark, rounds=4))]
    told = phone.evaluate(ASK, [texts, YEAR, for_the_page(known)])
    ours = [[[found.mark.value, text[found.start : found.end]] for found in find_marks(text, YEAR, known)] for text in texts]
    assert len(texts) > 1_000
    assert [pair for pair in zip(texts, told, ours, strict=True) if pair[1] != pair[2]] == []
