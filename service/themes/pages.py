"""Themes as staff meet them: the list, and one with its messages and what is answered to all of them."""

from collections import Counter
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel
from pydantic import Field as Limit

from service.clock import Now
from service.database import Reads, Writes
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid, Refused
from service.feedback import rules as messages
from service.feedback.answer_models import Came
from service.feedback.claim_queries import get_checks
from service.feedback.draft_models import Unsent
from service.feedback.promised_pages import check_promise, make_promised, makers_to_name
from service.feedback.reply_form import ReplyForm, form_of_unsent, needed_to_reply
from service.html import PRIVATE, Form, form_of, page, see_other
from service.idempotency import Kept, KeyUsed, asked_by, once
from service.language import _
from service.people.access import AtWork, held
from service.people.models import AT_THE_DESK, Member
from service.tables import Sentence, Words
from service.themes import rules
from service.themes.actions import change_theme, give_answer, name_theme, return_answer, show_theme, take_out, write_answer
from service.themes.giving_actions import give_to_all, tell_all
from service.themes.models import ThemeAnswer, ThemeForm
from service.themes.queries import (
    does_anybody_wait,
    find_answers,
    find_theme_messages,
    find_themes,
    get_answer_to_check,
    get_theme,
    is_read_by_everybody,
)

router = Router(prefix="/staff/{c}/themes", include_in_schema=False)


class ShowForm(BaseModel):
    """Whether everybody reads it."""

    shown: bool


class OutForm(BaseModel):
    """Which message does not belong to it."""

    message: UUID


class NewsForm(BaseModel):
    """Which answer, and what became of it."""

    answer: UUID
    news: Words | None = None
    done: Literal["", "yes"] = ""
    idempotency_key: Annotated[str, Limit(max_length=60)] = ""


class AnswerForm(BaseModel):
    """Which answer, and what should be otherwise."""

    answer: UUID
    why: Sentence = ""


Naming = Annotated[Form[ThemeForm], Depends(form_of(ThemeForm))]
Showing = Annotated[Form[ShowForm], Depends(form_of(ShowForm))]
Leaving = Annotated[Form[OutForm], Depends(form_of(OutForm))]
Written = Annotated[Form[ReplyForm], Depends(form_of(ReplyForm))]
Telling = Annotated[Form[NewsForm], Depends(form_of(NewsForm))]
Answering = Annotated[Form[AnswerForm], Depends(form_of(AnswerForm))]


@router.get("", name="themes.list")
def themes(request: Request, member: AtWork, reads: Reads) -> HTMLResponse:
    """All of them, and the form of a new one."""
    return _list_page(request, held(member, *AT_THE_DESK), reads, Form(values={"named_by": "staff"}))


@router.post("", name="themes.name")
def name(request: Request, member: AtWork, form: Naming, writes: Writes, now: Now) -> Response:
    """Adds one."""
    held(member, *AT_THE_DESK)
    form.need({"name": _("Give it a name.")})
    try:
        if not form.errors and form.filled is not None:
            return see_other(request, "themes.theme", c=member.place.slug, theme_id=name_theme(writes, member, form.filled, now))
    except Invalid as refusal:
        form.refuse(refusal, "name")
    return _list_page(request, member, writes, form, 422)


@router.get("/{theme_id}", name="themes.theme")
def theme(request: Request, member: AtWork, theme_id: UUID, reads: Reads, now: Now, did: str = "") -> HTMLResponse:
    """One of them, as far as this member may read its messages."""
    return _theme_page(request, held(member, *AT_THE_DESK), reads, theme_id, now, did=did)


@router.post("/{theme_id}", name="themes.change")
def change(request: Request, member: AtWork, theme_id: UUID, form: Naming, writes: Writes, now: Now) -> Response:
    """Calls it otherwise."""
    held(member, *AT_THE_DESK)
    get_theme(writes, member.place.id, theme_id)
    form.need({"name": _("Give it a name.")})
    try:
        if not form.errors and form.filled is not None:
            change_theme(writes, member, theme_id, form.filled, now)
            return _back(request, member, theme_id)
    except Invalid as refusal:
        form.refuse(refusal, "name")
    return _theme_page(request, member, writes, theme_id, now, naming=form, status=422)


@router.post("/{theme_id}/show", name="themes.show")
def show(request: Request, member: AtWork, theme_id: UUID, form: Showing, writes: Writes, now: Now) -> RedirectResponse:
    """Lets everybody read it, or nobody else any more."""
    held(member, *AT_THE_DESK)
    show_theme(writes, member, theme_id, now, shown=form.must_be_filled().shown)
    return _back(request, member, theme_id)


