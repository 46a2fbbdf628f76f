"""The page of those who watch over a place: councillors, funders, regulators. What is shared, and never what was told the team alone."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from service.accountability import letter
from service.accountability.pages import STORIES
from service.accountability.queries import Account, span_of
from service.clock import Now
from service.database import Reads
from service.doors import Router
from service.html import PRIVATE, page
from service.narratives.models import Kind, StoryState
from service.narratives.queries import Reader, find_narratives
from service.narratives.queries import Wanted as WantedStories
from service.people.access import AtWork, held
from service.people.models import Role
from service.promises.models import Standing
from service.promises.queries import Wanted, find_promises_by_need

router = Router(prefix="/staff/{c}", include_in_schema=False)

STUCK = (Standing.DISPUTED, Standing.STALLED, Standing.BROKEN)
"""Besides what is late: where promises do not go as they were made."""


@router.get("/overview", name="accountability.overview")
def overview(request: Request, member: AtWork, reads: Reads, now: Now) -> HTMLResponse:
    """How the place stands, with the bad news in it: promises that are late, what did not work, and every figure to take along."""
    held(member, Role.VIEWER)
    place = member.place
    account = Account(reads, place, span_of(place, now), now)
    today = account.span.today
    promises = find_promises_by_need(reads, place.id, today, Wanted())
    shared = Reader(place.id, today, partner=True)  # what is shared with all who work together, and nothing besides
    among_partners = WantedStories(states=(StoryState.SHARED_PARTNERS,))
    return page(
        request,
        "accountability/overview.html",
        place=place,
        member=member,
        here="overview",
        headers=PRIVATE,
        entries=letter.entries(account),
        late=[row for row in promises if row.overdue],
        stuck=[row for row in promises if not row.overdue and row.promise.standing in STUCK],
        promised=len(promises),
        stories=find_narratives(reads, shared, among_partners, most=STORIES),
        failures=bool(find_narratives(reads, shared, WantedStories(kind=Kind.DID_NOT_WORK), most=1)),
        today=today,
    )
