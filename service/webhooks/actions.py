"""Setting webhooks up, and what becomes of what they are told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, update
from sqlmodel import col, select

from service.database import WriteSession
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.journal.actions import OPERATOR, Actor, record
from service.language import _
from service.news import Done, Event, Listening, News, Off, Standing, Webhook, news_row
from service.places.queries import PlaceCard
from service.server_keys import ServerKeys
from service.webhooks import rules
from service.webhooks.models import Answer, Claimed, Fault, Target
from service.webhooks.queries import IN_TURN, WAITS, facts_of

MOST = 20
"""Webhooks of one place."""


@dataclass(frozen=True, slots=True)
class ToldOf:
    """What a webhook is for, and of which events it is told."""

    description: str
    events: frozenset[Event]


@dataclass(frozen=True, slots=True)
class WebhookIn(ToldOf):
    """A new webhook: where, and of which organisation's things (None: of everybody's). `loopback`: as the settings of a test say."""

    address: str
    organisation_id: UUID | None = None
    loopback: bool = False


def add_webhook(writes: WriteSession, keys: ServerKeys, actor: Actor, place: PlaceCard, given: WebhookIn, now: datetime) -> str:
    """Makes a webhook; answers its secret, once. Raises: Invalid for an address that may not be told, Conflict for one too many."""
    if wrong := rules.wrong_with(given.address, loopback=given.loopback):
        raise Invalid(FieldError("address", _(wrong)))
    known = writes.exec(select(Webhook.address).where(Webhook.collaboration_id == place.id)).all()
    if len(known) >= MOST:
        raise Conflict(_("There are %(most)s webhooks here already. Take one away first.", most=MOST))
    secret = rules.new_secret()
    row = Webhook(
        collaboration_id=place.id,
        organisation_id=given.organisation_id,
        address=given.address,
        description=given.description,
        events=sorted(given.events),
        key_version=keys.current.version,
        secret=_sealed(keys, secret),
        made_by=actor.id,
        made_at=now,
    )
    writes.add(row)
    writes.flush()
    _listen(writes, row)
    record(writes, actor, "added", "webhook", row.id, at=now, collaboration_id=place.id)
    return secret


def change_webhook(writes: WriteSession, actor: Actor, place_id: UUID, webhook_id: UUID, given: ToldOf, now: datetime) -> bool:
    """Tells it of other events from now on; answers whether anything changed. What waits goes all the same. Raises: NotFound."""
    row = _held(writes, place_id, webhook_id)
    if (row.description, row.events) == (given.description, sorted(given.events)):
        return False
    row.description, row.events = given.description, sorted(given.events)
    writes.add(row)
    writes.flush()
    _listen(writes, row)
    record(writes, actor, "changed", "webhook", row.id, at=now, collaboration_id=place_id, fields=["description", "events"])
    return True


def renew_secret(writes: WriteSession, keys: ServerKeys, actor: Actor, place_id: UUID, webhook_id: UUID, now: datetime) -> str:
    """Makes another secret; answers it, once. The old one signs beside it for a day. Raises: NotFound."""
    row, secret = _held(writes, place_id, webhook_id), rules.new_secret()
    old = _opened(keys, row.key_version, [row.secret])
    row.former = _sealed(keys, old[0]) if old else None
    row.former_until = now + rules.OVERLAP if old else None
    row.key_version, row.secret = keys.current.version, _sealed(keys, secret)
    writes.add(row)
    writes.flush()
    record(writes, actor, "secret_renewed", "webhook", row.id, at=now, collaboration_id=place_id)
    return secret


def switch_off(writes: WriteSession, actor: Actor, place_id: UUID, webhook_id: UUID, now: datetime, why: Off = Off.PAUSED) -> bool:
    """Sends nothing more and writes nothing more down for it; what waits, waits. Answers whether it was on. Raises: NotFound."""
    row = _held(writes, place_id, webhook_id)
    if row.off_at is not None:
        return False
    row.off_at, row.off_why = now, why
    writes.add(row)
    writes.flush()
    _listen(writes, row)
    record(writes, actor, "switched_off", "webhook", row.id, at=now, collaboration_id=place_id, fields=[why])
    return True


def switch_on(writes: WriteSession, actor: Actor, place_id: UUID, webhook_id: UUID, now: datetime) -> bool:
    """Tells it again, what waited first. Answers whether it was off. Raises: NotFound."""
    row = _held(writes, place_id, webhook_id)
    if row.off_at is None:
        return False
    row.off_at = row.off_why = None
    row.given_up = 0
    writes.add(row)
    writes.flush()
    _listen(writes, row)
    record(writes, actor, "switched_on", "webhook", row.id, at=now, collaboration_id=place_id)
    return True


def remove_webhook(writes: WriteSession, actor: Actor, place_id: UUID, webhook_id: UUID, now: datetime) -> None:
    """Takes it away with everything that waits for it. Raises: NotFound."""
    row = _held(writes, place_id, webhook_id)
    for table in (Listening, News):
        writes.execute(delete(table).where(col(table.collaboration_id) == place_id, col(table.webhook_id) == webhook_id))
    writes.delete(row)
    writes.flush()
    record(writes, actor, "removed", "webhook", webhook_id, at=now, collaboration_id=place_id)


def ping(writes: WriteSession, actor: Actor, place_id: UUID, webhook_id: UUID, now: datetime) -> None:
    """Puts a test in line, which goes like everything else. Raises: NotFound, Conflict where it is switched off."""
    row = _held(writes, place_id, webhook_id)
    if row.off_at is not None:
        raise Conflict(_("It is switched off. Switch it on, then test it."))
    act = Done(place_id, "webhook", webhook_id, "tested", actor.id, now)
    writes.execute(insert(News), [news_row(act, Event.PING, webhook_id)])
    record(writes, actor, "tested", "webhook", row.id, at=now, collaboration_id=place_id)


def send_again(writes: WriteSession, actor: Actor, place_id: UUID, webhook_id: UUID, now: datetime, delivery_id: UUID | None = None) -> int:
    """Puts back in line what was given up, one or all; answers how many. Raises: NotFound."""
    row = _held(writes, place_id, webhook_id)
    dead = [col(News.collaboration_id) == place_id, col(News.webhook_id) == webhook_id, col(News.standing) == Standing.GIVEN_UP]
    if delivery_id is not None:
        dead.append(col(News.id) == delivery_id)
    back = update(News).where(*dead).values(standing=Standing.WAITING, due_at=now, attempts=0)
    ids = list(writes.execute(back.returning(col(News.id))))
    if not ids:
        return 0
    row.given_up = 0
    writes.add(row)
    writes.flush()
    record(writes, actor, "sent_again", "webhook", webhook_id, at=now, collaboration_id=place_id)
    return len(ids)


def _held(writes: WriteSession, place_id: UUID, webhook_id: UUID) -> Webhook:
    query = select(Webhook).where(Webhook.collaboration_id == place_id, Webhook.id == webhook_id).with_for_update()
    row = writes.exec(query).first()
    if row is None:
        raise NotFound
    return row


def _listen(writes: WriteSession, row: Webhook) -> None:
    """From now on what it is told of is written down for it; nothing while it is off."""
    mine = (col(Listening.collaboration_id) == row.collaboration_id, col(Listening.webhook_id) == row.id)
    writes.execute(delete(Listening).where(*mine))
    if row.off_at is None:
        key = {"collaboration_id": row.collaboration_id, "webhook_id": row.id}
        writes.execute(insert(Listening), [{**key, "event": event} for event in row.events])


def _sealed(keys: ServerKeys, secret: str) -> str:
    return keys.current.webhooks.encrypt(secret.encode()).decode()


def _opened(keys: ServerKeys, version: int, sealed: Iterable[str]) -> list[str]:
    key = keys.version(version)
    return [key.webhooks.decrypt(one.encode()).decode() for one in sealed] if key else []


# ---- telling ---------------------------------------------------------------------------------------------------------


def claim(writes: WriteSession, place_id: UUID, webhook_id: UUID, public_url: str, now: datetime) -> tuple[Target, list[Claimed]] | None:
    """Takes what a webhook is to be told now, for as long as a lease lasts: of each thing the earliest only.

    What may not be told any more is forgotten. None where it was taken away or switched off meanwhile.
    """
    webhook = writes.get(Webhook, (place_id, webhook_id))
    if webhook is None or webhook.off_at is not None:
        return None
    due = (
        select(News)
        .where(
            News.collaboration_id == place_id,
            News.webhook_id == webhook_id,
            WAITS,
            News.due_at <= now,
            IN_TURN,
        )
        .order_by(col(News.due_at), col(News.id))
        .limit(rules.AT_A_TIME)
        .with_for_update(skip_locked=True)
    )
    rows = list(writes.exec(due))
    facts = facts_of(writes, webhook, rows, public_url) if rows else {}
    claimed = []
    for row in rows:
        if row.id not in facts:
            writes.delete(row)
            continue
        row.body = row.body or rules.body_of(row.event, row.happened_at, facts[row.id])
        row.attempts, row.due_at = row.attempts + 1, now + rules.LEASE
        writes.add(row)
        claimed.append(Claimed(place_id, row.id, webhook_id, row.attempts, row.body))
    writes.flush()
    sealed = [webhook.secret]
    if webhook.former is not None and webhook.former_until is not None and webhook.former_until > now:
        sealed.append(webhook.former)
    return Target(webhook.address, webhook.key_version, tuple(sealed)), claimed


def secrets_of(keys: ServerKeys, target: Target) -> list[str]:
    """The secrets that sign, opened; none where the server's key is gone."""
    return _opened(keys, target.key_version, target.sealed)


