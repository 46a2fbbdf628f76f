"""The loop over HTTP: what the holder of a code says of the answer."""

from fastapi import Request, Response

from service import limits
from service.clock import Now
from service.database import Writes
from service.doors import Router
from service.feedback.answer_models import Became
from service.feedback.queries import get_answer
from service.feedback.rules import WRONG_CODE
from service.inputs import StrictRoute
from service.language import _
from service.loop.actions import check_reply
from service.loop.models import CheckIn
from service.people.access import ANYONE, Place, Tries
from service.problems import answers

router = Router(prefix="/api/v1/{c}", tags=["feedback"], route_class=StrictRoute)


@router.post(
    "/receipts/check",
    name="loop.api_check",
    dependencies=[ANYONE],
    summary="Say whether you were answered",
    responses=answers(400, 404, 409, 413, 422, 429, 503),
)
def check(place: Place, given: CheckIn, writes: Writes, tries: Tries, now: Now, request: Request, response: Response) -> Became:
    """What the holder of this code says of the last answer. `no` opens the message again. Sent again, the last word counts."""
    response.headers["Cache-Control"] = "no-store"
    keys = request.app.state.server_keys
    with tries.opening(limits.WRONG_CODES, _(WRONG_CODE)):
        check_reply(writes, keys, place, given, now)
        return get_answer(writes, keys, place, given.code, now).became
