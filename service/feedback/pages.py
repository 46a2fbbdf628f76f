"""The form in which residents tell us something, and the code that they get for it."""

from dataclasses import dataclass, field
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from pydantic import Field as Limit

from service import limits
from service.clock import Now
from service.database import Database, Door, Reads
from service.days import local_day
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid, NotFound, Refusal, Unavailable
from service.feedback import intake
from service.feedback.arrival import mark_of, signs_of_form
from service.feedback.code_pages import show_code
from service.feedback.models import SOFT, FeedbackIn, Kind, Share, Tier
from service.feedback.phone_queries import get_receipt
from service.feedback.rules import WRONG_CODE
from service.feedback.said_queries import Said, find_newest
from service.forms_with_files import FormWithFiles, form_with_files
from service.guard import MOST_WITH_PHOTOS
from service.html import PRIVATE, Form, page
from service.language import _
from service.notices.rules import contact_in
from service.offline import QUEUED, arrived, as_asked
from service.people.access import ANYONE, Place, Tries
from service.photos.models import MOST_PHOTOS
from service.photos.rules import KINDS, MOST_BYTES
from service.places.models import LanguageTag
from service.places.queries import Choice, PlaceCard, find_area_choices, find_topic_choices
from service.places.rules import WHOLE_PLACE
from service.promises.models import Promise
from service.promises.queries import get_promise
from service.tables import Code, Paragraph, Sentence, Words

router = Router(dependencies=[ANYONE], include_in_schema=False)
sending = Router(dependencies=[ANYONE], include_in_schema=False)
"""What is sent stands apart, so that it can be asked among the first routes."""


SHOWN = ("kind", "body", "want", "have", "gap", "tier", "photo", "area", "topic", "on_behalf", "share", "contact")
"""The fields that stand in the form, in its order."""

CARDS = 3
"""What others said and what came of it, shown before somebody is asked."""


class TellForm(BaseModel):
    """The form, with the API's names and values."""

    kind: Kind | None = None
    body: Words | None = None
    want: Paragraph | None = None
    have: Paragraph | None = None
    gap: Paragraph | None = None
    tier: Tier | None = None
    area: Code | None = None
    topic: Code | None = None
    promise: UUID | None = None
    share: Share = Share.TEAM_ONLY
    language: LanguageTag | None = None
    on_behalf: Literal["yes"] | None = None
    idempotency_key: Annotated[str, Limit(max_length=60)]
    code: Annotated[str, Limit(max_length=60)] | None = None
    """Of a message that a script has sent already: its page is shown, and nothing is stored."""
    answer_me: Literal["no", "yes"] | None = None
    contact: Sentence | None = None
    no_code: str | None = None
    """`yes`: nothing is to open it."""
    homepage: str | None = None
    """A field that people do not see. What stands in it is only a sign."""
    made: str | None = None
    """When the form was made, as `arrival.mark_of` says it."""

    def message(self) -> FeedbackIn:
        """What is sent on, as the API would have it. Raises: Invalid for a contact that is none."""
        own = {"idempotency_key", "code", "on_behalf", "answer_me", "contact", "no_code", "homepage", "made"}
        given = self.model_dump(exclude=own)
        return FeedbackIn.model_validate({**given, "contact": self.reached_by(), "on_behalf": True if self.on_behalf else None})

    def reached_by(self) -> str | None:
        """An e-mail address or a phone number for the answer; nothing where none is wanted. Raises: Invalid."""
        if self.answer_me == "no" or (self.answer_me is None and not self.contact):
            return None
        found = contact_in(self.contact or "")
        if found is None:
            raise Invalid(FieldError("contact", _("Write an e-mail address or a phone number, for instance 07700 900123.")))
        if self.no_code == "yes":
            raise Invalid(FieldError("contact", _("Without a code you cannot read our answer. Say no here, or take a code.")))
        return found


WITH_PHOTOS = form_with_files(TellForm, "photo", most_files=MOST_PHOTOS, most_of_a_file=MOST_BYTES)
Told = Annotated[FormWithFiles[TellForm], Depends(WITH_PHOTOS)]


# ---- tell ------------------------------------------------------------------------------------------------------------


@router.get("/{c}/tell", name="feedback.tell")
@router.get("/{c}/tell/{area}", name="feedback.tell_area")
def show_form(request: Request, place: Place, reads: Reads, now: Now, area: str = "", promise: str = "", topic: str = "") -> HTMLResponse:
    """The form; an area in the address, as on a poster, is chosen already, and so are a topic and the promise that somebody was reading."""
    if over := intake.end_of(place, now):
        return page(request, "feedback/over.html", place=place, here="tell", headers=PRIVATE, words=over)
    form: Form[TellForm] = Form(values={"area": area, "promise": promise, "topic": topic[:40]})
    return form_page(request, place, _choices(reads, place, form, now), form)