def release(writes: WriteSession, claimed: Sequence[Claimed], now: datetime) -> None:
    """Puts back in line what was claimed and not sent."""
    for one in claimed:
        writes.execute(update(News).where(*_this(one)).values(due_at=now, attempts=one.attempts - 1))


def note(writes: WriteSession, results: Sequence[tuple[Claimed, Answer]], now: datetime, chance: float) -> bool:
    """Remembers how tries went: what arrived, what is tried again and when, what is given up. Too many of those switch it off.

    Answers whether it was switched off by that.
    """
    if not results:
        return False
    first = results[0][0]
    webhook = writes.exec(
        select(Webhook).where(Webhook.collaboration_id == first.collaboration_id, Webhook.id == first.webhook_id).with_for_update()
    ).first()
    if webhook is None:  # it was taken away while it was told
        return False
    gone = False
    for one, answer in results:
        again_at = rules.next_try(one.attempts, now, chance)
        told: dict[str, Any] = {"tried_at": now, "status": answer.status, "fault": answer.fault}
        if answer.fault is None:
            webhook.given_up, told["standing"] = 0, Standing.DELIVERED
        elif answer.fault == Fault.GONE or again_at is None:
            webhook.given_up, told["standing"] = webhook.given_up + 1, Standing.GIVEN_UP
            gone = gone or answer.fault == Fault.GONE
        else:
            told["due_at"] = again_at
        writes.execute(update(News).where(*_this(one), col(News.standing) == Standing.WAITING).values(told))
    writes.add(webhook)
    writes.flush()
    if not gone and webhook.given_up < rules.MOST_GIVEN_UP:
        return False
    return switch_off(writes, OPERATOR, webhook.collaboration_id, webhook.id, now, Off.GONE if gone else Off.FAILING)


def _this(one: Claimed) -> tuple[ColumnElement[bool], ...]:
    return (col(News.collaboration_id) == one.collaboration_id, col(News.id) == one.id)
