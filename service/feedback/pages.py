"""Feedback as residents meet it: the form, the code, the answer."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from pydantic import Field as Limit

from service import limits
from service.clock import Now
from service.consents import actions as consents
from service.database import Database, Door, Reads, Writes
from service.days import local_day
from service.errors import Conflict, FieldError, Invalid, NotFound, Refusal, TooMany, Unavailable
from service.feedback import intake, rules
from service.feedback.actions import withdraw
from service.feedback.answer_models import Receipt
from service.feedback.models import SOFT, FeedbackIn, Kind, Share
from service.feedback.phone_queries import get_receipt
from service.feedback.queries import Answer, get_answer, get_by_code
from service.feedback.rules import WRONG_CODE
from service.feedback.said_queries import Said, find_newest
from service.html import PRIVATE, Form, form_of, page
from service.language import _
from service.loop.actions import add_words, check_reply, note_look
from service.loop.models import Answered, Better, CheckIn
from service.loop.queries import Since, get_since
from service.moderation.actions import appeal
from service.moderation.queries import Standing, get_standing
from service.offline import QUEUED, arrived, as_asked
from service.people.access import ANYONE, Place, Tries
from service.places.models import LanguageTag, Threshold
from service.places.queries import Choice, PlaceCard, find_area_choices
from service.places.rules import WHOLE_PLACE
from service.promises.models import Promise
from service.promises.queries import get_promise
from service.qr import picture_of
from service.tables import Code, Paragraph, Words

router = APIRouter(dependencies=[ANYONE], include_in_schema=False)


CARDS = 3
"""What others said and what came of it, shown before somebody is asked."""


class TellForm(BaseModel):
    """The form, with the API's names and values."""

    kind: Kind | None = None
    body: Words | None = None
    area: Code | None = None
    promise: UUID | None = None
    share: Share = Share.TEAM_ONLY
    language: LanguageTag | None = None
    idempotency_key: Annotated[str, Limit(max_length=60)]
    code: Annotated[str, Limit(max_length=60)] | None = None
    """Of a message that a script has sent already: its page is shown, and nothing is stored."""

    def message(self) -> FeedbackIn:
        """What is sent on, as the API would have it."""
        given = self.model_dump(exclude={"idempotency_key", "code"})
        return FeedbackIn.model_validate(given)


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
]


class AnswerForm(BaseModel):
    """A code, and what to do with the message it opens."""

    code: Annotated[str, Limit(max_length=60)]
    act: Act = "read"
    words: Paragraph | None = None
    answered: Answered | None = None
    better: Better | None = None
    body: Words | None = None

    def check(self) -> CheckIn:
        """What is said of the last answer, as the API would have it. Raises: Invalid where the question is not answered."""
        if self.answered is None:
            raise Invalid(FieldError("answered", _("Say whether we answered you.")))
        return CheckIn(code=self.code, answered=self.answered, better=self.better, body=self.body or None)


Told = Annotated[Form[TellForm], Depends(form_of(TellForm))]
Asked = Annotated[Form[AnswerForm], Depends(form_of(AnswerForm))]


# ---- tell ------------------------------------------------------------------------------------------------------------


@router.get("/{c}/tell", name="feedback.tell")
@router.get("/{c}/tell/{area}", name="feedback.tell_area")
def show_form(request: Request, place: Place, reads: Reads, now: Now, area: str = "", promise: str = "") -> HTMLResponse:
    """The form; an area in the address, as on a poster, is chosen already, and so is the promise that somebody was reading."""
    form: Form[TellForm] = Form(values={"area": area, "promise": promise})
    return form_page(request, place, _choices(reads, place, form, now), form)


