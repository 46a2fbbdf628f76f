"""The page with the code: after sending, and again after something was asked for on it. The code stands in no address."""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from fastapi import Request
from fastapi.responses import HTMLResponse

from service.errors import Refusal
from service.html import PRIVATE, Form, language_of, page
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
    form, keys = form or Form(), request.app.state.server_keys
    shown = Shown(
        receipt, kept_picture_of(receipt.replace("-", ""), [receipt[:10], receipt[10:]]), hold(keys, receipt, request.app.state.clock())
    )
    act = form.value("act")
    if refusal is not None or form != Form(values={"act": act} if act else {}):
        return _page(request, place, shown, answer_by, form, act="" if refusal else act, status=refusal.status if refusal else 200)
    return _in_frame(request, place, shown, answer_by, form, act)


@dataclass(frozen=True, slots=True)
class Shown:
    """What one page of a code holds, and no other: the code, its picture, and the code as the page's forms hold it."""

    receipt: str
    picture: str
    held: str

    @property
    def parts(self) -> dict[str, str]:
        """As they stand in the page, by what stands for each of them in a frame."""
        code = self.receipt.replace("-", "")
        return dict(zip(HOLES, (code[:4], code[4:8], code[8:12], code[12:], self.picture, self.held), strict=True))


@dataclass(frozen=True, slots=True)
class Frame:
    """The page without what is in no other, in parts: every second one is a hole. Made of these facts of the place, and of no others."""

    place: PlaceCard
    parts: list[str]
    headers: dict[str, str]


_LETTERS = "".join(chr(0xE000 + secrets.randbelow(0x1900)) for _ in range(17))
HOLES = (_LETTERS[:4], _LETTERS[4:8], _LETTERS[8:12], _LETTERS[12:], secrets.token_hex(), secrets.token_hex())
"""What nobody else writes: letters without a meaning, drawn when the service starts."""

_HOLES = re.compile("(" + "|".join(map(re.escape, HOLES)) + ")")
MOST_FRAMES = 50


def _in_frame(request: Request, place: PlaceCard, shown: Shown, answer_by: date | None, form: Form[Any], act: str) -> HTMLResponse:
    """The page, whose frame is rendered once for as long as the facts of its place are not read anew: many may send at the same time."""
    frames: dict[tuple[object, ...], Frame] = request.app.state.frames
    key = (place.id, language_of(request, place).code, request.query_params.get("lang"), answer_by, act)
    frame = frames.get(key)
    if frame is None or frame.place is not place:
        if len(frames) >= MOST_FRAMES:
            frames.clear()
        empty = _page(request, place, Shown(_LETTERS, HOLES[4], HOLES[5]), answer_by, form, act=act)
        headers = {name: value for name, value in empty.headers.items() if name != "content-length"}
        frame = frames[key] = Frame(place, _HOLES.split(bytes(empty.body).decode()), headers)
    parts = shown.parts
    body = "".join(parts[part] if number % 2 else part for number, part in enumerate(frame.parts))
    return HTMLResponse(body, headers=frame.headers)


def _page(
    request: Request, place: PlaceCard, shown: Shown, answer_by: date | None, form: Form[Any], *, act: str, status: int = 200
) -> HTMLResponse:
    return page(
        request,
        "feedback/code.html",
        place=place,
        here="tell",
        status=status,
        headers=PRIVATE,
        receipt=shown.receipt,
        answer_by=answer_by,
        picture=shown.picture,
        push_key=public_key(request.app.state.server_keys.current.push),
        form=form,
        held=shown.held,
        act=act,
    )
