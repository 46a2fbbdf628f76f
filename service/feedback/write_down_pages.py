"""Writing down for others: what somebody said on paper, by phone or face to face, one after the other."""

from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel
from pydantic import Field as Limit

from service.clock import Now
from service.database import Door, Reads, ReadSession
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid, Refusal, Unavailable
from service.feedback import intake
from service.feedback.answer_models import Receipt
from service.feedback.models import Channel, FeedbackIn, Kind, Share, Tier
from service.forms_with_files import FormWithFiles, form_with_files
from service.guard import MOST_WITH_PHOTOS
from service.html import PRIVATE, Form, page
from service.language import _
from service.narratives.rules import captured_by
from service.people.access import AtWork, held
from service.people.models import AT_THE_DESK, Member
from service.photos.models import MOST_PHOTOS
from service.photos.rules import KINDS, MOST_BYTES
from service.places.models import LanguageTag
from service.places.queries import find_area_choices, find_topic_choices
from service.places.rules import WHOLE_PLACE
from service.tables import Code, IsoDay, Paragraph, Plain, Words

router = Router(prefix="/staff/{c}/write-down", include_in_schema=False)

LANGUAGES = (
    *("en", "cy", "ar", "bn", "cs", "de", "es", "fa", "fr", "gu", "hi", "hu", "it", "ku", "lt", "lv", "ne", "pa", "pl"),
    *("ps", "pt", "ro", "ru", "so", "ta", "ti", "tr", "uk", "ur", "vi", "yue", "zh"),
)
"""In what people say things here: the words are kept as they were said."""

STAYS = ("channel", "area", "topic", "language", "occurred_on")
"""What is the same for the next sheet of a pile, most often."""


class WriteDownForm(BaseModel):
    """What somebody said, and that they agree to its being written down."""

    channel: Channel
    kind: Kind | None = None
    body: Words | None = None
    want: Paragraph | None = None
    have: Paragraph | None = None
    gap: Paragraph | None = None
    tier: Tier | None = None
    area: Code | None = None
    topic: Code | None = None
    language: LanguageTag | None = None
    occurred_on: IsoDay | None = None
    share: Share = Share.TEAM_ONLY
    contact: Annotated[str, Limit(max_length=200), Plain] | None = None
    agreed: Literal["yes"]
    idempotency_key: Annotated[str, Limit(max_length=60)]

    def message(self) -> FeedbackIn:
        """What is sent on, as the API would have it."""
        given = self.model_dump(exclude={"idempotency_key", "agreed"})
        return FeedbackIn.model_validate({**given, "on_behalf": True})


Written = Annotated[
    FormWithFiles[WriteDownForm], Depends(form_with_files(WriteDownForm, "photo", most_files=MOST_PHOTOS, most_of_a_file=MOST_BYTES))
]


@router.get("", name="feedback.write_down")
def show(request: Request, member: AtWork, reads: Reads) -> HTMLResponse:
    """The form, empty."""
    held(member, *AT_THE_DESK)
    return _page(request, member, reads, Form(values={"channel": Channel.PAPER}))


@router.post("", name="feedback.keep_written", max_body_size=MOST_WITH_PHOTOS)
async def keep(request: Request, member: AtWork, form: Written, database: Door, now: Now) -> HTMLResponse:
    """Stores it, shows its code once for whoever said it, and stands ready for the next: the code can be in no address."""
    held(member, *AT_THE_DESK)
    receipt: Receipt | None = None
    refusal: Refusal | None = None
    try:
        photos = await request.app.state.darkroom.made_anew(form.sent)
        filled = _must_be_whole(form)
        sender = intake.Sender(
            member.actor, member.person.staff_id.bytes, with_key=True, captured_by=captured_by(member.grants, None), may_help=True
        )
        key = intake.key_bytes(filled.idempotency_key, intake.PUBLIC_SENDER)
        keys = request.app.state.server_keys
        receipt, _again = await intake.receive(database, member.place, keys, sender, filled.message(), key, now, photos=photos)
    except (Invalid, Conflict, Unavailable) as error:
        refusal = error
        _explain(form, error)
    shown: Form[WriteDownForm] = form
    if receipt is not None:
        shown = Form(values={name: form.value(name) for name in STAYS})
    return await database.reading(lambda reads: _page(request, member, reads, shown, receipt, refusal.status if refusal else 200))


def _must_be_whole(form: FormWithFiles[WriteDownForm]) -> WriteDownForm:
    """The input. Raises: Invalid with what is missing, in words."""
    form.need({"channel": _("Say how it reached you."), "agreed": _("Write it down only if they know, and agree.")})
    if not any(form.value(name).strip() for name in ("kind", "body", "want", "have", "gap")):
        form.errors.append(FieldError("body", _("Write down what they said, or pick one choice above.")))
    if form.errors or form.filled is None:
        raise Invalid(*form.errors)
    return form.filled


def _explain(form: FormWithFiles[WriteDownForm], refusal: Refusal) -> None:
    if isinstance(refusal, Conflict):
        form.errors = [FieldError("body", _("You sent a message from this page before. If this is a new one, send it now."))]
    elif isinstance(refusal, Unavailable):
        form.errors = [FieldError("save", _("We could not store your message just now. It is still here: please send it again."))]
        return
    elif not form.errors:
        form.errors = [
            error if error.field in WriteDownForm.model_fields or error.field == "photo" else FieldError("save", error.message)
            for error in refusal.errors
        ]
    form.values.pop("idempotency_key", None)


def _page(
    request: Request, member: Member, reads: ReadSession, form: Form[WriteDownForm], receipt: Receipt | None = None, status: int = 200
) -> HTMLResponse:
    form.values.setdefault("idempotency_key", str(uuid4()))
    form.values.setdefault("share", Share.TEAM_ONLY)
    place = member.place
    facts: dict[str, Any] = {
        "areas": find_area_choices(reads, place.id),
        "topics": find_topic_choices(reads, place.id),
        "whole_place": WHOLE_PLACE,
        "tongues": LANGUAGES,
        "receipt": receipt,
        "offers": any(form.value(name) for name in ("want", "have", "gap", "tier")),
        "kinds_of_photo": ",".join(KINDS),
    }
    return page(
        request,
        "feedback/write_down.html",
        place=place,
        member=member,
        here="write_down",
        status=status,
        headers=PRIVATE,
        form=form,
        forget=True,
        **facts,
    )
