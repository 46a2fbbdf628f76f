"""Councillors, funders and regulators are viewers alike: the kind says for whom somebody looks, and opens nothing more or less."""

import re
from collections.abc import Callable
from dataclasses import fields

from starlette.testclient import TestClient

from service.people.models import Grant, Role, ViewerKind
from service.places.queries import PlaceCard
from tests.make import Make

PAGES = ("", "/overview", "/search?q=bench", "/inbox", "/log", "/stories", "/promises", "/settings", "/audit", "/urgent", "/themes")
OWN = re.compile(r'(councillor|funder|regulator)@x\.org|[0-9a-f]{8}-[0-9a-f-]{27}|data-person="[0-9a-f]+"', re.IGNORECASE)
"""What is theirs alone: their address, their mark on this device, and the keys of forms."""


def test_what_somebody_may_do_does_not_know_the_kind_of_viewer() -> None:
    """Every query and action asks grants: as long as these hold no kind, the kinds cannot differ."""
    assert {one.name for one in fields(Grant)} == {"role", "organisation_id"}


def test_every_kind_of_viewer_sees_the_same(make: Make, hillside: PlaceCard, signed_in: Callable[..., TestClient]) -> None:
    message = make.message_id(make.message(hillside, "The bench has gone.", share="words_public"))
    make.story(hillside)
    seen = []
    for kind in ViewerKind:
        client = signed_in(hillside, Role.VIEWER, kind=kind, email=f"{kind}@x.org", name="Viewer")
        answers = [client.get(f"/staff/hillside{page}") for page in (*PAGES, f"/messages/{message}")]
        seen.append([(answer.status_code, OWN.sub("-", answer.text)) for answer in answers])
    assert seen[0] == seen[1] == seen[2]
    assert {200, 404} <= {status for status, _text in seen[0]}
