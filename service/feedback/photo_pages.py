"""Messages with photos over HTTP: one form of several parts, as a program sends it."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute
from pydantic import ValidationError

from service.clock import Now
from service.database import Door
from service.doors import Router
from service.errors import Invalid, WrongType
from service.feedback import intake
from service.feedback.answer_models import Receipt
from service.feedback.models import FeedbackIn
from service.guard import MOST_WITH_PHOTOS
from service.inputs import StrictRoute, explain, read_json
from service.language import _
from service.partners.access import perhaps_with
from service.partners.models import Caller, Scope
from service.people.access import Place
from service.photos.models import MOST_PHOTOS
from service.photos.rules import KINDS, MOST_BYTES
from service.problems import answers
from service.uploads import is_multipart, read_form


class PartsRoute(StrictRoute):
    """Takes a form of several parts, of which one is JSON and read as strictly as everywhere."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        return APIRoute.get_route_handler(self)


router = Router(prefix="/api/v1/{c}", tags=["feedback"], route_class=PartsRoute)

Writer = Annotated[Caller | None, Depends(perhaps_with(Scope.FEEDBACK_WRITE))]
IdempotencyKey = Annotated[str | None, Header(description="As with `POST feedback`; the photos count as well.", max_length=200)]

_PARTS = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["message"],
                    "properties": {
                        "message": {"type": "string", "description": "The JSON that `POST feedback` takes"},
                        "photo": {"type": "array", "maxItems": MOST_PHOTOS, "items": {"type": "string", "format": "binary"}},
                    },
                },
                "encoding": {"message": {"contentType": "application/json"}, "photo": {"contentType": ", ".join(KINDS)}},
            }
        },
    }
}


@router.post(
    "/feedback/photos",
    name="feedback.api_tell_with_photos",
    status_code=201,
    summary="Tell, with photos",
    responses={
        200: {"model": Receipt, "description": "The same message with the same photos was stored before with this key."},
        **answers(400, 401, 403, 404, 409, 413, 415, 422, 503),
    },
    openapi_extra=_PARTS,
    max_body_size=MOST_WITH_PHOTOS,
)
async def tell_with_photos(
    place: Place,
    caller: Writer,
    database: Door,
    now: Now,
    request: Request,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Receipt:
    """Stores a message with one to three photos. They are made anew without place, date and camera; nobody sees one unlooked at."""
    if not is_multipart(request):
        raise WrongType(_("Send a form of several parts: message, as JSON, and photo, once to three times."))
    sent = await read_form(request, "photo", most_files=MOST_PHOTOS, most_of_a_file=MOST_BYTES)
    try:
        given = FeedbackIn.model_validate(read_json(sent.fields.get("message", "").encode()))
    except ValidationError as error:
        raise Invalid(*explain(error.errors(include_input=False, include_url=False))) from None
    sender = intake.Sender(caller.actor, caller.holder_id.bytes, with_key=True) if caller else intake.PUBLIC_SENDER
    key = intake.key_bytes(idempotency_key, sender) if idempotency_key is not None else uuid4().bytes
    photos = await request.app.state.darkroom.made_anew(sent)
    receipt, replayed = await intake.receive(database, place, request.app.state.server_keys, sender, given, key, now, photos=photos)
    response.headers["Cache-Control"] = "no-store"
    if replayed:
        response.status_code = 200
        response.headers["Idempotent-Replayed"] = "true"
    return receipt
