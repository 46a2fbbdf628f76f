"""How long words, contacts and traces are kept where nobody set it otherwise, and what a place may set.

Source: security.md, "short retention for unshared words"; the periods are ours, and each deployment decides (docs/privacy.md).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from service.keeping.models import Settable
from service.people.models import Grant, Role

DEFAULTS = {Settable.UNSHARED_WORDS: 24, Settable.CONTACTS: 12}
"""Months."""

LEAST = {Settable.UNSHARED_WORDS: 6, Settable.CONTACTS: 1}
MOST = {Settable.UNSHARED_WORDS: 84, Settable.CONTACTS: 24}
"""Months that a place may set. Words that go before they could be answered, checked and questioned would give no account."""

AFTER_AN_ANSWER = timedelta(days=90)
"""How long a contact is kept after the answer was given, so that the answer can be questioned."""

TO_RENEW = timedelta(days=60)
"""After a yes ended, how long words wait for a new one before they count as not shown."""

EVERY = timedelta(hours=24)
"""How often the periods are carried out."""

MONTHS_LEFT = 24
"""Months after somebody's access ended until their name goes."""

assert all(LEAST[one] <= DEFAULTS[one] <= MOST[one] for one in Settable)  # noqa: S101 (said here, so it holds)


def months_before(moment: datetime, months: int) -> datetime:
    """The moment so many calendar months earlier; on the last day of a shorter month where there is no such day."""
    years, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    for day in (moment.day, 30, 29, 28):
        try:
            return moment.replace(year=years, month=month + 1, day=min(day, moment.day))
        except ValueError:
            continue
    raise ValueError("a month has at least 28 days")


def may_set(grants: Iterable[Grant]) -> bool:
    """Whether somebody may set periods and holds: an admin for the whole place."""
    return any(grant.role == Role.ADMIN and grant.organisation_id is None for grant in grants)


def is_due(last_began: datetime | None, now: datetime) -> bool:
    """Whether the periods are to be carried out now."""
    return last_began is None or now - last_began >= EVERY