@sending.post("/{c}/tell", name="feedback.send", max_body_size=MOST_WITH_PHOTOS)
async def send(place: Place, request: Request, form: Told, database: Door, tries: Tries, now: Now) -> Response:
    """Stores the message and shows its code in the page: it can be in no address, cookie or storage.

    A script sends the same with the header `Said-Queue`, and shows the page of the code after that.
    """
    if code := form.value("code"):
        with tries.opening(limits.WRONG_CODES, _(WRONG_CODE)):
            sent = await database.reading(lambda reads: get_receipt(reads, request.app.state.server_keys, place, code))
        return show_code(request, place, sent.receipt, sent.answer_by, _left(contact=bool(form.value("contact"))))
    try:
        photos = await request.app.state.darkroom.made_anew(form.sent)
        told = form.must_be_filled()
        sender, keys = intake.AT_THE_FORM, request.app.state.server_keys
        key = intake.key_bytes(told.idempotency_key, sender)
        trap, mark = told.homepage or "", told.made or ""
        signs = signs_of_form(keys, place.id, trap=trap, mark=mark, tries=tries, now=now)
        arrival = intake.Arrival(signs, codeless=told.no_code == "yes")
        receipt, _replayed = await intake.receive(database, place, keys, sender, told.message(), key, now, arrival, photos=photos)
    except (Invalid, Conflict, Unavailable) as error:
        refusal = error
        _explain(form, refusal)
        answer = form_page(request, place, await _choices_again(database, place, form, now), form, refusal)
        return as_asked(request, answer, form.value("idempotency_key"), form.errors)
    if QUEUED in request.headers:
        return arrived(told.idempotency_key, receipt.receipt or None, receipt.answer_by)
    return show_code(request, place, receipt.receipt, receipt.answer_by, _left(contact=bool(told.reached_by())))


def _left(*, contact: bool) -> Form[TellForm]:
    """What the page of the code knows of the form: whether a way to be reached was left, so that it is not asked for again."""
    return Form(values={"act": "leave_contact"} if contact else {})


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers: areas, the promise that it is about, and what became of others' words."""

    areas: list[Choice]
    topics: list[Choice] = field(default_factory=list)
    promise: Promise | None = None
    before: tuple[Said, ...] = ()


def _choices(reads: Reads, place: PlaceCard, form: Form[TellForm], now: Now) -> Choices:
    """A promise that nobody may read, or that is not there, is not asked about."""
    try:
        promise = get_promise(reads, place.id, UUID(form.value("promise")), local_day(now, place.time_zone)).row.promise
    except (ValueError, NotFound):
        promise = None
    before = find_newest(reads, place, local_day(now, place.time_zone), CARDS)
    return Choices(find_area_choices(reads, place.id), find_topic_choices(reads, place.id), promise, tuple(before))


async def _choices_again(database: Database, place: PlaceCard, form: Form[TellForm], now: Now) -> Choices:
    """The same; where even reading fails, the area that was chosen, so that nothing typed is lost."""
    try:
        return await database.reading(lambda reads: _choices(reads, place, form, now))
    except Unavailable:
        areas, topics = ([Choice(code, code)] if code else [] for code in (form.value("area"), form.value("topic")))
        return Choices(areas, topics)


def _explain(form: Form[TellForm], refusal: Refusal) -> None:
    """What to do now, in words beside the field; nothing typed is lost. A key that cannot be used again is replaced."""
    if isinstance(refusal, intake.Over):
        kept = _("What you wrote is still in this form.")
        form.errors = [FieldError("send", f"{refusal.detail} {kept}")]
        return
    if isinstance(refusal, Conflict):
        form.errors = [FieldError("body", _("You sent a message from this page before. If this is a new one, send it now."))]
    elif isinstance(refusal, Unavailable):
        form.errors = [FieldError("send", _("We could not store your message just now. It is still here: please send it again."))]
        return
    elif not form.errors:
        form.errors = list(refusal.errors)
    if form.filled is not None and not _says_something(form.filled):
        form.errors = [FieldError("body", _("Tell us what happened, or pick one choice above."))]
    form.errors = [error for error in form.errors if error.field in SHOWN] or [FieldError("send", _("Please send it again."))]
    form.values.pop("idempotency_key", None)


def _says_something(told: TellForm) -> bool:
    return bool(told.kind or told.body or told.want or told.have or told.gap)


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
    form.values.setdefault("answer_me", "no")
    form.values["made"] = mark_of(request.app.state.server_keys, place.id, request.app.state.clock())
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
        topics=choices.topics,
        offers=bool(refusal is None and "offers" in request.query_params)
        or any(form.value(name) for name in ("want", "have", "gap", "tier")),
        more=any(form.error(name) or form.value(name) for name in ("photo", "topic", "on_behalf")),
        kinds_of_photo=",".join(KINDS),
        promise=choices.promise,
        before=choices.before,
        whole_place=WHOLE_PLACE,
        soft_limit=SOFT,
        without_signal=without_signal,
    )
