"""The page with the code: after sending, and again after something was asked for on it. The code stands in no address."""

from datetime import date, datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from fastapi import Request
from fastapi.responses import HTMLResponse

from service.errors import Refusal
from service.html import PRIVATE, Form, page
from service.outbox.push import public_key
from service.places.queries import PlaceCard
from service.qr import kept_picture_of
from service.server_keys import ServerKeys

HELD_FOR = timedelta(hours=1)
"""So long what stands on the page can be used from it."""


def hold(keys: ServerKeys, code: str, now: datetime) -> str:
    """The code as the forms on its page hold it: sealed, and of use for a while only, so that it stands in no field that can be read."""
    return keys.current.contacts.encrypt_at_time(code.encode(), int(now.timestamp())).decode()


def held(keys: ServerKeys, token: str, now: datetime) -> str:
    """The code in what a form held; empty where it is none, or too old."""
    for key in keys:
        try:
            return key.contacts.decrypt_at_time(token.encode(), int(HELD_FOR.total_seconds()), int(now.timestamp())).decode()
        except (InvalidToken, ValueError):
            continue
    return ""


def show_code(
    request: Request, place: PlaceCard, receipt: str, answer_by: date | None, form: Form[Any] | None = None, refusal: Refusal | None = None
) -> HTMLResponse:
    """The code, big and as a picture that can be kept; or, where its sender wants none, that the message is there."""
    if not receipt:
        return page(request, "feedback/no_code.html", place=place, here="tell", headers=PRIVATE)
    form = form or Form()
    return page(
        request,
        "feedback/code.html",
        place=place,
        here="tell",
        status=refusal.status if refusal else 200,
        headers=PRIVATE,
        receipt=receipt,
        answer_by=answer_by,
        picture=kept_picture_of(receipt.replace("-", ""), [receipt[:10], receipt[10:]]),
        push_key=public_key(request.app.state.server_keys.current.push),
        form=form,
        held=hold(request.app.state.server_keys, receipt, request.app.state.clock()),
        act="" if refusal else form.value("act"),
    )
