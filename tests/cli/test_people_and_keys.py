"""`said staff` and `said key`: what is refused, then what each prints, which scripts read."""

import re

from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.partners.models import Holder, Key
from service.people.models import Staff, StaffRole
from service.server_keys import load_or_make
from tests.cli.conftest import Said

AT = ("--collaboration", "hillside")
SAM = ("sam@example.org", "--role", "coordinator")
HUB = ("Hill Road Hub", "--scope", "feedback:write")
LINK = re.compile(r"(https?://\S+)(/staff/sign-in/[A-Za-z0-9_-]{43})\n")


# ---- what is refused -------------------------------------------------------------------------------------------------


def test_person_who_cannot_be_invited_is_refused(hill: Said, database: Database) -> None:
    for words in (
        ("sam", "--role", "coordinator"),
        ("sam@example.org", "--role", "viewer"),
        ("sam@example.org", "--role", "admin", "--kind", "funder"),
        ("sam@example.org", "--role", "frontline", "--organisation", "nobody"),
        ("sam@example.org", "--role", "admin", "--name", " "),
        ("sam@example.org", "--role", "admin", "--name", "n" * 201),
    ):
        hill.refused("staff", "invite", *words, *AT)
    with database.read() as reads:
        assert reads.exec(select(Staff)).all() == []


def test_nobody_is_disabled_who_is_not_there_nor_invited_who_was_disabled(hill: Said) -> None:
    assert "nobody" in hill.refused("staff", "disable", "sam@example.org")
    assert "nobody" in hill.refused("staff", "enable", "sam@example.org")
    hill("staff", "invite", *SAM, *AT)
    hill("staff", "disable", "sam@example.org")
    assert "ended" in hill.refused("staff", "invite", *SAM, *AT)


def test_key_that_cannot_be_is_refused(hill: Said, database: Database) -> None:
    assert "organisation" in hill.refused("key", "add", "Hub", "--scope", "outcomes:write", *AT)
    assert "nobody" in hill.refused("key", "add", *HUB, "--organisation", "nobody", *AT)
    hill.refused("key", "add", "n" * 201, "--scope", "feedback:write", *AT)
    hill.refused("key", "add", " ", "--scope", "feedback:write", *AT)
    assert "no key" in hill.refused("key", "revoke", "2345678923")
    with database.read() as reads:
        assert reads.exec(select(Holder)).all() == []


def test_third_key_and_another_grant_are_refused(hill: Said, database: Database) -> None:
    hill("key", "add", *HUB, *AT)
    assert "another name" in hill.refused("key", "add", "Hill Road Hub", "--scope", "account:read", *AT)
    hill("key", "add", *HUB, *AT)
    assert "Revoke" in hill.refused("key", "add", *HUB, *AT)
    with database.read() as reads:
        assert len(reads.exec(select(Key)).all()) == 2


# ---- staff -----------------------------------------------------------------------------------------------------------


def test_invitation_prints_the_link_and_nothing_else_and_it_signs_in(hill: Said, client: TestClient) -> None:
    found = LINK.fullmatch(hill("staff", "invite", *SAM, *AT, "--name", "Sam"))
    assert found and found[1] == "http://127.0.0.1:8000"
    assert client.post(found[2]).status_code == 303
    assert client.get("/staff/hillside/inbox").status_code == 200


def test_link_leads_to_where_the_service_is(hill: Said) -> None:
    hill.monkeypatch.setenv("SAID_PUBLIC_URL", "https://said.example/")
    found = LINK.fullmatch(hill("staff", "invite", *SAM, *AT))
    assert found and found[1] == "https://said.example"


def test_link_without_a_public_address_leads_to_the_port(hill: Said) -> None:
    hill.monkeypatch.setenv("SAID_PORT", "8080")
    found = LINK.fullmatch(hill("staff", "invite", *SAM, *AT))
    assert found and found[1] == "http://127.0.0.1:8080"