@router.post("/{c}/tell", name="feedback.send")
async def send(place: Place, request: Request, form: Told, database: Door, tries: Tries, now: Now) -> Response:
    """Stores the message and shows its code in the page: it can be in no address, cookie or storage.

    A script sends the same with the header `Said-Queue`, and shows the page of the code after that.
    """
    if code := form.value("code"):
        with tries.opening(limits.WRONG_CODES, _(WRONG_CODE)):
            sent = await database.reading(lambda reads: get_receipt(reads, request.app.state.server_keys, place, code))
        return code_page(request, place, sent)
    try:
        told = form.must_be_filled()
        sender, keys = intake.PUBLIC_SENDER, request.app.state.server_keys
        key = intake.key_bytes(told.idempotency_key, sender)
        receipt, _replayed = await intake.receive(database, place, keys, sender, told.message(), key, now)
    except (Invalid, Conflict, Unavailable) as error:
        refusal = error
        _explain(form, refusal)
        answer = form_page(request, place, await _choices_again(database, place, form, now), form, refusal)
        return as_asked(request, answer, form.value("idempotency_key"), form.errors)
    if QUEUED in request.headers:
        return arrived(told.idempotency_key, receipt.receipt, receipt.answer_by)
    return code_page(request, place, receipt)


def code_page(request: Request, place: PlaceCard, receipt: Receipt) -> HTMLResponse:
    """The code of a message, shown big."""
    return page(
        request,
        "feedback/code.html",
        place=place,
        here="tell",
        headers=PRIVATE,
        receipt=receipt.receipt,
        answer_by=receipt.answer_by,
        picture=picture_of(receipt.receipt.replace("-", "")),
    )


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers: areas, the promise that it is about, and what became of others' words."""

    areas: list[Choice]
    promise: Promise | None = None
    before: tuple[Said, ...] = ()


def _choices(reads: Reads, place: PlaceCard, form: Form[TellForm], now: Now) -> Choices:
    """A promise that nobody may read, or that is not there, is not asked about."""
    try:
        promise = get_promise(reads, place.id, UUID(form.value("promise")), local_day(now, place.time_zone)).row.promise
    except (ValueError, NotFound):
        promise = None
    before = find_newest(reads, place, local_day(now, place.time_zone), CARDS)
    return Choices(find_area_choices(reads, place.id), promise, tuple(before))


async def _choices_again(database: Database, place: PlaceCard, form: Form[TellForm], now: Now) -> Choices:
    """The same; where even reading fails, the area that was chosen, so that nothing typed is lost."""
    try:
        return await database.reading(lambda reads: _choices(reads, place, form, now))
    except Unavailable:
        return Choices([Choice(form.value("area"), form.value("area"))] if form.value("area") else [])


def _explain(form: Form[TellForm], refusal: Refusal) -> None:
    """What to do now, in words beside the field; nothing typed is lost. A key that cannot be used again is replaced."""
    if isinstance(refusal, Conflict):
        form.errors = [FieldError("body", _("You sent a message from this page before. If this is a new one, send it now."))]
    elif isinstance(refusal, Unavailable):
        form.errors = [FieldError("send", _("We could not store your message just now. It is still here: please send it again."))]
        return
    elif not form.errors:
        form.errors = list(refusal.errors)
    if form.filled is not None and not rules.says_something(form.filled.message()):
        form.errors = [FieldError("body", _("Tell us what happened, or pick one choice above."))]
    form.errors = [error for error in form.errors if error.field in ("kind", "body", "area", "share")] or [
        FieldError("send", _("Please send it again."))
    ]
    form.values.pop("idempotency_key", None)


def form_page(
    request: Request,
    place: PlaceCard,
    choices: Choices,
    form: Form[TellForm],
    refusal: Refusal | None = None,
    *,
    without_signal: bool = False,
) -> HTMLResponse:
    """The form; `without_signal` as a phone keeps it."""
    form.values.setdefault("idempotency_key", str(uuid4()))
    form.values.setdefault("share", Share.TEAM_ONLY)
    return page(
        request,
        "feedback/tell.html",
        place=place,
        here="tell",
        status=refusal.status if refusal else 200,
        headers=PRIVATE | (refusal.headers if refusal else {}),
        fragments=("tell_form",),
        form=form,
        areas=choices.areas,
        promise=choices.promise,
        before=choices.before,
        whole_place=WHOLE_PLACE,
        soft_limit=SOFT,
        without_signal=without_signal,
    )


