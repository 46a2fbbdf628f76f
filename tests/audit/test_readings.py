"""What is written down when somebody reads what identifies a person, and that nothing takes it back."""

import ast
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, select

from service.audit.actions import MOST_WORDS, record_reading
from service.audit.models import Reading, What
from service.database import Database
from service.errors import Invalid
from service.journal.actions import Actor
from service.journal.models import ActorKind
from service.places.queries import PlaceCard
from service.settings import ROOT
from tests.make import Make

SAM = Actor(ActorKind.STAFF, uuid4())
MESSAGE = uuid4()


def reading(make: Make, place: PlaceCard, what: What, **more: Any) -> None:
    with make.database.write() as writes:
        record_reading(writes, SAM, what, "feedback", MESSAGE, at=make.clock(), collaboration_id=place.id, **more)


def kept(database: Database) -> list[Reading]:
    with database.read() as reads:
        return list(reads.exec(select(Reading).order_by(col(Reading.id))))


def test_reading_says_who_read_what_when_and_why(make: Make, hillside: PlaceCard, database: Database) -> None:
    council = make.organisation(hillside, "council")
    reading(make, hillside, What.ORIGINAL, why="  The sender asked what was hidden.  ", organisation_id=council.id)
    [row] = kept(database)
    assert (row.actor_kind, row.actor_id, row.what, row.at) == (ActorKind.STAFF, SAM.id, What.ORIGINAL, make.clock())
    assert (row.subject, row.subject_id, row.organisation_id) == ("feedback", MESSAGE, council.id)
    assert row.why == "The sender asked what was hidden."


@pytest.mark.parametrize("what", list(What))
def test_what_is_not_kept_for_the_work_itself_is_read_for_a_reason_only(
    make: Make, hillside: PlaceCard, database: Database, what: What
) -> None:
    free = what in (What.CONTACT, What.SENSITIVE)
    for empty in (None, "", "   "):
        if free:
            reading(make, hillside, what, why=empty)
        else:
            with pytest.raises(Invalid) as refusal:
                reading(make, hillside, what, why=empty)
            assert [error.field for error in refusal.value.errors] == ["why"]
    assert len(kept(database)) == (3 if free else 0)


def test_reason_that_is_too_long_is_refused_and_nothing_is_kept(make: Make, hillside: PlaceCard, database: Database) -> None:
    with pytest.raises(Invalid):
        reading(make, hillside, What.ORIGINAL, why="x" * (MOST_WORDS + 1))
    assert kept(database) == []


def test_service_never_changes_what_the_audit_says() -> None:
    """Only the audit's own modules name its table, and its actions only add."""
    own = {"audit/models.py", "audit/actions.py", "audit/queries.py", "audit/kept.py"}
    for path in sorted((ROOT / "service").rglob("*.py")):
        name, tree = path.relative_to(ROOT / "service").as_posix(), ast.parse(path.read_text("utf-8"))
        strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        taken = {
            one.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "service.audit.models"
            for one in node.names
        }
        named = "Reading" in taken or any("audit_reading" in text for text in strings)
        assert not named or name in own, f"{name} reaches for the rows of the audit"
        if name.startswith("audit/"):
            names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            assert not names & {"update", "delete", "merge", "text", "exec_driver_sql"}, name