def test_second_invitation_prints_a_fresh_link(hill: Said, database: Database) -> None:
    first, second = hill("staff", "invite", *SAM, *AT), hill("staff", "invite", *SAM, *AT)
    assert LINK.fullmatch(first) and LINK.fullmatch(second) and first != second
    with database.read() as reads:
        assert len(reads.exec(select(StaffRole)).all()) == 1


def test_viewer_within_an_organisation_is_invited_with_their_kind(hill: Said, database: Database) -> None:
    hill("staff", "invite", "kim@example.org", "--role", "viewer", "--kind", "funder", "--organisation", "council", *AT)
    with database.read() as reads:
        role = reads.exec(select(StaffRole)).one()
    assert (role.role, role.viewer_kind) == ("viewer", "funder")
    assert role.organisation_id is not None


def test_disabled_person_is_out_of_the_running_service_until_enabled_and_invited_again(hill: Said, client: TestClient) -> None:
    found = LINK.fullmatch(hill("staff", "invite", *SAM, *AT))
    assert found and client.post(found[2]).status_code == 303
    assert hill("staff", "disable", "Sam@example.org") == "Sam@example.org can no longer sign in.\n"
    assert client.get("/staff/hillside/inbox").headers["location"] == "/staff"
    assert "new link" in hill("staff", "enable", "sam@example.org")
    assert client.get("/staff/hillside/inbox").headers["location"] == "/staff"
    again = LINK.fullmatch(hill("staff", "invite", *SAM, *AT))
    assert again and client.post(again[2]).status_code == 303
    assert client.get("/staff/hillside/inbox").status_code == 200


# ---- keys ------------------------------------------------------------------------------------------------------------


def test_key_is_printed_once_and_nothing_else_and_it_opens(hill: Said, client: TestClient) -> None:
    printed = hill("key", "add", "Hub", "--scope", "outcomes:write", "--scope", "feedback:write", "--organisation", "council", *AT)
    assert re.fullmatch(r"sad_[a-z2-9]{10}_[A-Za-z0-9_-]{43}\n", printed)
    key = {"Authorization": f"Bearer {printed.strip()}"}
    assert client.put("/api/v1/hillside/areas/hill-road", json={"name": "Hill Road"}, headers=key).status_code == 201
    assert client.post("/api/v1/hillside/feedback", json={"kind": "good"}, headers=key).status_code == 201


def test_key_for_two_places_opens_both(hill: Said, client: TestClient) -> None:
    hill("collaboration", "add", "amber-vale", "--name", "Amber Vale")
    key = {"Authorization": f"Bearer {hill('key', 'add', *HUB, *AT, '--collaboration', 'amber-vale').strip()}"}
    for place in ("hillside", "amber-vale"):
        assert client.post(f"/api/v1/{place}/feedback", json={"kind": "good"}, headers=key).status_code == 201


def test_key_is_taken_back_by_its_id_or_whole(hill: Said, client: TestClient) -> None:
    keys = [hill("key", "add", *HUB, *AT).strip() for _again in range(2)]
    for key, named in zip(keys, (keys[0].split("_")[1], keys[1]), strict=True):
        assert hill("key", "revoke", named) == "The key is revoked.\n"
        answer = client.post("/api/v1/hillside/feedback", json={"kind": "good"}, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 401


def test_key_for_some_days_is_kept_with_its_end(hill: Said, database: Database) -> None:
    hill("key", "add", *HUB, "--days", "30", *AT)
    with database.read() as reads:
        key = reads.exec(select(Key)).one()
    assert key.expires_at is not None and (key.expires_at - key.made_at).days == 30


def test_rotating_the_server_key_keeps_what_is_there_and_adds_a_version(hill: Said) -> None:
    assert "Version 2" in hill("key", "rotate-server")
    before = [key.secret for key in load_or_make(hill.var / "keys")]
    assert "Version 3" in hill("key", "rotate-server")
    keys = load_or_make(hill.var / "keys")
    assert [key.version for key in keys] == [3, 2, 1]
    assert [key.secret for key in keys][1:] == before
    assert all((path.stat().st_mode & 0o777) == 0o600 for path in (hill.var / "keys").iterdir())
