"""What a key may ask for in a minute, what each answer says of itself, and that nobody overwrites what they have not read."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from service import going
from service.going import Going
from service.limits import Allowance
from service.metrics import Metrics
from service.partners.models import Scope
from service.places.models import Organisation
from service.places.queries import PlaceCard
from service.settings import Settings
from tests.make import Make

AREA = "/api/v1/hillside/areas/north-ward"
ROWS = "/api/v1/hillside/outcomes/observations"


@pytest.fixture
def council(make: Make, hillside: PlaceCard) -> Organisation:
    return make.organisation(hillside, "council")


@pytest.fixture
def program(hillside: PlaceCard, council: Organisation, with_key: Callable[..., TestClient]) -> TestClient:
    return with_key(hillside, Scope.OUTCOMES_WRITE, organisation=council, name="The council's")


# ---- how much --------------------------------------------------------------------------------------------------------


def test_key_is_told_what_is_left_and_waits_when_nothing_is(program: TestClient, visitor: TestClient) -> None:
    app = program.app  # type: ignore[attr-defined]
    app.state.allowance = Allowance(requests=2, rows=10)
    first = program.get("/api/v1/hillside/areas")
    assert "ratelimit" not in visitor.get("/api/v1/hillside/areas").headers, "who needs no key has no allowance to use up"
    assert program.put(AREA, json={"name": "North ward"}).headers["ratelimit"].startswith('"requests";r=1;t=')
    assert "ratelimit" not in first.headers, "a list for all is asked without a key"
    assert program.put(AREA, json={"name": "North ward"}).headers["ratelimit-policy"] == '"requests";q=2;w=60, "rows";q=10;w=60'
    refused = program.put(AREA, json={"name": "North ward"})
    assert (refused.status_code, refused.headers["content-type"]) == (429, "application/problem+json")
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit"].startswith('"requests";r=0;')


def test_batch_counts_by_its_rows(program: TestClient) -> None:
    program.app.state.allowance = Allowance(requests=100, rows=10)  # type: ignore[attr-defined]
    batch = {"observations": [{"indicator": "x", "period": "2025", "value": 1.0}] * 12}
    assert program.post(ROWS, json=batch).status_code == 200, "what has begun is taken whole"
    refused = program.post(ROWS, json=batch)
    assert (refused.status_code, '"rows";r=0' in refused.headers["ratelimit"]) == (429, True)


def test_two_keys_of_one_holder_share_one_allowance_and_others_have_their_own() -> None:
    allowance = Allowance(requests=1, rows=1)
    allowance.ask("one")
    with pytest.raises(Exception, match="TooMany"):
        allowance.ask("one")
    allowance.ask("other")


# ---- which request, which version ------------------------------------------------------------------------------------


def test_request_keeps_the_name_that_a_program_gave_it(program: TestClient, visitor: TestClient) -> None:
    given = {"X-Request-Id": "night-run-2026.11.23"}
    assert program.put(AREA, json={"name": "x"}, headers=given).headers["x-request-id"] == given["X-Request-Id"]
    for name in ("short", "with words in it", "x" * 65):
        assert program.put(AREA, json={"name": "x"}, headers={"X-Request-Id": name}).headers["x-request-id"] != name
    assert visitor.get("/api/v1/hillside/areas", headers=given).headers["x-request-id"] != given["X-Request-Id"]


def test_nobody_overwrites_what_they_have_not_read(program: TestClient, visitor: TestClient) -> None:
    first = program.put(AREA, json={"name": "North ward"})
    tag = first.headers["etag"]
    second = program.put(AREA, json={"name": "The north"}, headers={"If-Match": f"W/{tag}"})
    assert (second.status_code, second.headers["etag"] != tag) == (200, True)
    stale = program.put(AREA, json={"name": "North"}, headers={"If-Match": tag})
    assert (stale.status_code, stale.headers["content-type"]) == (412, "application/problem+json")
    gone = program.put("/api/v1/hillside/areas/nowhere", json={"name": "x"}, headers={"If-Match": "*"})
    assert gone.status_code == 412, "there is nothing that could have been read"
    listed = visitor.get("/api/v1/hillside/areas")
    again = visitor.get("/api/v1/hillside/areas", headers={"If-None-Match": listed.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", listed.headers["etag"])
    for what, body in (
        ("indicators/school", {"name": "School", "kind": "population", "unit": "%", "good_direction": "up"}),
        ("instruments/ours", {"name": "Ours", "low": 0, "high": 5, "good_direction": "up", "licence": "own"}),
    ):
        tag = program.put(f"/api/v1/hillside/{what}", json=body).headers["etag"]
        changed = {**body, "name": "Another"}
        assert program.put(f"/api/v1/hillside/{what}", json=changed, headers={"If-Match": tag}).status_code == 200
        assert program.put(f"/api/v1/hillside/{what}", json=body, headers={"If-Match": tag}).status_code == 412


def test_promise_moves_only_for_who_has_read_it_as_it_is(
    hillside: PlaceCard, council: Organisation, with_key: Callable[..., TestClient]
) -> None:
    maker = with_key(hillside, Scope.PROMISES_WRITE, organisation=council, name="The council's promises")
    given = {"text": "Mend the path", "side": "our_part", "maker": "council", "made_on": "2026-01-01"}
    made = maker.post("/api/v1/hillside/promises", json={**given, "due_on": "2027-05-01", "kept_when": "It is mended"}).json()
    address = f"/api/v1/hillside/promises/{made['id']}"
    read = {"If-Match": maker.get(address).headers["etag"]}
    assert maker.post(f"{address}/updates", json={"note": "We began"}, headers=read).status_code == 201
    assert maker.post(f"{address}/updates", json={"note": "We began"}, headers=read).status_code == 412


# ---- what is going, and how it goes ----------------------------------------------------------------------------------


def test_route_that_is_going_says_so(visitor: TestClient, hillside: PlaceCard, monkeypatch: pytest.MonkeyPatch) -> None:
    leaving = Going(datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 5, 1, tzinfo=UTC), "/docs")
    assert going.GOING == {}
    monkeypatch.setitem(going.GOING, "places.api_topics", leaving)
    found = visitor.get(f"/api/v1/{hillside.slug}/topics").headers
    assert (found["deprecation"], found["sunset"]) == ("@1793491200", "Sat, 01 May 2027 00:00:00 GMT")
    assert 'rel="deprecation"' in found["link"]
    assert "deprecation" not in visitor.get(f"/api/v1/{hillside.slug}/areas").headers


def test_metrics_are_for_who_knows_the_token_and_name_routes_only(visitor: TestClient, hillside: PlaceCard) -> None:
    settings: Settings = visitor.app.state.settings  # type: ignore[attr-defined]
    assert visitor.get("/metrics").status_code == 404
    visitor.app.state.settings = settings.model_copy(update={"metrics_token": Settings(metrics_token="xyzzy").metrics_token})  # type: ignore[attr-defined,arg-type]
    assert visitor.get("/metrics", headers={"Authorization": "Bearer nothing"}).status_code == 404
    visitor.get(f"/{hillside.slug}/about?said=canary")
    text = visitor.get("/metrics", headers={"Authorization": "Bearer xyzzy"}).text
    assert 'said_requests_total{method="GET",route="/{c}/about",status="2xx"} 1' in text
    assert "canary" not in text and hillside.slug not in text


def test_metrics_count_time_as_well() -> None:
    metrics = Metrics()
    metrics.count("GET", "/{c}", 200, 1500.0)
    metrics.count("BREW", "-", 405, 1.0)
    text = metrics.text("1")
    assert 'said_request_seconds_total{method="GET",route="/{c}",status="2xx"} 1.500000' in text
    assert 'method="OTHER"' in text and "BREW" not in text
