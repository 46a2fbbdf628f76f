"""Places as everybody meets them."""

from starlette.testclient import TestClient

from tests.make import Make


def test_service_says_that_it_is_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_visitor_finds_the_collaborations(make: Make, visitor: TestClient) -> None:
    make.collaboration("hillside", name="Hillside Together")
    make.collaboration("amber-vale")
    assert [place["name"] for place in visitor.get("/api/v1").json()] == ["Amber Vale", "Hillside Together"]


def test_visitor_sees_no_other_place_s_areas(make: Make, visitor: TestClient) -> None:
    hillside, vale = make.collaboration("hillside"), make.collaboration("amber-vale")
    make.area(hillside, "hill-road")
    make.area(vale, "mill-lane")
    codes = {area["code"] for area in visitor.get("/api/v1/hillside/areas").json()["items"]}
    assert "hill-road" in codes and "mill-lane" not in codes
