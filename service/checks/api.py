"""Community checks over HTTP: say whether it happened."""

from typing import Annotated
from uuid import UUID

from fastapi import Header, Request, Response

from service.checks.actions import check_promise
from service.checks.doors import counted, once_of
from service.checks.models import Came, CheckIn, CheckOut
from service.clock import Now
from service.database import Writes
from service.doors import Router
from service.idempotency import MOST_KEY, REPLAYED, Kept, once
from service.inputs import StrictRoute
from service.people.access import ANYONE, Place, Tries
from service.problems import answers

router = Router(prefix="/api/v1/{c}/promises", tags=["promises"], route_class=StrictRoute)
IdempotencyKey = Annotated[
    str | None,
    Header(min_length=1, max_length=MOST_KEY, description="The same key with the same request is answered the same, for 30 days."),
]


@router.post(
    "/{promise_id}/checks",
    name="checks.api_check",
    status_code=201,
    response_model=CheckOut,
    dependencies=[ANYONE],
    summary="Say whether it happened",
    responses=answers(400, 404, 409, 413, 422, 429, 503),
)
def check(
    place: Place,
    promise_id: UUID,
    given: CheckIn,
    writes: Writes,
    tries: Tries,
    now: Now,
    request: Request,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Counts what somebody sees. With the code of a message or of an invitation it can move the promise; without one it is shown apart.

    One check for each code and promise: with a message's code a later one takes the earlier one's place.
    """

    def work() -> Kept:
        found = check_promise(writes, request.app.state.server_keys, place, promise_id, given, now)
        return Kept(201, f"{found.came} {found.standing}")

    with counted(tries, given.receipt):
        kept, replayed = once(writes, once_of(place, promise_id, idempotency_key, given), now, work)
    came, _space, standing = kept.body.partition(" ")
    body = CheckOut(verdict=given.verdict, came=Came(came), state=standing).model_dump_json()
    headers = {"Cache-Control": "no-store", **(REPLAYED if replayed else {})}
    return Response(body, kept.status, headers, "application/json")
