"""Messages that somebody marked, on one page: to put them into a theme, together, or to answer them all at once."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from service.clock import Now
from service.database import Reads, Writes
from service.doors import Router
from service.errors import BadRequest, Conflict, FieldError, Invalid, NotFound
from service.feedback import rules as messages
from service.feedback.answer_models import Came
from service.feedback.many_actions import reply_to_many
from service.feedback.merge_actions import merge
from service.feedback.merge_queries import find_marked
from service.feedback.models import Outcome
from service.feedback.reply_form import ReplyForm, needed_to_reply
from service.html import PRIVATE, Form, form_of, page, see_other
from service.idempotency import Kept, KeyUsed, asked_by, once
from service.language import _
from service.people.access import AtWork, held
from service.people.models import AT_THE_DESK, Member
from service.themes import rules
from service.themes.actions import gather, name_theme
from service.themes.models import MOST_MARKED, MOST_NAME, ThemeForm
from service.themes.pages import told
from service.themes.queries import find_themes

router = Router(prefix="/staff/{c}/together", include_in_schema=False)

OUTCOMES = tuple(one for one in messages.OFFERED_OUTCOMES if one != Outcome.WILL_DO)
"""What several messages are answered with at once. A promise to many is made by a theme, which says what they have in common."""


class GatherForm(BaseModel):
    """Into which theme; without one, into a new one of this name."""

    theme: UUID | None = None
    name: str = ""


class HolderForm(BaseModel):
    """With which of them the others are put together."""

    into: UUID


async def _marked(request: Request) -> list[UUID]:
    """The messages that were marked, each once."""
    async with request.form(max_fields=60 + MOST_MARKED, max_files=0) as sent:
        return _ids([value for value in sent.getlist("message") if isinstance(value, str)])


def _ids(given: list[str]) -> list[UUID]:
    try:
        return list(dict.fromkeys(UUID(one) for one in given))[:MOST_MARKED]
    except ValueError:
        raise BadRequest(_("One of the messages that were marked has no such number.")) from None


Marked = Annotated[list[UUID], Depends(_marked)]
Gathering = Annotated[Form[GatherForm], Depends(form_of(GatherForm))]
Holding = Annotated[Form[HolderForm], Depends(form_of(HolderForm))]
Written = Annotated[Form[ReplyForm], Depends(form_of(ReplyForm))]
Asked = Annotated[list[str] | None, Query(max_length=MOST_MARKED)]


@router.get("", name="themes.together")
def together(request: Request, member: AtWork, reads: Reads, now: Now, message: Asked = None, did: str = "") -> HTMLResponse:
    """All that was marked, and what can be done with it."""
    held(member, *AT_THE_DESK)
    return _page(request, member, reads, _ids(message or []), now, did=did)


@router.post("/theme", name="themes.gather")
def put_into(request: Request, member: AtWork, form: Gathering, marked: Marked, writes: Writes, now: Now) -> Response:
    """Puts them into a theme."""
    held(member, *AT_THE_DESK)
    try:
        theme_id = _theme(writes, member, form, now)
        gather(writes, member, theme_id, marked, now)
    except Invalid as refusal:
        form.errors = []
        form.refuse(refusal, "name")
        return _page(request, member, writes, marked, now, gathering=form, status=422)
    return see_other(request, "themes.theme", c=member.place.slug, theme_id=theme_id)


def _theme(writes: Writes, member: Member, form: Form[GatherForm], now: Now) -> UUID:
    """The theme that was chosen, or a new one of the name that was typed."""
    if form.filled and form.filled.theme:
        return form.filled.theme
    typed = (form.filled.name if form.filled else "").strip()
    if not typed or len(typed) > MOST_NAME:
        raise Invalid(FieldError("name", _("Choose a theme, or name a new one in a few words.")))
    return name_theme(writes, member, ThemeForm(name=typed), now)


@router.post("/merge", name="themes.merge")
def put_together(request: Request, member: AtWork, form: Holding, marked: Marked, writes: Writes, now: Now) -> Response:
    """Puts the others together with one of them; those that cannot be any more stay as they are."""
    held(member, *messages.ANSWERERS)
    form.need({"into": _("Choose the message that says it best.")})
    if form.errors or form.filled is None:
        return _page(request, member, writes, marked, now, holding=form, status=422)
    done = 0
    for one in sorted(set(marked) - {form.filled.into}):
        try:
            done += merge(writes, member, one, form.filled.into, now)
        except (Conflict, NotFound):
            continue
    if not done:
        form.errors = [FieldError("into", _("None of them can be put together with that one any more."))]
        return _page(request, member, writes, marked, now, holding=form, status=409)
    return see_other(request, "feedback.message", c=member.place.slug, message_id=form.filled.into, did="merged")


@router.post("/answer", name="themes.answer_marked")
def answer(request: Request, member: AtWork, form: Written, marked: Marked, writes: Writes, now: Now) -> Response:
    """Answers each that still waits."""
    held(member, *messages.ANSWERERS)
    form.need(needed_to_reply(form))
    if form.value("outcome") == Outcome.WILL_DO:
        form.errors = [FieldError("outcome", _("To promise something to many, put them into a theme and answer that."))]
    if form.errors or form.filled is None:
        return _page(request, member, writes, marked, now, form=form, status=422)
    filled = form.filled

    def given() -> Kept:
        came = reply_to_many(writes, member, marked, filled.reply(None), now)
        if not came[Came.DONE] and not came[Came.PROPOSED]:
            raise Invalid(FieldError("body", _("None of them waits for an answer of yours any more.")))
        return Kept(303, f"answered.{came[Came.DONE]}.{came[Came.PROPOSED]}")

    asked = asked_by(member.place.id, member.person.staff_id, filled.idempotency_key, f"many {sorted(marked)}", filled)
    try:
        kept, _again = once(writes, asked, now, given)
    except (Invalid, KeyUsed) as refusal:
        form.refuse(refusal, "body")
        return _page(request, member, writes, marked, now, form=form, status=refusal.status)
    return see_other(request, "themes.together", c=member.place.slug, did=kept.body)


def _page(
    request: Request,
    member: Member,
    reads: Reads,
    marked: list[UUID],
    now: Now,
    *,
    form: Form[ReplyForm] | None = None,
    gathering: Form[GatherForm] | None = None,
    holding: Form[HolderForm] | None = None,
    did: str = "",
    status: int = 200,
) -> HTMLResponse:
    rows, form = find_marked(reads, member, marked, now), form or Form()
    form.values["idempotency_key"] = str(uuid4())
    answers = rules.may_answer(member.grants)
    return page(
        request,
        "themes/together.html",
        place=member.place,
        member=member,
        here="together",
        status=status,
        headers=PRIVATE,
        rows=rows,
        waiting=[row for row in rows if row.may_answer and row.state in messages.OPEN],
        holders=[row for row in rows if answers and row.may_answer],
        themes=find_themes(reads, member),
        form=form,
        gathering=gathering or Form(),
        holding=holding or Form(),
        wrong=next((one for one in (form, gathering, holding) if one and one.errors), form),
        outcomes=OUTCOMES,
        done=told(did),
    )
