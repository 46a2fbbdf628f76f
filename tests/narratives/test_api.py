"""Stories over HTTP: a key tells them, and everybody reads those that are theirs to read."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from service.narratives.actions import pause_narrative, share_narrative, withdraw_narrative
from service.narratives.models import Visibility
from service.partners.models import Scope
from service.people.models import Member
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock
from tests.narratives.conftest import YES

URL = "/api/v1/hillside/narratives"
STORY: dict[str, Any] = {"kind": "did_not_work", "body": "The bed was ready and the key was not.", "occurred_on": "2026-11-02"}
Do = Callable[..., None]
WithKey = Callable[..., TestClient]


@pytest.fixture
def hub(make: Make, hillside: PlaceCard, with_key: WithKey) -> TestClient:
    """The hub's own system."""
    return with_key(hillside, Scope.NARRATIVES_WRITE, organisation=make.organisation(hillside, "hub"))


def bodies(client: TestClient, **query: Any) -> list[str]:
    answer = client.get(URL, params=query)
    assert answer.status_code == 200, answer.text
    return [item["body"] for item in answer.json()["items"]]


def wrong(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [error["field"] for error in answer.json()["errors"]]


# ---- telling ---------------------------------------------------------------------------------------------------------


def test_only_a_key_with_the_scope_and_the_place_tells(
    make: Make, hillside: PlaceCard, hub: TestClient, visitor: TestClient, with_key: WithKey
) -> None:
    riverbank = make.collaboration("riverbank")
    assert visitor.post(URL, json=STORY).status_code == 401
    assert with_key(hillside, *(set(Scope) - {Scope.NARRATIVES_WRITE})).post(URL, json=STORY).status_code == 403
    assert with_key(riverbank, Scope.NARRATIVES_WRITE).post(URL, json=STORY).status_code == 404
    assert hub.post(URL.replace("hillside", "riverbank"), json=STORY).status_code == 404
    visitor.headers["Authorization"] = "Bearer sad_wrong_wrong"
    assert visitor.post(URL, json=STORY).status_code == visitor.get(URL).status_code == 401
    assert bodies(hub) == []


def test_story_starts_submitted_whatever_is_wished(hub: TestClient, visitor: TestClient) -> None:
    for visibility in Visibility:
        answer = hub.post(URL, json={**STORY, "visibility": visibility, "consent": YES})
        assert (answer.status_code, answer.json()["state"]) == (201, "submitted")
        assert visitor.get(f"{URL}/{answer.json()['id']}").status_code == 404
    assert bodies(visitor) == []
    assert hub.post(URL, json={**STORY, "visibility": "public"}).status_code == 201, "a wish can wait for its yes"


def test_what_is_wrong_is_named_by_field_and_never_repeated(hub: TestClient) -> None:
    for missing in ("kind", "body", "occurred_on"):
        assert wrong(hub.post(URL, json={name: value for name, value in STORY.items() if name != missing})) == [missing]
    for fields, named in (
        ({"state": "shared_public"}, ["state"]),
        ({"author_id": str(uuid4())}, ["author_id"]),
        ({"kind": "fine"}, ["kind"]),
        ({"body": "  "}, ["body"]),
        ({"body": "x" * 5_001}, ["body"]),
        ({"occurred_on": "2026-11-24"}, ["occurred_on"]),
        ({"occurred_on": 1}, ["occurred_on"]),
        ({"area": "nowhere", "promise": str(uuid4()), "indicator": "none"}, ["area", "promise", "indicator"]),
        ({"area": "whole_place", "whole_place": True}, []),
        ({"tags": ["x"] * 13}, ["tags"]),
        ({"consent": {"wording_version": "1"}}, ["consent.given_on"]),
        ({"consent": {**YES, "name": "SECRET"}}, ["consent.name"]),
        ({"consent": {**YES, "expires_on": "2026-01-01"}}, ["consent.expires_on"]),
        ({"visibility": "everyone"}, ["visibility"]),
    ):
        answer = hub.post(URL, json={**STORY, **fields})
        if named:
            assert wrong(answer) == named and "SECRET" not in answer.text and STORY["body"] not in answer.text
        else:
            assert answer.status_code == 201


@pytest.mark.parametrize(
    ("signifiers", "fine"),
    [
        ({"mattered": {"heard": 0.33, "done": 0.33, "safe": 0.34}, "say": 0.5, "fits": "does_not_apply"}, True),
        ({"mattered": {"heard": 1, "done": 0, "safe": 0}}, True),
        ({"mattered": {"heard": 0.9, "done": 0.9}}, False),
        ({"mattered": {"heard": 1.5, "done": -0.5}}, False),
        ({"say": 1.1}, False),
        ({"say": ["x"]}, False),
        ({f"q{number}": 0 for number in range(13)}, False),
    ],
)
def test_teller_s_own_reading_lies_between_its_ends(hub: TestClient, signifiers: dict[str, Any], fine: bool) -> None:
    answer = hub.post(URL, json={**STORY, "signifiers": signifiers})
    assert (answer.status_code == 201) == fine
    if fine:
        assert hub.get(f"{URL}/{answer.json()['id']}").json()["signifiers"] == signifiers
    else:
        assert {field.partition(".")[0] for field in wrong(answer)} == {"signifiers"}


def test_same_ref_is_the_same_story_for_this_holder_alone(hillside: PlaceCard, hub: TestClient, with_key: WithKey) -> None:
    first = hub.post(URL, json={**STORY, "ref": "case 7"})
    again = hub.post(URL, json={**STORY, "ref": "case 7", "body": "Something else."})
    assert (first.status_code, again.status_code) == (201, 200) and again.json() == first.json()
    other = with_key(hillside, Scope.NARRATIVES_WRITE).post(URL, json={**STORY, "ref": "case 7"})
    assert other.status_code == 201 and other.json()["id"] != first.json()["id"]
    assert bodies(hub) == [STORY["body"]]


def test_idempotency_key_is_answered_the_same_and_refuses_another_story(hub: TestClient, clock: SettableClock) -> None:
    header = {"Idempotency-Key": "once"}
    refused = hub.post(URL, json={**STORY, "occurred_on": "2026-11-30"}, headers=header)
    assert refused.status_code == 422, "a refusal uses no key up"
    first, again = (hub.post(URL, json=STORY, headers=header) for _time in range(2))
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert again.headers["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first.headers
    assert hub.post(URL, json={**STORY, "body": "Something else."}, headers=header).status_code == 409
    assert bodies(hub) == [STORY["body"]]
    clock.advance(days=31)
    assert hub.post(URL, json=STORY, headers=header).json()["id"] != first.json()["id"]


# ---- reading ---------------------------------------------------------------------------------------------------------


def test_each_caller_reads_what_is_theirs(
    make: Make, hillside: PlaceCard, checker: Member, do: Do, hub: TestClient, visitor: TestClient, with_key: WithKey
) -> None:
    told = hub.post(URL, json={**STORY, "body": "own"}).json()["id"]
    shared = {words: make.story(hillside, words, consent=YES) for words in ("public", "partners", "private")}
    for words, story in shared.items():
        do(share_narrative, checker, story, Visibility(words))
    riverbank = make.collaboration("riverbank")
    partner, stranger = with_key(hillside, Scope.ACCOUNT_READ), with_key(riverbank, Scope.ACCOUNT_READ)
    sees = {visitor: {"public"}, stranger: {"public"}, hub: {"public", "own"}, partner: {"public", "partners"}}
    for client, theirs in sees.items():
        assert set(bodies(client)) == theirs
        for words, story in {**shared, "own": UUID(told)}.items():
            assert (client.get(f"{URL}/{story}").status_code == 200) == (words in theirs)
            assert client.get(f"/api/v1/riverbank/narratives/{story}").status_code == 404
    assert visitor.get("/api/v1/nowhere/narratives").status_code == 404
    assert visitor.get(f"{URL}/7").status_code == 404


def test_public_sees_weeks_and_partners_days(
    make: Make, hillside: PlaceCard, checker: Member, do: Do, visitor: TestClient, with_key: WithKey
) -> None:
    council = make.organisation(hillside, "council")
    make.area(hillside, "linden")
    story = make.story(hillside, "x", organisation=council, area="linden", title="T", tags=["Keys"], consent=YES, occurred_on="2026-11-05")
    do(share_narrative, checker, story, Visibility.PUBLIC)
    shown = visitor.get(f"{URL}/{story}").json()
    assert shown == {
        "id": str(story),
        "kind": "mixed",
        "state": "shared_public",
        "title": "T",
        "body": "x",
        "barrier": None,
        "language": None,
        "occurred_on": None,
        "occurred_week": "2026-11-02",
        "area": "linden",
        "whole_place": False,
        "promise": None,
        "indicator": None,
        "organisation": "council",
        "captured_by": "partner_org",
        "tags": ["Keys"],
        "signifiers": None,
        "week": "2026-11-23",
    }
    assert with_key(hillside, Scope.ACCOUNT_READ).get(f"{URL}/{story}").json() == {**shown, "occurred_on": "2026-11-05"}
    assert bodies(visitor, since="2026-11-08") == ["x"], "its week, and no finer"
    assert bodies(visitor, since="2026-11-09") == []
    partner = with_key(hillside, Scope.ACCOUNT_READ)
    assert [bodies(partner, since=f"2026-11-0{day}") for day in (5, 6)] == [["x"], []]


def test_filters_narrow_the_list(make: Make, hillside: PlaceCard, checker: Member, do: Do, visitor: TestClient) -> None:
    make.area(hillside, "linden")
    for words, fields in (
        ("Keys were late.", {"kind": "did_not_work", "area": "linden", "tags": ["keys", "housing"]}),
        ("100% warm_now.", {"kind": "worked", "area": "whole_place", "tags": ["housing-2"], "title": "A Warm room"}),
    ):
        do(share_narrative, checker, make.story(hillside, words, consent=YES, **fields), Visibility.PUBLIC)
    keys, warm = "Keys were late.", "100% warm_now."
    for query, found in (
        ({}, {keys, warm}),
        ({"kind": "worked"}, {warm}),
        ({"kind": "surprise"}, set()),
        ({"area": "linden"}, {keys}),
        ({"area": "whole_place"}, {warm}),
        ({"area": "nowhere"}, set()),
        ({"tag": "housing"}, {keys}),
        ({"tag": "HOUSING"}, {keys}),
        ({"tag": "hous"}, set()),
        ({"q": "warm room"}, {warm}),
        ({"q": "Wárm ROO"}, {warm}),
        ({"q": "% _"}, set()),
        ({"q": "LATE", "kind": "worked"}, set()),
    ):
        assert set(bodies(visitor, **query)) == found, query
    for query in ({"kind": "fine"}, {"since": "soon"}, {"limit": 0}, {"cursor": "nonsense"}, {"cursor": "eA"}):
        assert visitor.get(URL, params=query).status_code == 422, query


def test_pages_hold_every_story_once(
    make: Make, hillside: PlaceCard, checker: Member, do: Do, visitor: TestClient, with_key: WithKey, clock: SettableClock
) -> None:
    for number in range(7):
        do(share_narrative, checker, make.story(hillside, str(number), consent=YES, occurred_on="2026-11-20"), Visibility.PUBLIC)
        clock.advance(days=3)
    for client in (visitor, with_key(hillside, Scope.ACCOUNT_READ)):
        found: list[dict[str, Any]] = []
        query: dict[str, Any] = {"limit": 2}
        while True:
            answer = client.get(URL, params=query)
            found += answer.json()["items"]
            if not answer.json()["next"]:
                break
            assert 'rel="next"' in answer.headers["Link"]
            query["cursor"] = answer.json()["next"]
        assert sorted(item["body"] for item in found) == [str(number) for number in range(7)]
        weeks = [item["week"] for item in found]
        assert client is not visitor or weeks == sorted(weeks, reverse=True)


def test_story_taken_back_or_resting_or_without_its_yes_is_gone_at_once(
    make: Make, hillside: PlaceCard, checker: Member, do: Do, visitor: TestClient, with_key: WithKey, clock: SettableClock
) -> None:
    partner = with_key(hillside, Scope.ACCOUNT_READ)
    stories = [make.story(hillside, words, consent={**YES, "expires_on": "2026-11-24"}) for words in ("gone", "rests", "ends")]
    for story in stories:
        do(share_narrative, checker, story, Visibility.PUBLIC)
    assert len(bodies(visitor)) == len(bodies(partner)) == 3
    do(withdraw_narrative, checker, stories[0])
    do(pause_narrative, checker, stories[1])
    assert bodies(visitor) == bodies(partner) == ["ends"]
    clock.at("2026-11-25T00:00Z")
    assert bodies(visitor) == bodies(partner) == []
    assert {client.get(f"{URL}/{story}").status_code for client in (visitor, partner) for story in stories} == {404}
