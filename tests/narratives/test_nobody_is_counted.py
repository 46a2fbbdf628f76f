"""What somebody writes down is never counted by who they are: on no screen, in no export, in no answer, in no figure."""

import ast
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from service.accountability.models import FigureOut
from service.database import Database
from service.imports.exports import EXPORTS
from service.narratives.models import NarrativeOut
from service.people.models import Role
from service.places.queries import PlaceCard
from service.system_health.models import Barrier, BarrierMove
from tests.house.files import texts
from tests.make import Make
from tests.narratives.test_pages import LOG, typed

WHO = re.compile(r"author_id|author_kind|actor_id|staff_id|checked_by|\bauthor\b|\bstaff\b")
"""By what a person at work could be told from another."""

GROUPED = re.compile(r"group by (.*?)(?: order by | having | limit |$)", re.IGNORECASE | re.DOTALL)


def grouping_calls(source: str) -> list[str]:
    """What every `group_by(...)` of a module asks for, and every count over a window."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return [ast.unparse(call) for call in calls if call.func.attr in ("group_by", "over")]  # type: ignore[attr-defined]


def test_no_question_groups_stories_by_who_wrote_them() -> None:
    found = {path: grouping_calls(text) for path, text in texts(".py", under=["service/narratives/", "service/system_health/"])}
    found |= {path: grouping_calls(text) for path, text in texts(".py", under=["service/accountability/", "service/imports/"])}
    assert sum(map(len, found.values())) > 5
    assert {path: call for path, calls in found.items() for call in calls if WHO.search(call.partition("group_by(")[2])} == {}
    assert WHO.search(grouping_calls("select(a).group_by(col(Narrative.author_id))")[0])


def test_nothing_that_is_given_out_names_who_wrote_it() -> None:
    for names in (
        NarrativeOut.model_fields,
        FigureOut.model_fields,
        EXPORTS["narratives"].columns,
        Barrier.model_fields,
        BarrierMove.model_fields,
    ):
        assert not [name for name in names if WHO.search(name)]


@pytest.fixture
def asked(database: Database, app: Any) -> list[str]:
    """Every statement of the service."""
    del database
    sent: list[str] = []
    for engine in (app.state.database.reader, app.state.database.writer):
        event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_rest: sent.append(" ".join(statement.split())))
    return sent


def test_no_address_narrows_or_groups_by_a_person(
    make: Make, hillside: PlaceCard, client: TestClient, signed_in: Callable[..., TestClient], asked: list[str]
) -> None:
    """Two workers wrote; asked by their ids and names, every page says what it says without."""
    make.organisation(hillside, "council")
    kim, lee = (
        signed_in(hillside, Role.FRONTLINE, organisation="council", email=f"{name}@example.org", name=name) for name in ("Kim", "Lee")
    )
    for number in range(3):
        kim.post(LOG, data=typed(body=f"Kim's {number}", barrier="rule", add_barrier="yes"))
    lee.post(LOG, data=typed(body="Lee's"))
    desk = signed_in(hillside, Role.COORDINATOR, email="desk@example.org")
    pages = ("/staff/hillside/stories?part=all", "/staff/hillside/barriers", "/hillside/system-health", "/hillside/narratives")
    answers = ("/api/v1/hillside/narratives", "/api/v1/hillside/account/narratives", "/api/v1/hillside/account/system-health")
    for address in (*pages, *answers):
        plain = desk.get(address)
        assert plain.status_code == 200 and "Kim's" not in client.get(address).text
        for name in ("author", "author_id", "staff", "by", "worker", "person", "captured_by"):
            narrowed = desk.get(
                address, params={name: "kim@example.org"} if "?" not in address else {"part": "all", name: "kim@example.org"}
            )
            assert narrowed.status_code == 422 or _told(narrowed.text) == _told(plain.text), (address, name)
    grouped = [match[1] for statement in asked for match in GROUPED.finditer(statement)]
    assert grouped and not [words for words in grouped if WHO.search(words.lower())]


def _told(text: str) -> str:
    """A page without what changes from one asking to the next: links that repeat the address, keys, moments."""
    text = re.sub(r'(?:href|value|data-hx-get)="[^"]*"', "", text)
    return re.sub(r'"(?:as_of|next)":"?[^,}]*', "", text)
