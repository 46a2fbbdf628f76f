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


def test_lock_file_names_no_package_index() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    addressed = [name for name, package in packages.items() if "resolved" in package]
    assert not addressed, "Keep `omit-lockfile-registry-resolved=true` in .npmrc; these carry an address: " + ", ".join(addressed)
