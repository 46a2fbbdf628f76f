"""`said open311 pull`."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from service.partners.open311.pulling import Server
from tests.cli.conftest import Said
from tests.partners.test_open311_pull import Peer, peer

__all__ = ["peer"]


def test_what_was_told_elsewhere_comes_here_once_and_for_the_team_only(peer: Server, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAID_MODE", "test")
    monkeypatch.setenv("SAID_WEBHOOK_LOOPBACK", "true")
    said("collaboration", "add", "brook", "--name", "Brook")
    today = datetime.now(UTC).date()
    Peer.told = {today: "a", today - timedelta(days=3): "b"}
    command = ("open311", "pull", peer.address, "--collaboration", "brook", "--format", "json")
    assert json.loads(said(*command, "--dry-run"))["created"] == 2
    first, second = json.loads(said(*command)), json.loads(said(*command))
    assert (first["created"], second["created"], second["unchanged"]) == (2, 0, 2)
    rows = json.loads(said("export", "feedback", "--collaboration", "brook", "--format", "json"))
    assert {row["ref"] for row in rows} == {"a", "b"}
    assert {row["share"] for row in rows} == {"team_only"}