# ---- answer ----------------------------------------------------------------------------------------------------------


@router.get("/{c}/answer", name="feedback.answer")
def ask_code(request: Request, place: Place) -> HTMLResponse:
    """Where to type the code."""
    return _ask(request, place, Form())


@router.post("/{c}/answer", name="feedback.read_answer")
def open_answer(request: Request, place: Place, form: Asked, writes: Writes, tries: Tries, now: Now) -> HTMLResponse:
    """What the code opens; also takes the words back, after asking once."""
    if form.filled is None:
        form.errors = [FieldError("code", _(WRONG_CODE) if form.value("code").strip() else _("Type your code."))]
        return _ask(request, place, form, 422)
    keys, code = request.app.state.server_keys, form.filled.code
    try:
        with tries.opening(limits.WRONG_CODES, _(WRONG_CODE)):
            if form.filled.act == "withdraw":
                withdraw(writes, keys, place, code, now)
            elif form.filled.act == "appeal":
                appeal(writes, keys, place, code, form.filled.words or "", now)
            elif form.filled.act in consents.ACTS:
                consents.ACTS[form.filled.act](writes, keys, place, code, now)
            elif form.filled.act == "check":
                check_reply(writes, keys, place, form.filled.check(), now)
            elif form.filled.act == "add":
                add_words(writes, keys, place, code, form.filled.body or "", now)
            answer = get_answer(writes, keys, place, code, now)
    except (Invalid, Conflict) as refusal:
        form.errors = list(refusal.errors) or [FieldError("body", refusal.detail)]
        answer = get_answer(writes, keys, place, code, now)
        return _answer_page(request, place, form, answer, _behind(writes, request, place, code), refusal.status)
    except (NotFound, TooMany) as refusal:
        form.errors = [FieldError("code", refusal.detail)]
        return _ask(request, place, form, refusal.status)
    behind = _behind(writes, request, place, code)
    note_look(writes, place, get_by_code(writes, keys, place, code), now)
    return _answer_page(request, place, form, answer, behind)


def _behind(reads: Writes, request: Request, place: PlaceCard, code: str) -> tuple[Standing, Since]:
    """Where the message stands with moderation, and what was said of it after its answer."""
    message = get_by_code(reads, request.app.state.server_keys, place, code)
    return get_standing(reads, place.id, message.id, place.time_zone), get_since(reads, message)


def _ask(request: Request, place: PlaceCard, form: Form[AnswerForm], status: int = 200) -> HTMLResponse:
    return page(request, "feedback/ask_code.html", place=place, here="answer", status=status, headers=PRIVATE, form=form)


def _answer_page(
    request: Request, place: PlaceCard, form: Form[AnswerForm], answer: Answer, behind: tuple[Standing, Since], status: int = 200
) -> HTMLResponse:
    act = form.filled.act if form.filled else "read"
    standing, since = behind
    if since.check is not None and act != "check":
        form.values |= {"answered": since.check.answered or "", "better": since.check.better or "", "body": since.check.body or ""}
    template = "feedback/answer.html"
    if act == "ask_withdraw" and answer.became.state != "withdrawn":
        template = "feedback/ask_withdraw.html"
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
        answer=answer,
        standing=standing,
        since=since,
        since_looked=answer.news,
        act=act if status == 200 else "",
        became=answer.became,
        aim=place.thresholds.on(Threshold.ANSWER_WITHIN, answer.received_on),
        just_withdrawn=act == "withdraw",
        just_appealed=act == "appeal" and status == 200,
    )
