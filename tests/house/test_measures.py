"""docs/measures.md says of every public figure how it is made, and every pointer to it arrives."""

import re

from service.accountability.models import FigureCode
from tests.house.files import ROOT, texts, told

MEASURES = "docs/measures.md"
POINTER = re.compile(r"docs/measures\.md#([a-z0-9-]+)")


def sections() -> dict[str, str]:
    """What stands under each heading, by the anchor that the heading makes."""
    parts = re.split(r"(?m)^#{2,3} (.+)$", (ROOT / MEASURES).read_text("utf-8"))
    return {anchor(heading): body for heading, body in zip(parts[1::2], parts[2::2], strict=True)}


def anchor(heading: str) -> str:
    return re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")


def test_every_figure_has_its_section() -> None:
    found = sections()
    missing = [code.value for code in FigureCode if f"Code `{code.value}`." not in found.get(code.value.replace("_", "-"), "")]
    assert not missing, told(missing, f"Say in {MEASURES} how these figures are made, each under its own heading:")


def test_no_section_is_of_a_figure_that_is_gone() -> None:
    codes = set(re.findall(r"Code `([a-z_]+)`", (ROOT / MEASURES).read_text("utf-8")))
    assert codes - {code.value for code in FigureCode} == set()


def test_every_pointer_arrives() -> None:
    known = sections().keys()
    found = [
        f"{path}: #{name}"
        for path, text in texts(".py", ".html", ".md", under=["service/", "web/templates/", "docs/", "tests/"])
        for name in POINTER.findall(text)
        if name not in known
    ]
    assert not found, told(found, f"There is no such heading in {MEASURES}:")
    inside = re.findall(r"\]\(#([a-z0-9-]+)\)", (ROOT / MEASURES).read_text("utf-8"))
    assert set(inside) <= known
