"""Going through the inbox one message after the other: which list somebody came from, what they have just done, and what comes next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse

from service.database import ReadSession
from service.feedback import rules
from service.html import see_other
from service.inbox.choice_queries import FIELDS, read_wanted
from service.inbox.queries import Row, find_next
from service.people.access import AtWork
from service.people.models import Member
from service.people.rules import reaches

DID = (
    frozenset({"replied", "read", "published", "withheld", "passed_on", "given_back", "assigned", "released"})
    | frozenset({"kept", "dropped", "proposed", "given", "returned", "merged", "unmerged"})
    | frozenset({"followed_up", "reopened", "put_away"})
)
MOST_WORDS = 80


@dataclass(frozen=True, slots=True)
class Next:
    """What comes after this message in the list that somebody goes through, and how many wait there, it included."""

    row: Row | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Round:
    """The list that somebody goes through, as its address says it, and what they have just done."""

    where: dict[str, str]
    did: str

    def done(self, request: Request, member: Member, message_id: UUID, did: str) -> RedirectResponse:
        """Back to the message, which says so and leads on. Who cannot read it any more is led to the inbox."""
        if did == "given_back" and not reaches(member.grants, rules.READERS, None):
            return see_other(request, "inbox.list", c=member.place.slug, **self.where)
        return see_other(request, "feedback.message", c=member.place.slug, message_id=message_id, **self.where, did=did)

    def next(self, reads: ReadSession, member: Member, message_id: UUID, received_at: datetime, now: datetime) -> Next | None:
        """What comes next, for somebody who goes through a list."""
        if not self.where and not self.did:
            return None
        row, waiting = find_next(reads, member, read_wanted(reads, member, self.where), now, beyond=(received_at, message_id))
        return Next(row, waiting)


def _round(request: Request, _member: AtWork) -> Round:
    asked = request.query_params
    did = asked.get("did", "")
    where = {name: asked[name][:MOST_WORDS] for name in ("part", *FIELDS) if asked.get(name)}
    return Round(where, did if did in DID and request.method == "GET" else "")


OnRound = Annotated[Round, Depends(_round)]
