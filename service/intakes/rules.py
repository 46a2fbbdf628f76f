"""Who may bring what in, and which column a field probably is."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from service.people.models import Grant, Role

PLACE_KINDS = ("areas", "organisations", "comparators", "indicators")
"""What describes a place: for those who set it up."""

OWNED = ("observations", "readings")
"""What is some organisation's own; whose it is must be said."""

MAY_BE_OWNED = ("feedback", "narratives")
PRIVATE = ("feedback", "narratives", "readings")
"""What people said, and what is written down of them: such a file is seen by who sent it and by nobody else."""

KINDS = ("observations", "indicators", "areas", "comparators", "organisations", "promises", "feedback", "narratives", "readings")
"""In the order in which they are offered."""

BRINGERS = (Role.COORDINATOR, Role.ADMIN)

KEPT_FOR = timedelta(days=7)
"""How long a file stays that nobody took in."""

LEASE = timedelta(seconds=60)
"""How long a piece of work is one worker's before another may go on with it."""


def may_bring(grants: Iterable[Grant], kind: str, organisation_id: UUID | None) -> bool:
    """Whether somebody may bring in records of this kind, for this organisation or for none."""
    roles = (Role.ADMIN,) if kind in PLACE_KINDS else BRINGERS
    wholly = kind not in (*OWNED, *MAY_BE_OWNED)
    return any(
        grant.role in roles
        and (grant.organisation_id is None or (not wholly and organisation_id is not None and grant.organisation_id == organisation_id))
        for grant in grants
    )


def kinds_for(grants: Iterable[Grant]) -> list[str]:
    """What somebody may bring in at all."""
    held = list(grants)
    own = [grant.organisation_id for grant in held if grant.organisation_id is not None]
    return [kind for kind in KINDS if any(may_bring(held, kind, one) for one in (None, *own))]


def may_open(grants: Iterable[Grant], kind: str, organisation_id: UUID | None, *, mine: bool) -> bool:
    """Whether somebody may see a file that was sent."""
    return may_bring(grants, kind, organisation_id) and (mine or kind not in PRIVATE)


# ---- which column a field probably is --------------------------------------------------------------------------------

ALSO = {
    "area": ("areacode", "geocode", "geographycode", "geography", "lad", "ladcode", "ward", "wardcode", "onscode", "gsscode"),
    "body": ("comment", "comments", "words", "text", "message", "feedback", "story"),
    "code": ("id", "reference", "areacode", "indicatorcode"),
    "due_on": ("due", "deadline", "targetdate", "by"),
    "group": ("comparator", "comparatorgroup"),
    "indicator": ("indicatorcode", "measure", "series", "indicatorname", "indicatorid"),
    "maker": ("organisation", "council", "owner", "who"),
    "name": ("title", "areaname", "label", "indicatorname"),
    "occurred_on": ("date", "day", "when"),
    "on": ("date", "day"),
    "period": ("year", "date", "month", "quarter", "timeperiod", "time"),
    "person": ("pseudonym", "personid", "client"),
    "provisional": ("isprovisional",),
    "received_at": ("date", "day", "received", "when", "receivedon"),
    "ref": ("id", "reference", "number", "rowid"),
    "text": ("promise", "wording", "words", "commitment"),
    "unit": ("units", "measure"),
    "value": ("figure", "number", "count", "observation", "obsvalue", "score", "amount", "percentage"),
}
"""Other names of fields, as files write them."""

_NOT_LETTERS = re.compile(r"[\W_]+")


def plain(name: str) -> str:
    """A name without what only separates its words."""
    return _NOT_LETTERS.sub("", name).lower()


def guess(fields: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    """For each field the column that it probably is, no column twice. One of the same name comes first."""
    found: dict[str, str] = {}
    free = list(columns)
    for other in (False, True):
        for field in fields:
            if field in found:
                continue
            for wanted in ALSO.get(field, ()) if other else (plain(field),):
                column = next((one for one in free if plain(one) == wanted), None)
                if column is not None:
                    found[field] = column
                    free.remove(column)
                    break
    return found
