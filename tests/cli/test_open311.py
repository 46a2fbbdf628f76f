"""`said open311 pull`."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from service.database import Database
from service.elsewhere.models import OutsideNote
from service.feedback.models import Feedback, State
from service.partners.open311.pulling import Server
from tests.cli.conftest import Said
from tests.partners.test_open311_pull import Peer, peer

__all__ = ["peer"]


def test_what_was_told_elsewhere_comes_here_once_and_for_the_team_only(peer: Server, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAID_MODE", "test")
    monkeypatch.setenv("SAID_WEBHOOK_LOOPBACK", "true")
    said("collaboration", "add", "brook", "--name", "Brook")
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    Peer.told = {yesterday: "a", yesterday - timedelta(days=3): "b"}
    command = ("open311", "pull", peer.address, "--collaboration", "brook", "--format", "json")
    assert json.loads(said(*command, "--dry-run"))["created"] == 2
    first, second = json.loads(said(*command)), json.loads(said(*command))
    assert (first["created"], second["created"], second["unchanged"]) == (2, 0, 2)
    rows = json.loads(said("export", "feedback", "--collaboration", "brook", "--format", "json"))
    assert {row["ref"] for row in rows} == {"a", "b"}
    assert {row["share"] for row in rows} == {"team_only"}


def test_what_became_of_it_there_is_a_note_here_once_and_nothing_is_answered(
    peer: Server, said: Said, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAID_MODE", "test")
    monkeypatch.setenv("SAID_WEBHOOK_LOOPBACK", "true")
    said("collaboration", "add", "brook", "--name", "Brook")
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    Peer.told, Peer.closed = {yesterday: "a", yesterday - timedelta(days=3): "b"}, {"b": "It was no pothole."}
    Peer.updates = [
        {"update_id": "1", "service_request_id": "a", "status": "FIXED", "description": "Done.", "updated_datetime": f"{yesterday}"}
    ]
    since = f"{yesterday - timedelta(days=9)}"
    command = ("open311", "pull", peer.address, "--collaboration", "brook", "--format", "json", "--since", since)
    assert ["there: 2." in said.both(*command)[1] for _again in range(2)] == [True, False]
    Peer.updates.append({**Peer.updates[0], "update_id": "2", "status": "REOPEN", "description": "It broke again."})
    assert "there: 1." in said.both(*command)[1]
    Peer.fails = True
    out, err = said.both(*command)
    assert json.loads(out)["unchanged"] == 2 and "could not be asked. The other server answered 500" in err
    with database.read() as reads:
        found = {(message.ref, note.said, note.body) for message, note in reads.exec(select(Feedback, OutsideNote).join(OutsideNote))}
        states = set(reads.exec(select(Feedback.state)))
    assert found == {("a", "done", "Done."), ("a", "reopened", "It broke again."), ("b", "closed", "It was no pothole.")}
    assert states == {State.RECEIVED}
