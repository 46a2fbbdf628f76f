"""What P3 divides by: the same message stored the way a project template does it.

A `def` route, one SQLModel session per request, one ORM object per row, one commit; with the same input model, hashes, tables, pragmas
and durability as the service. Generous to the template: no middleware, no log, requests queue for the one connection instead of
fighting over the lock, and a repeated key is left to the unique index.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import FastAPI, Header
from sqlmodel import Session, select

from service.database import ReadSession, connect
from service.days import local_day
from service.feedback import intake, rules
from service.feedback.answer_models import Receipt
from service.feedback.counts import cells_of_new
from service.feedback.models import Capturer, Feedback, FeedbackIn, Publication, State
from service.feedback.receipts import shown
from service.journal.models import ActorKind, Entry
from service.places.models import Area
from service.places.queries import get_place
from service.rollups import Cell, Rollup, Version
from service.server_keys import load_or_make


def create_app(url: str, keys: Path) -> FastAPI:
    """The template's application, with the one route."""
    app = FastAPI()
    engine, server_keys = connect(url, read_only=False, whole_house=True), load_or_make(keys)

    @app.post("/api/v1/{c}/feedback", status_code=201)
    def tell(c: str, given: FeedbackIn, idempotency_key: Annotated[str, Header(max_length=200)]) -> Receipt:
        now, sender = datetime.now(UTC), intake.PUBLIC_SENDER
        key = intake.key_bytes(idempotency_key, sender)
        with Session(engine) as session:
            place = get_place(ReadSession(session), c)
            message = intake.message_from(place, server_keys, sender, given, key, now)
            fingerprint, message_id, public_id = message.fingerprints[0], UUID(message.id), UUID(message.public_id)
            area = session.exec(select(Area).where(Area.collaboration_id == place.id, Area.code == given.area)).one()
            session.add(
                Feedback(
                    collaboration_id=place.id,
                    id=message_id,
                    public_id=public_id,
                    key_version=fingerprint.version,
                    key_hash=fingerprint.key_hash,
                    body_hash=fingerprint.body_hash,
                    kind=given.kind,
                    body=given.body,
                    area_id=area.id,
                    share=given.share,
                    state=State.ACKNOWLEDGED,
                    publication=rules.first_publication(given.share),
                    received_at=now,
                )
            )
            session.add(
                Entry(
                    collaboration_id=place.id,
                    id=message_id,
                    subject="feedback",
                    subject_id=message_id,
                    verb="received",
                    actor_kind=ActorKind.RESIDENT,
                    at=now,
                )
            )
            for cell in cells_of_new(place.id.hex, area.id.hex, message.day, given.kind, Publication.NOT_OFFERED, Capturer.RESIDENT):
                _count(session, cell)
            _touch(session, place.id)
            session.commit()
        return Receipt(
            id=public_id,
            receipt=shown(fingerprint.code),
            received_at=now,
            answer_by=rules.answer_by(local_day(now, place.time_zone), place.working_days),
        )

    return app


def _count(session: Session, cell: Cell) -> None:
    place_id, subject, period, area_id, name = cell
    key: dict[str, Any] = {
        "collaboration_id": UUID(hex=place_id),
        "subject": subject,
        "period": period,
        "area_id": UUID(hex=area_id),
        "cell": name,
        "slot": 0,
    }
    rollup = session.get(Rollup, key) or Rollup(**key, count=0)
    rollup.count += 1
    session.add(rollup)


def _touch(session: Session, place_id: UUID) -> None:
    at: dict[str, Any] = {"collaboration_id": place_id, "slot": 0}
    version = session.get(Version, at) or Version(**at, number=0)
    version.number += 1
    session.add(version)
