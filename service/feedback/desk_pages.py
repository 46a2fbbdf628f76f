"""Feedback as staff meet it: one message, its reply, and who may read it."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from service.clock import Now
from service.database import Reads, Writes
from service.doors import Router
from service.errors import FieldError, Invalid, NotFound
from service.feedback import rules
from service.feedback.claim_queries import claims_alone, get_checks, must_be_checked
from service.feedback.contact_actions import open_contact
from service.feedback.desk_actions import mark_read, publish, reply, withhold
from service.feedback.desk_queries import get_message_row
from service.feedback.draft_actions import propose
from service.feedback.draft_queries import find_drafts
from service.feedback.merge_queries import find_alike, find_merged
from service.feedback.message_queries import get_message
from service.feedback.models import Outcome, Publication, WithheldReason
from service.feedback.overtaken import ANSWERS, DECISIONS, HANDS, TOGETHER, Overtaken, stop_if_overtaken
from service.feedback.promised_pages import check_promise, make_promised, makers_to_name
from service.feedback.reply_form import BeginForm, ReplyForm, begun_with, needed_to_reply, taken_up
from service.feedback.round_pages import OnRound, Round
from service.feedback.routing_actions import assign, give_back, pass_on
from service.feedback.rules import may_decide
from service.html import PRIVATE, Form, form_of, page, see_other
from service.idempotency import Kept, KeyUsed, asked_by, once
from service.journal.queries import count_done
from service.language import _
from service.moderation.models import AsideReason
from service.moderation.queries import get_standing
from service.moderation.queue_queries import count_like
from service.moderation.rules import BY_HAND, may_set_aside
from service.navigation import first_page_for
from service.people.access import AtWork
from service.people.models import Member
from service.people.queries import find_colleagues
from service.people.rules import reaches
from service.photos.queries import find_photos
from service.places.queries import find_organisations
from service.tables import Code
from service.themes.queries import find_themes
from service.wordings.queries import find_offered

router = Router(prefix="/staff/{c}", include_in_schema=False)


class SeenForm(BaseModel):
    """How much had been done with the message when its page was shown."""

    seen: int | None = None


class WithholdForm(SeenForm):
    """Why offered words are not shown."""

    withheld_reason: WithheldReason


class PassForm(SeenForm):
    """Which organisation gets it."""

    organisation: Code


class AssignForm(SeenForm):
    """Who takes it on; empty: nobody."""

    staff: UUID | None = None


Seen = Annotated[Form[SeenForm], Depends(form_of(SeenForm))]
Passing = Annotated[Form[PassForm], Depends(form_of(PassForm))]
Assigning = Annotated[Form[AssignForm], Depends(form_of(AssignForm))]
Withholding = Annotated[Form[WithholdForm], Depends(form_of(WithholdForm))]
Beginning = Annotated[Form[BeginForm], Depends(form_of(BeginForm))]
Written = Annotated[Form[ReplyForm], Depends(form_of(ReplyForm))]


@router.get("", name="feedback.desk")
def desk(request: Request, member: AtWork) -> RedirectResponse:
    """The collaboration's first staff page: the inbox for who works with messages, for others what they may open."""
    return see_other(request, first_page_for(member), c=member.place.slug)


@router.get("/messages/{message_id}", name="feedback.message")
def message(request: Request, member: AtWork, message_id: UUID, on: OnRound, reads: Reads, now: Now) -> HTMLResponse:
    """One message, what was answered, and what may be done; after something was done, what comes next."""
    return message_page(request, member, reads, message_id, now, on, Form())


@router.post("/messages/{message_id}/read", name="feedback.mark_read")
def mark(request: Request, member: AtWork, message_id: UUID, on: OnRound, writes: Writes, now: Now) -> RedirectResponse:
    """Somebody read it."""
    mark_read(writes, member, message_id, now)
    return on.done(request, member, message_id, "read")


@router.post("/messages/{message_id}/reply", name="feedback.reply")
def answer(request: Request, member: AtWork, message_id: UUID, form: Written, on: OnRound, writes: Writes, now: Now) -> Response:
    """Answers it, and with "we will do this" makes the promise as well. What is refused comes back with everything that was typed."""
    form.need(needed_to_reply(form))
    if form.errors or form.filled is None:
        return message_page(request, member, writes, message_id, now, on, form, 422)
    filled = form.filled
    asked = asked_by(member.place.id, member.person.staff_id, filled.idempotency_key, f"reply {message_id}", filled)
    try:
        kept, _again = once(writes, asked, now, lambda: _answered(writes, member, request, message_id, filled, now))
    except (Invalid, Overtaken) as refusal:
        form.refuse(refusal, "body")
        return message_page(request, member, writes, message_id, now, on, form, refusal.status, overtaken=isinstance(refusal, Overtaken))
    except KeyUsed as refusal:
        form.errors = [FieldError("body", _("You sent an answer from this page before. If this is a new one, send it now."))]
        return message_page(request, member, writes, message_id, now, on, form, refusal.status)
    return on.done(request, member, message_id, kept.body or "replied")


