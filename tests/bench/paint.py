"""P14: how long a cheap phone with bad signal waits until it shows the resident's form: 400 kbit/s, 400 ms, a processor a sixth as fast."""

import os
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright
from pydantic import SecretStr

from service.app import create_app
from service.settings import Settings
from tests.bench.places import SLUG, prepare
from tests.journey.served import chromium_of, serving, where

WHOLE, SHORT = 5, 1
"""How many new phones open the form."""

MOST, BEST = 2.0, 1.5
BYTES_A_SECOND, LATENCY, SLOWER = 400_000 / 8, 400, 6
PHONE = {"width": 360, "height": 740}
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def measure(times: int) -> str:
    """One line: seconds until something can be read, the median of so many phones that see the page for the first time."""
    if not os.access(where(), os.X_OK):
        return "P14   not measured: Chromium is not here"
    with tempfile.TemporaryDirectory(prefix="said-bench-", ignore_cleanup_errors=True) as folder:
        url = f"sqlite:///{folder}/said.db"
        prepare(url)
        app = create_app(Settings(database_url=SecretStr(url), var=Path(folder)))
        with serving(app) as address, sync_playwright() as driver:
            browser = chromium_of(driver)
            found = [_seconds(browser, f"{address}/{SLUG}/tell") for _phone in range(times)]
            browser.close()
    verdict = "stretch met" if median(found) <= BEST else "met" if median(found) <= MOST else "NOT met"
    return (
        f"P14   first contentful paint of the form, 400 kbit/s, {LATENCY} ms, processor / {SLOWER}  <= {MOST:g} s  {median(found):.2f} s  "
        f"{min(found):.2f} to {max(found):.2f}  {verdict}"
    )


def _seconds(browser: Browser, address: str) -> float:
    """From the tap to the first paint with something in it, on a phone that was never there."""
    context = browser.new_context(viewport=PHONE, has_touch=True)  # type: ignore[arg-type]
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    limits = {"offline": False, "latency": LATENCY, "downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    wire.send("Network.emulateNetworkConditions", limits)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load", timeout=60_000)
    page.wait_for_function(PAINTED)
    painted = float(page.evaluate(PAINTED))
    context.close()
    return painted / 1_000
