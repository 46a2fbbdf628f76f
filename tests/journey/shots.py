"""`make shots`: a picture of every page in every state, and sheets of them to look at, under var/shots.

Each state is played on a service of its own, with made data and a clock that stands still, so that two runs can be compared.
"""

import asyncio
import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from pydantic import SecretStr

from service import logs
from service.app import create_app
from service.database import Database
from service.server_keys import load_or_make
from service.settings import Settings
from tests.databases import ROOT, Databases
from tests.journey.served import chromium_of, serving
from tests.journey.stage import Stage
from tests.journey.states import STATES
from tests.make import Make, SettableClock

SHOTS = ROOT / "var" / "shots"
DARK = {"account", "tell-nothing", "code", "answer-done", "about", "inbox", "message-late", "reply-without-a-reason", "places-some"}
OTHERWISE: dict[str, dict[str, Any]] = {
    "forced-colours": {"forced_colors": "active"},
    "print": {"media": "print"},
}
SEEN_OTHERWISE = {"account", "answer-done", "inbox"}
AT_ONCE = {360: 5, 1280: 2}
"""Pictures beside each other on a sheet, by their width."""

SHEET = """<!doctype html><meta charset="utf-8"><title>{title}</title><style>
body {{ margin: 16px; font: 15px/1.4 sans-serif; background: #cfcad2; color: #111; }}
div {{ display: flex; flex-wrap: wrap; gap: 20px; align-items: flex-start; }}
figure {{ margin: 0; }}
figcaption {{ font-weight: 700; padding-bottom: 4px; }}
a {{ display: block; max-height: {height}px; overflow: hidden; }}
img {{ display: block; width: {width}px; }}
</style><h1>{title}</h1><div>{pictures}</div>"""


@contextmanager
def played(name: str, databases: Databases, browser: Browser) -> Iterator[Page]:
    """A phone on which this state is to be seen."""
    with tempfile.TemporaryDirectory(prefix="said-shot-") as folder, databases.migrated("sqlite", Path(folder)) as url:
        settings = Settings(mode="test", var=Path(folder) / "var", database_url=SecretStr(url), log="json")
        clock, database = SettableClock(), Database(url, whole_house=True)
        app = create_app(settings, clock=clock)
        make = Make(database, clock, load_or_make(settings.var / "keys"))
        with serving(app) as address:
            look: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "reduced_motion": "reduce"}
            context = browser.new_context(base_url=address, **look)
            page = context.new_page()
            page.on("response", lambda answer: print(f"{name}: {answer.status}") if answer.status >= 500 else None)
            STATES[name].play(Stage(make, app, page))
            yield page
            context.close()
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, database.close()).result()


def take(page: Page, name: str) -> Iterator[Path]:
    """The pictures of one state: a phone, a desk, and for some the dark, forced colours and paper."""

    def shot(width: int, kind: str = "") -> Path:
        page.set_viewport_size({"width": width, "height": 740 if width == 360 else 900})
        path = SHOTS / f"{name}{'-' if kind else ''}{kind}-{width}.png"
        page.screenshot(path=path, full_page=True)
        return path

    yield shot(360)
    yield shot(1280)
    if name in DARK:
        page.emulate_media(color_scheme="dark")
        yield shot(360, "dark")
        yield shot(1280, "dark")
        page.emulate_media(color_scheme="light")
    if name in SEEN_OTHERWISE:
        for kind, media in OTHERWISE.items():
            page.emulate_media(**media)
            yield shot(360, kind)
            page.emulate_media(**dict.fromkeys(media))


def sheet(title: str, pictures: Sequence[Path], width: int, height: int) -> str:
    """A page of pictures, each under its name; of a very long one the beginning."""
    figure = "<figure><figcaption>{0.stem}</figcaption><a href='{0.name}'><img src='{0.name}'></a></figure>"
    figures = (figure.format(path) for path in pictures)
    return SHEET.format(title=escape(title), width=width, height=height, pictures="".join(figures))


def write_sheets(browser: Browser, pictures: Sequence[Path]) -> list[Path]:
    """Pictures of a few pictures each, large enough to read; and `index.html` with all of them."""
    (SHOTS / "index.html").write_text(sheet(f"{len(pictures)} pictures of {len(STATES)} states", pictures, 240, 1200))
    page = browser.new_page(viewport={"width": 1640, "height": 900})
    written = []
    for width, at_once in AT_ONCE.items():
        of_width = [path for path in pictures if path.stem.endswith(f"-{width}")]
        for number, first in enumerate(range(0, len(of_width), at_once), start=1):
            few = of_width[first : first + at_once]
            draft = SHOTS / "sheet.html"
            draft.write_text(sheet(f"{width} pixels wide, sheet {number}", few, 300 if width == 360 else 790, 1500))
            page.goto(draft.as_uri())
            written.append(SHOTS / f"sheet-{width}-{number:02}.png")
            page.screenshot(path=written[-1], full_page=True)
            draft.unlink()
    return written


def main(wanted: Sequence[str]) -> None:
    """Takes the pictures of all states, or of those named."""
    names = [name for name in STATES if not wanted or name in wanted]
    shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir(parents=True)
    logs.configure("json")
    logging.disable(logging.INFO)
    databases = Databases(Path(tempfile.mkdtemp(prefix="said-shots-")))
    pictures: list[Path] = []
    with sync_playwright() as driver:
        browser = chromium_of(driver)
        for name in names:
            with played(name, databases, browser) as page:
                pictures += take(page, name)
        sheets = write_sheets(browser, pictures)
        browser.close()
    shutil.rmtree(databases.shared, ignore_errors=True)
    print(f"{len(pictures)} pictures of {len(names)} states and {len(sheets)} sheets: {SHOTS.relative_to(ROOT)}/index.html")


if __name__ == "__main__":
    main(sys.argv[1:])
