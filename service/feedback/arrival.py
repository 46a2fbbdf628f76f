"""How a message arrived: signs that somebody should look before it is shown. They are a score and refuse nothing.

Whoever writes quickly, kept the page for a week, or shares an address with a whole library is never lost: at most somebody looks first.
"""

import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

from service import limits
from service.moderation.models import Sign
from service.server_keys import ServerKeys

QUICK = timedelta(seconds=3)
"""A page that was filled in and sent sooner was perhaps not read. There is no upper limit: pages that are kept offline are old."""


def mark_of(keys: ServerKeys, place_id: UUID, now: datetime) -> str:
    """What a form holds of the moment at which it was made, so that nobody else can make it up."""
    moment = str(int(now.timestamp()))
    return f"{moment}.{_sealed(keys.current.tokens, place_id, moment)}"


def made_at(keys: ServerKeys, place_id: UUID, mark: str) -> datetime | None:
    """When the form was made that holds this; None where it was not made here."""
    moment, _dot, seal = mark.partition(".")
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
        return None
    known = any(hmac.compare_digest(seal.encode(), _sealed(key.tokens, place_id, moment).encode()) for key in keys)
    return datetime.fromtimestamp(int(moment), UTC) if known else None


def signs_of_form(keys: ServerKeys, place_id: UUID, *, trap: str, mark: str, tries: limits.Caller, now: datetime) -> tuple[Sign, ...]:
    """What is odd about a form: a field that people do not see, how soon it came, and how many came from the same address."""
    made = made_at(keys, place_id, mark)
    found = [Sign.TRAP] if trap.strip() else []
    if made is None:
        found.append(Sign.UNSIGNED)
    elif now - made < QUICK:
        found.append(Sign.QUICK)
    return (*found, *signs_of_caller(tries))


def signs_of_caller(tries: limits.Caller) -> tuple[Sign, ...]:
    """Whether many messages came from the same address in a short time; counts this one."""
    return (Sign.MANY,) if tries.is_one_of_many(limits.MESSAGES) else ()


def _sealed(key: bytes, place_id: UUID, moment: str) -> str:
    return hmac.digest(key, b"form" + place_id.bytes + moment.encode(), "sha256").hex()[:20]
