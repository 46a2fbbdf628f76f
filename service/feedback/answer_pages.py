"""The answer as residents meet it: what their code opens, what they say of it, and how they are told that there is news."""

from contextlib import suppress
from functools import partial
from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ValidationError
from pydantic import Field as Limit

from service import limits
from service.clock import Now
from service.consents import actions as consents
from service.database import Writes
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid, NotFound, TooMany
from service.feedback.actions import withdraw
from service.feedback.code_actions import go_without_code
from service.feedback.code_pages import held, show_code
from service.feedback.queries import Answer, get_answer, get_by_code
from service.feedback.receipts import shown, typed
from service.feedback.rules import WRONG_CODE
from service.html import PRIVATE, Form, form_of, page
from service.language import _
from service.loop.actions import add_words, check_reply, note_look
from service.loop.models import Answered, Better, CheckIn
from service.loop.queries import Since, get_since
from service.moderation.actions import appeal
from service.moderation.queries import Standing, get_standing
from service.notices.actions import leave_contact, leave_push
from service.outbox.push import public_key
from service.people.access import ANYONE, Place, Tries
from service.photos.actions import take_photo_back
from service.photos.queries import OwnPhoto, find_own
from service.places.models import Threshold
from service.places.queries import PlaceCard
from service.tables import Paragraph, Words

router = Router(dependencies=[ANYONE], include_in_schema=False)

Act = Literal[
    "read",
    "ask_withdraw",
    "withdraw",
    "ask_appeal",
    "appeal",
    "check",
    "ask_add",
    "add",
    "stop_sharing",
    "share_after_all",
    "forget_contact",
    "leave_contact",
    "leave_push",
    "ask_no_code",
    "no_code",
    "show_photos",
    "ask_photo",
    "take_photo",
]


class AnswerForm(BaseModel):
    """A code, and what to do with the message it opens."""

    code: Annotated[str, Limit(max_length=60)]
    act: Act = "read"
    words: Paragraph | None = None
    answered: Answered | None = None
    better: Better | None = None
    body: Words | None = None
    contact: str | None = None
    subscription: str | None = None
    photo: Annotated[int, Limit(ge=1, le=99)] | None = None
    held: str | None = None
    """The code as the page on which it stands holds it: `code_pages.hold`."""
    with_code: Literal["yes"] | None = None
    """The page on which the code stands asks this, and shows it again."""

    def check(self) -> CheckIn:
        """What is said of the last answer, as the API would have it. Raises: Invalid where the question is not answered."""
        if self.answered is None:
            raise Invalid(FieldError("answered", _("Say whether we answered you.")))
        return CheckIn(code=self.code, answered=self.answered, better=self.better, body=self.body or None)


Asked = Annotated[Form[AnswerForm], Depends(form_of(AnswerForm))]


@router.get("/{c}/answer", name="feedback.answer")
def ask_code(request: Request, place: Place) -> HTMLResponse:
    """Where to type the code."""
    return _ask(request, place, Form())


@router.post("/{c}/answer", name="feedback.read_answer")
def open_answer(request: Request, place: Place, form: Asked, writes: Writes, tries: Tries, now: Now) -> HTMLResponse:
    """What the code opens; also takes the words back, after asking once."""
    if form.value("held") and not form.value("code"):
        _take_code_out(request, form, now)
    if form.filled is None:
        form.errors = [FieldError("code", _(WRONG_CODE) if form.value("code").strip() else _("Type your code."))]
        return _ask(request, place, form, 422)
    keys, code = request.app.state.server_keys, form.filled.code
    refusal: Invalid | Conflict | None = None
    try:
        with tries.opening(limits.WRONG_CODES, _(WRONG_CODE)):
            try:
                _act(request, place, form.filled, writes, now)
            except (Invalid, Conflict) as error:
                refusal, form.errors = error, list(error.errors) or [FieldError("body", error.detail)]
            if form.filled.act == "no_code":
                return show_code(request, place, "", None)
            answer = get_answer(writes, keys, place, code, now)
    except (NotFound, TooMany) as error:
        form.errors = [FieldError("code", error.detail)]
        return _ask(request, place, form, error.status)
    if form.filled.with_code:
        return show_code(request, place, shown(typed(code) or ""), answer.became.answer_by, form, refusal)
    behind = _behind(writes, request, place, form.filled)
    if refusal is None:
        note_look(writes, place, get_by_code(writes, keys, place, code), now)
    return _answer_page(request, place, form, answer, behind, refusal.status if refusal else 200)


