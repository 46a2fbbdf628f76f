"""The map of the house is whole: a newcomer finds every feature and every root module in docs/architecture.md."""

from tests.house.files import ROOT

MAP = (ROOT / "docs" / "architecture.md").read_text()
FEATURES = sorted(one.parent.name for one in (ROOT / "service").glob("*/__init__.py"))
MODULES = sorted(one.name for one in (ROOT / "service").glob("*.py") if one.name != "__init__.py")


def missing(text: str, names: list[str]) -> list[str]:
    """Names that stand in no row of a table of this text."""
    rows = "\n".join(line for line in text.splitlines() if line.startswith("| `"))
    return [name for name in names if f"`{name}`" not in rows]


def test_every_feature_is_on_the_map() -> None:
    assert missing(MAP, [f"{name}/" for name in FEATURES]) == []


def test_every_root_module_is_on_the_map() -> None:
    assert missing(MAP, MODULES) == []


def test_what_the_map_leaves_out_is_found() -> None:
    assert missing("| `rooms/` | rooms |\nthe `cellar/` below", ["rooms/", "cellar/"]) == ["cellar/"]
