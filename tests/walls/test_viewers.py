"""Councillors, funders and regulators are viewers alike: the kind says for whom somebody looks, and opens nothing more or less."""

import re
from collections.abc import Callable

from fastapi import FastAPI
from starlette.testclient import TestClient

from service.people.models import Role, ViewerKind
from tests.make import Make
from tests.walls.routes import addresses, method_of, routes_of
from tests.walls.world import build

OWN = re.compile(r"(councillor|funder|regulator)@x\.org|[0-9a-f]{8}-[0-9a-f-]{27}", re.IGNORECASE)
"""What is theirs alone: their address, and the keys of forms."""

ABOUT_THEM = ("people.you", "people.workplaces", "people.app", "people.second", "people.codes")


def test_every_kind_of_viewer_sees_the_same(app: FastAPI, make: Make, signed_in: Callable[..., TestClient]) -> None:
    world = build(make)
    seen = []
    for kind in ViewerKind:
        client = signed_in(world.places["hillside"], Role.VIEWER, kind=kind, email=f"{kind}@x.org", name="Viewer")
        asked = [
            address.path
            for route in routes_of(app)
            if method_of(route) == "GET" and route.path.startswith("/staff/{c}") and route.name not in ABOUT_THEM
            for address in addresses(route, world)
            if address.place == "hillside" and not address.foreign and address.holder in ("nobody", "council")
        ]
        answers = {path: client.get(path) for path in asked}
        seen.append({path: (answer.status_code, OWN.sub("-", answer.text)) for path, answer in answers.items()})
    assert seen[0] == seen[1] == seen[2]
    assert {status for status, _text in seen[0].values()} > {200, 404}
