"""The stylesheet and htmx are built by Node and committed; these tests need no Node."""

import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STYLES = ROOT / "web" / "styles"

PHYSICAL = re.compile(
    r"""
    (?: ^ | [;{\s] )
    (?:
        (?: margin | padding | border | scroll-margin | scroll-padding ) - (?: left | right ) [\w-]* \s* :
      | border - (?: top | bottom ) - (?: left | right ) - radius \s* :
      | (?: left | right ) \s* :
      | (?: float | clear | text-align ) \s* : \s* (?: left | right )
    )
    """,
    re.VERBOSE,
)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def recorded(part: str) -> dict[str, str]:
    found: dict[str, dict[str, str]] = json.loads((ROOT / "web" / "static" / "assets.json").read_text("utf-8"))
    return found[part]


def test_committed_stylesheet_is_what_its_sources_say() -> None:
    paths = [*sorted(STYLES.iterdir()), ROOT / "package.json"]
    sources = {path.relative_to(ROOT).as_posix(): sha256(path) for path in paths if path.is_file()}
    assert sources == recorded("sources"), "The styles changed after the last build: run `make assets`."


def test_built_files_are_the_ones_that_were_built() -> None:
    built = {path: sha256(ROOT / path) for path in recorded("results")}
    assert built == recorded("results"), "A built file was changed by hand: change web/styles and run `make assets`."


def test_build_used_the_versions_that_are_pinned() -> None:
    pinned = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    assert recorded("packages") == pinned, "The packages changed after the last build: run `make assets`."


def test_styles_know_no_left_or_right() -> None:
    found = [
        f"{path.name}:{number}: {line.strip()}"
        for path in sorted(STYLES.glob("*.*css"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if PHYSICAL.search(line)
    ]
    assert not found, "Say inline-start or inline-end, so that the page also reads right to left:\n" + "\n".join(found)


PAINT = {"color", "background", "background-color", "border-color", "fill", "stroke"}
COLOUR = re.compile(r"#[0-9a-f]{3,8}|var\(--[\w-]+\)")


def dark_parts(css: str) -> list[str]:
    """What stands inside each `@media ... (prefers-color-scheme: dark) { ... }`, rules within rules included."""
    found = []
    for start in re.finditer(r"prefers-color-scheme:\s*dark[^{]*\{", css):
        depth, at = 1, start.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(css[at], 0)
            at += 1
        found.append(css[start.end() : at - 1])
    return found


def more_than_colours(css: str) -> list[str]:
    """The declarations for the dark that set anything but a colour."""
    said = [one.strip() for part in dark_parts(css) for one in re.findall(r"[{;]\s*([\w-]+\s*:[^;{}]+)(?=[;}])", part)]
    told = [[side.strip() for side in one.removesuffix("!important").split(":", 1)] for one in said]
    return [f"{name}: {value}" for name, value in told if not COLOUR.fullmatch(value) or not (name in PAINT or name.startswith("--"))]


def test_dark_changes_nothing_but_colours() -> None:
    """So what is right by day and does not depend on colours is right in the dark: the pages are checked by that."""
    css = (ROOT / "web" / "static" / "css" / "said.css").read_text("utf-8").lower()
    assert len(dark_parts(css)) >= 2
    assert more_than_colours(css) == []
    assert more_than_colours("@media (prefers-color-scheme: dark){a{color:#fff;display:none}}") == ["display: none"]
    scripts = [*(ROOT / "web" / "static" / "js").glob("*.js"), *(ROOT / "web" / "templates").rglob("*.html")]
    assert [path.name for path in scripts if "prefers-color-scheme" in path.read_text("utf-8")] == []


def test_lock_file_names_no_package_index() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    addressed = [name for name, package in packages.items() if "resolved" in package]
    assert not addressed, "Keep `omit-lockfile-registry-resolved=true` in .npmrc; these carry an address: " + ", ".join(addressed)