@router.post("/{theme_id}/take-out", name="themes.take_out")
def leave(request: Request, member: AtWork, theme_id: UUID, form: Leaving, writes: Writes, now: Now) -> RedirectResponse:
    """A message does not belong to it."""
    held(member, *AT_THE_DESK)
    take_out(writes, member, theme_id, form.must_be_filled().message, now)
    return _back(request, member, theme_id)


# ---- what is answered to all -----------------------------------------------------------------------------------------


@router.post("/{theme_id}/answer", name="themes.answer")
def answer(request: Request, member: AtWork, theme_id: UUID, form: Written, writes: Writes, now: Now) -> Response:
    """Answers everybody who waits, each with a reply of their own; or puts the answer before a second person."""
    held(member, *messages.ANSWERERS)
    get_theme(writes, member.place.id, theme_id)
    form.need(needed_to_reply(form))
    if form.errors or form.filled is None:
        return _theme_page(request, member, writes, theme_id, now, form=form, status=422)
    filled = form.filled
    asked = asked_by(member.place.id, member.person.staff_id, filled.idempotency_key, f"theme {theme_id}", filled)
    try:
        kept, _again = once(writes, asked, now, lambda: _answered(writes, member, theme_id, filled, now))
    except Invalid as refusal:
        form.refuse(refusal, "body")
        return _theme_page(request, member, writes, theme_id, now, form=form, status=422)
    except KeyUsed as refusal:
        form.errors = [FieldError("body", _("You sent an answer from this page before. If this is a new one, send it now."))]
        return _theme_page(request, member, writes, theme_id, now, form=form, status=refusal.status)
    return _back(request, member, theme_id, kept.body)


def _answered(writes: Writes, member: Member, theme_id: UUID, filled: ReplyForm, now: Now) -> Kept:
    row = get_theme(writes, member.place.id, theme_id, held=True)
    if not does_anybody_wait(writes, member, theme_id):
        raise Invalid(FieldError("body", _("Nobody who told of this waits for an answer of yours.")))
    outcome = filled.reply(None).outcome
    if rules.waits_for_second(get_checks(writes, member.place.id), outcome, shown=is_read_by_everybody(writes, member, row)):
        check_promise(writes, member, filled, now)
        write_answer(writes, member, theme_id, filled.unsent(), now, waits=True)
        return Kept(303, "proposed")
    promise_id = make_promised(writes, member, filled, None, now, whole_place=False)
    answer_id = write_answer(writes, member, theme_id, filled.unsent(), now, promise_id=promise_id, waits=False)
    return Kept(303, _did(give_to_all(writes, member, theme_id, answer_id, now)))


@router.post("/{theme_id}/answer/give", name="themes.give_answer")
def give(request: Request, member: AtWork, theme_id: UUID, form: Answering, writes: Writes, now: Now) -> Response:
    """Gives what somebody else wrote; with "we will do this" the promise is made now."""
    held(member, *messages.ANSWERERS)
    row = get_answer_to_check(writes, member, theme_id, form.must_be_filled().answer)
    try:
        promise_id = make_promised(writes, member, _typed(row), None, now, whole_place=False)
    except (Invalid, Refused) as refusal:
        form.errors = [FieldError("proposed-h", " ".join(error.message for error in refusal.errors) or refusal.detail)]
        return _theme_page(request, member, writes, theme_id, now, returning=form, status=refusal.status)
    give_answer(writes, member, theme_id, row.id, promise_id, now)
    return _back(request, member, theme_id, _did(give_to_all(writes, member, theme_id, row.id, now)))


@router.post("/{theme_id}/answer/rest", name="themes.answer_rest")
def answer_rest(request: Request, member: AtWork, theme_id: UUID, form: Answering, writes: Writes, now: Now) -> RedirectResponse:
    """Gives an answer that was given before to those who came since."""
    held(member, *messages.ANSWERERS)
    return _back(request, member, theme_id, _did(give_to_all(writes, member, theme_id, form.must_be_filled().answer, now)))


