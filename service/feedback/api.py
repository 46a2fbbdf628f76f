"""Feedback over HTTP: tell, look up with the code, take back."""

from typing import Annotated
from uuid import uuid4

from fastapi import Depends, Header, Query, Request, Response

from service import limits
from service.clock import Now
from service.database import Reads, Writes
from service.doors import Router
from service.feedback import intake
from service.feedback.actions import withdraw
from service.feedback.answer_models import Became, PublishedOut, Receipt
from service.feedback.arrival import signs_of_caller
from service.feedback.models import CodeIn, FeedbackIn, Kind, State
from service.feedback.published import Wanted, cursor_of, find_published, read_cursor
from service.feedback.queries import get_answer
from service.feedback.rules import WRONG_CODE
from service.inputs import StrictRoute
from service.language import _
from service.paging import Cursor, Limit, Page, page_of
from service.partners.access import perhaps_with
from service.partners.models import Caller, Scope
from service.people.access import ANYONE, Place, Tries
from service.places.models import Out
from service.problems import answers
from service.tables import ExactCode, IsoDay

router = Router(prefix="/api/v1/{c}", tags=["feedback"], route_class=StrictRoute)

Writer = Annotated[Caller | None, Depends(perhaps_with(Scope.FEEDBACK_WRITE))]
IdempotencyKey = Annotated[
    str | None,
    Header(description="Send a fresh random UUID (version 4) with each message, and the same one when you try again.", max_length=200),
]


class Withdrawn(Out):
    """The words are gone."""

    state: str = "withdrawn"


@router.post(
    "/feedback",
    name="feedback.api_tell",
    status_code=201,
    summary="Tell",
    responses={
        200: {
            "model": Receipt,
            "description": "The same message was stored before with this key: its receipt, and `Idempotent-Replayed: true`.",
        },
        **answers(400, 401, 403, 404, 409, 413, 422, 503),
    },
)
async def tell(
    place: Place,
    given: FeedbackIn,
    caller: Writer,
    tries: Tries,
    request: Request,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Receipt:
    """Stores a message and answers the code that opens it. Without a key of your own anyone may; no name is needed."""
    database, now = request.app.state.database, request.app.state.clock()  # no dependencies: to resolve one takes as long as to store a row
    sender = intake.Sender(caller.actor, caller.holder_id.bytes, with_key=True) if caller else intake.PUBLIC_SENDER
    key = intake.key_bytes(idempotency_key, sender) if idempotency_key is not None else uuid4().bytes
    arrival = intake.AS_USUAL if caller else intake.Arrival(signs_of_caller(tries))
    receipt, replayed = await intake.receive(database, place, request.app.state.server_keys, sender, given, key, now, arrival)
    response.headers["Cache-Control"] = "no-store"
    if replayed:
        response.status_code = 200
        response.headers["Idempotent-Replayed"] = "true"
    return receipt


@router.get("/feedback", name="feedback.api_published", dependencies=[ANYONE], summary="Published messages", responses=answers(404, 422))
def published(
    place: Place,
    reads: Reads,
    request: Request,
    response: Response,
    state: Annotated[State | None, Query(description="How far the handling is")] = None,
    kind: Kind | None = None,
    area: Annotated[ExactCode | None, Query(description="An area's code")] = None,
    since: Annotated[IsoDay | None, Query(description="First public in the week of this day, or later")] = None,
    q: Annotated[
        str | None,
        Query(
            max_length=100,
            description="Words that are all in the message: without case and accents, the beginning of a word from three letters on",
        ),
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[PublishedOut]:
    """The messages whose senders let others read the words, once somebody looked at them; with their answers. Weeks, never days."""
    wanted = Wanted(state=state, kind=kind, area=area, since=since, words=q)
    rows = find_published(reads, place, wanted, after=read_cursor(cursor), most=limit + 1)
    return page_of(request, response, rows, limit, key=cursor_of)


@router.post(
    "/receipts", name="feedback.api_answer", dependencies=[ANYONE], summary="Read an answer", responses=answers(400, 404, 413, 422, 429)
)
def read_answer(place: Place, given: CodeIn, reads: Reads, tries: Tries, now: Now, request: Request, response: Response) -> Became:
    """What became of the message that this code opens."""
    response.headers["Cache-Control"] = "no-store"
    with tries.opening(limits.WRONG_CODES, _(WRONG_CODE)):
        return get_answer(reads, request.app.state.server_keys, place, given.code, now).became


@router.post(
    "/receipts/withdraw",
    name="feedback.api_withdraw",
    dependencies=[ANYONE],
    summary="Take words back",
    responses=answers(400, 404, 413, 422, 429, 503),
)
def take_back(place: Place, given: CodeIn, writes: Writes, tries: Tries, now: Now, request: Request, response: Response) -> Withdrawn:
    """Removes the words, and how to reach you, for good. Doing it twice is the same as once."""
    with tries.opening(limits.WRONG_CODES, _(WRONG_CODE)):
        response.headers["Cache-Control"] = "no-store"
        withdraw(writes, request.app.state.server_keys, place, given.code, now)
    return Withdrawn()
