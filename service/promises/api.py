"""Promises over HTTP: make, list, read, say what became of them."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Query, Request, Response

from service.clock import Now
from service.database import Reads, Writes
from service.days import local_day
from service.doors import Router
from service.idempotency import MOST_KEY, REPLAYED, Asked, Kept, once
from service.inputs import StrictRoute
from service.paging import Cursor, Limit, Page, page_of
from service.partners.access import key_with
from service.partners.models import Caller, Scope
from service.people.access import ANYONE, Place
from service.places.queries import PlaceCard
from service.problems import answers
from service.promises.actions import Speaker, make_promise, report_progress
from service.promises.models import ProgressIn, PromiseIn, PromiseOut, Standing
from service.promises.queries import Wanted, find_accounts, find_promises, get_promise, promise_out
from service.tables import ExactCode, IsoDay
from service.tags import IfMatch, must_match

router = Router(prefix="/api/v1/{c}/promises", tags=["promises"], route_class=StrictRoute)
PromisesKey = Annotated[Caller, Depends(key_with(Scope.PROMISES_WRITE))]
IdempotencyKey = Annotated[
    str | None,
    Header(min_length=1, max_length=MOST_KEY, description="The same key with the same request is answered the same, for 30 days."),
]


def _speaker(caller: Caller, place: PlaceCard) -> Speaker:
    own = caller.places.get(place.id)
    return Speaker(actor=caller.actor, organisations=frozenset({own} if own else set()), whole_place=False)


@router.post(
    "",
    name="promises.api_make",
    status_code=201,
    response_model=PromiseOut,
    summary="Make a promise",
    responses=answers(400, 401, 403, 404, 409, 413, 422, 503),
)
def make(place: Place, caller: PromisesKey, given: PromiseIn, writes: Writes, now: Now, idempotency_key: IdempotencyKey = None) -> Response:
    """Makes a promise, published at once, with its exact words, its date, and what will count as kept."""

    def work() -> UUID:
        return make_promise(writes, _speaker(caller, place), place, given, now).id

    return _once(writes, place, caller, idempotency_key, ("promise", given.model_dump_json()), now, work)


@router.get("", name="promises.api_list", dependencies=[ANYONE], summary="Promises", responses=answers(404, 422))
def list_promises(
    place: Place,
    reads: Reads,
    now: Now,
    request: Request,
    response: Response,
    state: Standing | None = None,
    maker: Annotated[ExactCode | None, Query(description="An organisation's code")] = None,
    area: Annotated[ExactCode | None, Query(description="An area's code")] = None,
    due_before: IsoDay | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[PromiseOut]:
    """The promises of a collaboration, in the order in which they were added."""
    wanted = Wanted(state=state, maker=maker, area=area, due_before=due_before)
    today = local_day(now, place.time_zone)
    rows = find_promises(reads, place.id, today, wanted, after=_after(cursor), most=limit + 1)
    page = page_of(request, response, rows, limit, key=lambda row: row.id.hex)
    return Page(items=[promise_out(account) for account in find_accounts(reads, place.id, page.items, today)], next=page.next)


@router.get("/{promise_id}", name="promises.api_show", dependencies=[ANYONE], summary="One promise", responses=answers(404, 422))
def show(place: Place, promise_id: UUID, reads: Reads, now: Now) -> PromiseOut:
    """One promise: what its maker claims, what the evidence is, what residents say, and its history."""
    return promise_out(get_promise(reads, place.id, promise_id, local_day(now, place.time_zone)))


@router.post(
    "/{promise_id}/updates",
    name="promises.api_update",
    status_code=201,
    response_model=PromiseOut,
    summary="Say what became of a promise",
    responses=answers(400, 401, 403, 404, 409, 412, 413, 422, 503),
)
def update(
    place: Place,
    promise_id: UUID,
    caller: PromisesKey,
    given: ProgressIn,
    writes: Writes,
    now: Now,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Adds to the history and, with `to`, moves the promise. A key may claim, and never settles."""

    def work() -> UUID:
        if if_match:
            must_match(if_match, promise_out(get_promise(writes, place.id, promise_id, local_day(now, place.time_zone))))
        return report_progress(writes, _speaker(caller, place), place, promise_id, given, now).promise_id

    return _once(writes, place, caller, idempotency_key, ("update", str(promise_id), given.model_dump_json()), now, work)


def _once(
    writes: Writes, place: PlaceCard, caller: Caller, key: str | None, request: tuple[str, ...], now: Now, work: Callable[[], UUID]
) -> Response:
    """The promise as it stands when the work is done; the same key with the same request is answered the same."""

    def answer() -> Kept:
        account = get_promise(writes, place.id, work(), local_day(now, place.time_zone))
        return Kept(201, promise_out(account).model_dump_json())

    asked = Asked(place.id, caller.holder_id, key, request) if key else None
    kept, replayed = once(writes, asked, now, answer)
    return Response(kept.body, kept.status, REPLAYED if replayed else None, "application/json")


def _after(cursor: str | None) -> UUID | None:
    try:
        return UUID(hex=cursor) if cursor else None
    except ValueError:
        return None