def _take_code_out(request: Request, form: Form[AnswerForm], now: Now) -> None:
    form.values["code"] = held(request.app.state.server_keys, form.values.pop("held"), now)
    if form.values["code"]:
        with suppress(ValidationError):
            form.filled = AnswerForm.model_validate({name: value for name, value in form.values.items() if value.strip()})
            form.errors = []


def _act(request: Request, place: PlaceCard, asked: AnswerForm, writes: Writes, now: Now) -> None:
    """Does what is asked for with the code; reading alone asks for nothing. Raises: NotFound, Invalid, Conflict."""
    keys, code = request.app.state.server_keys, asked.code
    loopback = request.app.state.settings.webhook_loopback
    acts: dict[str, Any] = {
        "withdraw": lambda: withdraw(writes, keys, place, code, now),
        "appeal": lambda: appeal(writes, keys, place, code, asked.words or "", now),
        "check": lambda: check_reply(writes, keys, place, asked.check(), now),
        "add": lambda: add_words(writes, keys, place, code, asked.body or "", now),
        "leave_contact": lambda: leave_contact(writes, keys, place, code, asked.contact or "", now),
        "leave_push": lambda: leave_push(writes, keys, place, code, asked.subscription or "", now, loopback=loopback),
        "no_code": lambda: go_without_code(writes, keys, place, code, now),
        "take_photo": lambda: take_photo_back(writes, keys, place, code, asked.photo or 0, now),
        **{name: partial(act, writes, keys, place, code, now) for name, act in consents.ACTS.items()},
    }
    if asked.act in acts:
        acts[asked.act]()


def _behind(reads: Writes, request: Request, place: PlaceCard, asked: AnswerForm) -> tuple[Standing, Since, list[OwnPhoto]]:
    """Where the message stands with moderation, what was said of it after its answer, and its photos."""
    message = get_by_code(reads, request.app.state.server_keys, place, asked.code)
    var = request.app.state.settings.var if asked.act in ("show_photos", "ask_photo") else None
    return get_standing(reads, place.id, message.id, place.time_zone), get_since(reads, message), find_own(reads, message, var=var)


def _ask(request: Request, place: PlaceCard, form: Form[AnswerForm], status: int = 200) -> HTMLResponse:
    return page(request, "feedback/ask_code.html", place=place, here="answer", status=status, headers=PRIVATE, form=form)


def _answer_page(
    request: Request,
    place: PlaceCard,
    form: Form[AnswerForm],
    answer: Answer,
    behind: tuple[Standing, Since, list[OwnPhoto]],
    status: int = 200,
) -> HTMLResponse:
    act = form.filled.act if form.filled else "read"
    standing, since, photos = behind
    photo = next((one for one in photos if form.filled and one.number == form.filled.photo), None)
    if since.check is not None and act != "check":
        form.values |= {"answered": since.check.answered or "", "better": since.check.better or "", "body": since.check.body or ""}
    template = "feedback/answer.html"
    if act == "ask_no_code":
        template = "feedback/ask_no_code.html"
    elif act == "ask_withdraw" and answer.became.state != "withdrawn":
        template = "feedback/ask_withdraw.html"
    elif act == "ask_photo" and photo is not None:
        template = "photos/ask_take_back.html"
    elif act == "ask_add" or (form.errors and (act == "add" or (act == "check" and form.value("body") and not since.may_check))):
        template = "loop/ask_add.html"
    elif standing.may_appeal and (act == "ask_appeal" or (act == "appeal" and form.errors)):
        template = "feedback/ask_appeal.html"
    return page(
        request,
        template,
        place=place,
        here="answer",
        status=status,
        headers=PRIVATE,
        form=form,
        code=form.value("code"),
        check_key=str(uuid4()),
        push_key=public_key(request.app.state.server_keys.current.push),
        answer=answer,
        standing=standing,
        since=since,
        since_looked=answer.news,
        photos=photos,
        photo=photo,
        act=act if status == 200 else "",
        became=answer.became,
        aim=place.thresholds.on(Threshold.ANSWER_WITHIN, answer.received_on),
        just_withdrawn=act == "withdraw",
        just_appealed=act == "appeal" and status == 200,
    )