@router.post("/{theme_id}/answer/return", name="themes.return_answer")
def hand_back(request: Request, member: AtWork, theme_id: UUID, form: Answering, writes: Writes, now: Now) -> Response:
    """Gives it back to who wrote it."""
    held(member, *messages.ANSWERERS)
    filled = form.must_be_filled()
    try:
        return_answer(writes, member, theme_id, filled.answer, filled.why, now)
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal, "why")
        return _theme_page(request, member, writes, theme_id, now, returning=form, status=refusal.status)
    return _back(request, member, theme_id, "returned")


@router.post("/{theme_id}/news", name="themes.tell_all")
def tell(request: Request, member: AtWork, theme_id: UUID, form: Telling, writes: Writes, now: Now) -> Response:
    """Tells everybody who has an answer what became of it."""
    held(member, *messages.ANSWERERS)
    form.need({"news": _("Write what became of it.")})
    if form.errors or form.filled is None:
        get_theme(writes, member.place.id, theme_id)
        return _theme_page(request, member, writes, theme_id, now, telling=form, status=422)
    filled = form.filled

    def work() -> Kept:
        tell_all(writes, member, theme_id, filled.answer, filled.news or "", now, done=filled.done == "yes")
        return Kept(303, "told")

    asked = asked_by(member.place.id, member.person.staff_id, filled.idempotency_key, f"theme news {theme_id}", filled)
    try:
        once(writes, asked, now, work)
    except (Conflict, Invalid) as refusal:
        used = _("You sent something from this page before. If this is new, send it now.")
        form.errors = [FieldError("news", used)] if isinstance(refusal, KeyUsed) else []
        if not form.errors:
            form.refuse(refusal, "news")
        return _theme_page(request, member, writes, theme_id, now, telling=form, status=refusal.status)
    return _back(request, member, theme_id, "told")


def _typed(row: ThemeAnswer) -> ReplyForm:
    return form_of_unsent(Unsent(row.outcome, row.body, row.reason, row.promised, row.no_kind))


def _did(came: Counter[Came]) -> str:
    """What was done, as an address says it: how many were answered, and for how many a second person looks first."""
    return f"answered.{came[Came.DONE]}.{came[Came.PROPOSED]}"


def _back(request: Request, member: Member, theme_id: UUID, did: str = "") -> RedirectResponse:
    return see_other(request, "themes.theme", c=member.place.slug, theme_id=theme_id, did=did)


def told(did: str) -> dict[str, Any]:
    """What an address says was done; of anything else, nothing."""
    what, _dot, rest = did.partition(".")
    numbers = [int(one) for one in rest.split(".") if one.isdecimal() and len(one) < 4]
    if what == "answered" and len(numbers) == 2:
        return {"what": what, "given": numbers[0], "proposed": numbers[1]}
    return {"what": what} if did in ("proposed", "returned", "told") else {}


# ---- the pages -------------------------------------------------------------------------------------------------------


def _list_page(request: Request, member: Member, reads: Reads, form: Form[ThemeForm], status: int = 200) -> HTMLResponse:
    return page(
        request,
        "themes/list.html",
        place=member.place,
        member=member,
        here="themes",
        status=status,
        headers=PRIVATE,
        form=form,
        themes=find_themes(reads, member),
    )


def _theme_page(
    request: Request,
    member: Member,
    reads: Reads,
    theme_id: UUID,
    now: Now,
    *,
    form: Form[ReplyForm] | None = None,
    naming: Form[ThemeForm] | None = None,
    returning: Form[AnswerForm] | None = None,
    telling: Form[NewsForm] | None = None,
    did: str = "",
    status: int = 200,
) -> HTMLResponse:
    get_theme(reads, member.place.id, theme_id)
    [line] = find_themes(reads, member, only=theme_id)
    form, telling = form or Form(), telling or Form()
    form.values["idempotency_key"] = str(uuid4())
    telling.values["idempotency_key"] = str(uuid4())
    return page(
        request,
        "themes/theme.html",
        place=member.place,
        member=member,
        here="themes",
        status=status,
        headers=PRIVATE,
        theme=line,
        rows=find_theme_messages(reads, member, theme_id, now),
        answers=find_answers(reads, member, theme_id, now),
        form=form,
        naming=naming or Form(values={"name": line.name, "about": line.about or "", "named_by": line.named_by}),
        returning=returning or Form(),
        telling=telling,
        wrong=next((one for one in (form, naming, returning, telling) if one and one.errors), form),
        makers=makers_to_name(reads, member, now),
        outcomes=messages.OFFERED_OUTCOMES,
        may_answer=rules.may_answer(member.grants),
        may_show=rules.may_show(member.grants),
        done=told(did),
    )
