"""Staff who bring files in through the pages, as a browser without JavaScript does, and what they see."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from httpx2 import Response
from selectolax.lexbor import LexborHTMLParser as Html
from sqlalchemy import update
from starlette.testclient import TestClient

from service.intakes import files
from service.intakes.actions import send_file, take_in
from service.intakes.models import Decided, Intake, Stage
from service.intakes.written import guessed
from service.journal.actions import OPERATOR
from service.people.models import Member, Role
from service.places.models import AreaKind
from service.places.queries import PlaceCard, find_organisation
from service.results.actions import put_indicator
from service.results.models import IndicatorIn
from service.settings import Settings
from tests.make import Make

IMPORTS = "/staff/hillside/imports"
PATIENCE = 60.0
ROWS = "indicator,period,value\n" + "".join(f"swims,{1700 + number},{number}\n" for number in range(230)) + "swims,someday,1\n"


def words(page: str) -> str:
    """What a page says, without its mark-up."""
    body = Html(page).body
    return " ".join(body.text(separator=" ").split()) if body else ""


@dataclass
class Desk:
    """Somebody who brings files in."""

    browser: TestClient
    at: str = IMPORTS

    def sends(self, content: str | bytes, kind: str = "observations", name: str = "figures.csv", **chosen: str) -> Response:
        """Sends a file."""
        raw = content if isinstance(content, bytes) else content.encode()
        chosen = {"organisation": "council" if kind in ("observations", "readings") else "", **chosen}
        return self.browser.post(self.at, data={"kind": kind, **chosen}, files={"file": (name, raw, "text/csv")})

    def brings(self, content: str | bytes, kind: str = "observations", **more: str) -> str:
        """Sends a file that is taken: its address."""
        answer = self.sends(content, kind, **more)
        assert answer.status_code == 303, words(answer.text)
        return answer.headers["location"].removesuffix("/columns")

    def typed(self, address: str) -> dict[str, str]:
        """What the form of the columns holds."""
        page = self.browser.get(f"{address}/columns")
        assert page.status_code == 200, page.text
        form = Html(page.text).css_first("form.matching")
        assert form is not None
        found = {node.attributes["name"] or "": node.attributes.get("value") or "" for node in form.css("input") if _counts(node)}
        found |= {node.attributes["name"] or "": node.text().strip("\n") for node in form.css("textarea")}
        for select in form.css("select"):
            chosen = select.css_first("option[selected]") or select.css_first("option")
            found[select.attributes["name"] or ""] = (chosen.attributes.get("value") or "") if chosen else ""
        return found

    def matches(self, address: str, **changed: str) -> Response:
        """Looks through the file, with the columns as the page has them, but for these."""
        return self.browser.post(
            f"{address}/columns", data=self.typed(address) | {name.replace("__", "-"): text for name, text in changed.items()}
        )

    def sees(self, address: str) -> str:
        """The page of a file as soon as nobody works on it any more."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            page = self.browser.get(address)
            assert page.status_code == 200, page.text
            if "data-hx-trigger" not in page.text:
                return page.text
            time.sleep(0.02)
        raise AssertionError("nobody worked on the file")

    def takes(self, address: str, **decided: str) -> str:
        """Takes a file in: its page afterwards."""
        answer = self.browser.post(f"{address}/take", data=decided)
        assert answer.status_code == 303, words(answer.text)
        return self.sees(address)

    def does(self, content: str | bytes, kind: str = "observations", **chosen: str) -> tuple[int, ...]:
        """Brings in a file from its sending to its end, its columns as they are guessed or as a map says."""
        address = self.brings(content, kind, **chosen)
        if "map" not in chosen:
            assert self.matches(address).status_code == 303
        self.sees(address)
        return counts(self.takes(address))


def _counts(node: Any) -> bool:
    return node.attributes.get("type") != "checkbox" or "checked" in node.attributes


def counts(page: str) -> tuple[int, ...]:
    """New, corrected or differing, as they were, refused."""
    facts = Html(page).css_first("dl.sums-of")
    assert facts is not None, words(page)
    found = {row.css_first("dt").text(): int(row.css_first("dd").text().replace(",", "")) for row in facts.css("div")}
    second = found.get("Corrected", found.get("Say something else than we have", 0))
    return found["New"], second, found["As they were"], found["Refused"]


def cells(page: str) -> dict[str, str]:
    """What can be mended on a page: each field, and what stands in it."""
    return {node.attributes["name"] or "": node.attributes.get("value") or "" for node in Html(page).css("li.mend input")}


def reasons(page: str) -> list[str]:
    """What is wrong with a file, as its page says it."""
    return [re.sub(r"\s+", " ", node.text()).strip() for node in Html(page).css("li.mend > p:first-child")]


@pytest.fixture
def council(make: Make, hillside: PlaceCard) -> PlaceCard:
    """Hillside counts swims and complaints, in two pools and as a whole."""
    make.organisation(hillside, "council")
    for code, name in (("lido", "Lido"), ("baths", "Old Baths")):
        make.area(hillside, code, AreaKind.OTHER, name=name)
    with make.database.write() as writes:
        for code in ("swims", "complaints"):
            given = IndicatorIn(name=code.title(), kind="how_much", unit=code, good_direction="up")
            put_indicator(writes, OPERATOR, hillside, code, given, make.clock())
    return hillside


@pytest.fixture
def desk(council: PlaceCard, signed_in: Callable[..., TestClient]) -> Desk:
    """A coordinator of hillside who brings figures of the council in."""
    return Desk(signed_in(council, Role.COORDINATOR))


@pytest.fixture
def admin(council: PlaceCard, signed_in: Callable[..., TestClient]) -> Desk:
    """Who sets hillside up."""
    return Desk(signed_in(council, Role.ADMIN))


@pytest.fixture
def started(council: PlaceCard, make: Make, settings: Settings, at_work: Callable[..., Member]) -> Any:
    """A file of 231 rows that somebody has had taken in."""
    member, now = at_work(council, Role.COORDINATOR), make.clock()
    filed = files.file_away(settings.var, BytesIO(ROWS.encode()), "figures.csv")
    with make.database.write() as writes:
        organisation = find_organisation(writes, council.id, "council")
        assert organisation is not None
        written = guessed("observations", ("indicator", "period", "value"))
        intake_id = send_file(writes, member, filed, "observations", organisation.id, now, written)
        writes.execute(update(Intake).values(stage=Stage.CHECKED))
        take_in(writes, member, intake_id, Decided(None, None, {}), now)
    return intake_id