@router.post("/messages/{message_id}/reply/begin", name="feedback.begin_reply")
def begin(request: Request, member: AtWork, message_id: UUID, form: Beginning, on: OnRound, reads: Reads, now: Now) -> HTMLResponse:
    """Puts a wording behind what was typed. Nothing is sent, and nothing that was typed is lost."""
    offered = find_offered(reads, member.place.id, None)
    wording = next((one for one in offered if str(one.id) == form.value("wording")), None)
    form.errors = [] if wording else [FieldError("wording", _("Choose what to begin with."))]
    if wording:
        begun_with(form, wording)
    return message_page(request, member, reads, message_id, now, on, form, 200 if wording else 422)


def _answered(writes: Writes, member: Member, request: Request, message_id: UUID, filled: ReplyForm, now: Now) -> Kept:
    """Gives the answer; or puts it before a second person, where it claims a change and everybody would read it."""
    still = _("Read it above. Yours is kept: send it as a second answer, or leave it.")
    stop_if_overtaken(writes, member, message_id, filled.seen, ANSWERS | HANDS | TOGETHER, now, still)
    message = get_message_row(writes, member, message_id, held=True)
    if filled.outcome and must_be_checked(writes, message, filled.outcome):
        if not reaches(member.grants, rules.ANSWERERS, message.organisation_id):
            raise NotFound
        check_promise(writes, member, filled, now)
        propose(writes, member, message_id, filled.unsent(), now)
        return Kept(303, "proposed")
    card = get_message(writes, request.app.state.server_keys, member, message_id, now)
    promise_id = make_promised(writes, member, filled, card.area_code, now, whole_place=message.whole_place)
    reply(writes, member, message_id, filled.reply(promise_id), now)
    return Kept(303, "")


@router.post("/messages/{message_id}/contact", name="feedback.open_contact")
def show_contact(request: Request, member: AtWork, message_id: UUID, form: Written, on: OnRound, writes: Writes, now: Now) -> HTMLResponse:
    """Shows once how the sender may be reached, beside the answer as far as it was written. Who opened it is in the audit."""
    opened = open_contact(writes, request.app.state.server_keys, member, message_id, now)
    return message_page(request, member, writes, message_id, now, on, Form(values=form.values), contact=opened)


@router.post("/messages/{message_id}/publish", name="feedback.publish")
def show_words(request: Request, member: AtWork, message_id: UUID, form: Seen, on: OnRound, writes: Writes, now: Now) -> Response:
    """Everybody may read the words."""
    try:
        _stop(writes, member, message_id, form, DECISIONS, now)
        publish(writes, member, message_id, now)
    except Overtaken as refusal:
        form.refuse(refusal, "others-h")
        return message_page(request, member, writes, message_id, now, on, Form(), refusal.status, withholding=form)
    return on.done(request, member, message_id, "published")


@router.post("/messages/{message_id}/withhold", name="feedback.withhold")
def keep_words(request: Request, member: AtWork, message_id: UUID, form: Withholding, on: OnRound, writes: Writes, now: Now) -> Response:
    """Nobody else may read the words, and the sender is told why."""
    if form.filled is None:
        form.errors = [FieldError("withheld_reason", _("Choose a reason. The person who wrote it reads it."))]
        return message_page(request, member, writes, message_id, now, on, Form(), 422, withholding=form)
    try:
        _stop(writes, member, message_id, form, DECISIONS, now)
        withhold(writes, member, message_id, form.filled.withheld_reason, now)
    except Overtaken as refusal:
        form.refuse(refusal, "others-h")
        return message_page(request, member, writes, message_id, now, on, Form(), refusal.status, withholding=form)
    return on.done(request, member, message_id, "withheld")


@router.post("/messages/{message_id}/pass-on", name="feedback.pass_on")
def send_on(request: Request, member: AtWork, message_id: UUID, form: Passing, on: OnRound, writes: Writes, now: Now) -> Response:
    """An organisation gets it."""
    try:
        _stop(writes, member, message_id, form, ANSWERS | HANDS, now)
        pass_on(writes, member, message_id, form.filled.organisation if form.filled else "", now)
    except (Invalid, Overtaken) as refusal:
        form.errors = []
        form.refuse(refusal, "organisation")
        return message_page(request, member, writes, message_id, now, on, Form(), refusal.status, handing=form)
    return on.done(request, member, message_id, "passed_on")


@router.post("/messages/{message_id}/give-back", name="feedback.give_back")
def bring_back(request: Request, member: AtWork, message_id: UUID, form: Seen, on: OnRound, writes: Writes, now: Now) -> Response:
    """The team gets it back. Who cannot read it any more is led to the inbox."""
    try:
        _stop(writes, member, message_id, form, ANSWERS | HANDS, now)
        give_back(writes, member, message_id, now)
    except Overtaken as refusal:
        form.refuse(refusal, "hands-h")
        return message_page(request, member, writes, message_id, now, on, Form(), refusal.status, handing=form)
    return on.done(request, member, message_id, "given_back")


@router.post("/messages/{message_id}/assign", name="feedback.assign")
def hand_over(request: Request, member: AtWork, message_id: UUID, form: Assigning, on: OnRound, writes: Writes, now: Now) -> Response:
    """Somebody takes it on, or nobody."""
    staff = form.must_be_filled().staff
    try:
        _stop(writes, member, message_id, form, ANSWERS | HANDS, now)
        assign(writes, member, message_id, staff, now)
    except (Invalid, Overtaken) as refusal:
        form.refuse(refusal, "hands-h")
        return message_page(request, member, writes, message_id, now, on, Form(), refusal.status, handing=form)
    return on.done(request, member, message_id, "assigned" if staff else "released")


def _stop(writes: Writes, member: Member, message_id: UUID, form: Form[Any], verbs: frozenset[str], now: Now) -> None:
    known = form.filled.seen if form.filled else None
    stop_if_overtaken(writes, member, message_id, known, verbs, now, _("Look again. If it should be otherwise, say so once more."))


def message_page(
    request: Request,
    member: Member,
    reads: Reads,
    message_id: UUID,
    now: Now,
    on: Round,
    form: Form[ReplyForm] | Form[BeginForm],
    status: int = 200,
    *,
    withholding: Form[Any] | None = None,
    handing: Form[Any] | None = None,
    merging: Form[Any] | None = None,
    returning: Form[Any] | None = None,
    contact: str | None = None,
    overtaken: bool = False,
) -> HTMLResponse:
    """The page of one message, with what was typed and what is wrong with it."""
    found = get_message(reads, request.app.state.server_keys, member, message_id, now)
    makers = makers_to_name(reads, member, now) if found.may_propose else []
    drafts = find_drafts(reads, member, message_id, found.organisation_id)
    begun = bool(form.value("body")) or any(draft.mine for draft in drafts) or "write" in request.query_params
    if not form.values:
        own = [maker.code for maker in makers]
        form.values = {"promise_maker": found.organisation_code or (own[0] if len(own) == 1 else "")}
        for draft in drafts:
            if draft.mine:
                taken_up(form, draft)
    form.values["idempotency_key"] = str(uuid4())
    seen = str(count_done(reads, member.place.id, message_id))
    if overtaken or not form.value("seen"):
        form.values["seen"] = seen
    handing = handing or Form(values={"staff": str(found.taken_by_id or "")})
    withholding = withholding or Form()
    return page(
        request,
        "feedback/message.html",
        place=member.place,
        member=member,
        here="message",
        status=status,
        headers=PRIVATE,
        form=form,
        message=found,
        contact=contact,
        seen=seen,
        on=on,
        overtaken=overtaken,
        next=on.next(reads, member, message_id, found.received_at, now),
        makers=makers,
        wordings=find_offered(reads, member.place.id, found.row.language) if found.may_propose else [],
        drafts=drafts,
        alone=found.may_publish and claims_alone(reads, member, message_id),
        themes=find_themes(reads, member, of=message_id),
        writing=found.may_answer or (found.may_propose and begun),
        second=rules.needs_second_person(
            get_checks(reads, member.place.id), Outcome.DONE, shown=found.publication == Publication.PUBLISHED
        ),
        returning=returning or Form(),
        photos=find_photos(reads, member, message_id),
        merged=find_merged(reads, member, message_id, now),
        alike=find_alike(reads, member, found, now),
        merging=merging or Form(),
        outcomes=rules.OFFERED_OUTCOMES,
        withholding=withholding,
        handing=handing,
        wrong=next((one for one in (form, withholding, handing, merging, returning) if one and one.errors), form),
        reasons=rules.OFFERED_REASONS,
        standing=get_standing(reads, member.place.id, message_id, member.place.time_zone),
        judges=may_decide(member.grants, found.organisation_id) and found.lane is None,
        like=count_like(reads, member, found.likeness),
        severities=BY_HAND,
        asides=tuple(AsideReason) if may_set_aside(found.row.state) else (),
        colleagues=find_colleagues(reads, member.place.id, rules.ANSWERERS, found.organisation_id) if found.may_assign else [],
        organisations=[one for one in find_organisations(reads, member.place.id) if one.code != found.organisation_code]
        if found.may_pass_on
        else [],
    )
