"""Topics as administrators keep them: what messages can be about, and who gets those messages."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.clock import Now
from service.database import Reads, ReadSession, Writes
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.hosting.models import NewTopicForm, RetireForm, TopicForm
from service.hosting.queries import TopicLine, find_topic_lines
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.people.access import Administrator, AnyAdministrator
from service.people.models import Member, Role
from service.people.rules import reach
from service.places.actions import add_topic
from service.places.models import TopicIn
from service.places.queries import find_organisations
from service.places.rules import code_of
from service.places.setting_actions import bring_back_topic, change_topic, retire_topic

router = Router(prefix="/staff/{c}/settings/topics", include_in_schema=False)

Adding = Annotated[Form[NewTopicForm], Depends(form_of(NewTopicForm))]
Changing = Annotated[Form[TopicForm], Depends(form_of(TopicForm))]
Retiring = Annotated[Form[RetireForm], Depends(form_of(RetireForm))]


@router.get("", name="hosting.topics")
def topics(request: Request, member: AnyAdministrator, reads: Reads) -> HTMLResponse:
    """What messages can be about; for administrators of one organisation, what comes to it."""
    return _topics_page(request, member, reads, Form())


@router.post("", name="hosting.add_topic")
def add(request: Request, member: Administrator, form: Adding, writes: Writes, now: Now) -> Response:
    """Adds one."""
    form.need({"name": _("Say what it is called.")})
    if form.filled is not None:
        given = form.filled
        code = given.code or code_of(given.name)
        if not code:
            form.errors = [FieldError("code", _("Write a short code of letters and figures: this name gives none."))]
        else:
            try:
                new = TopicIn(code=code, name=given.name, organisation=given.organisation)
                add_topic(writes, member.actor, member.place, new, now)
            except Conflict as refusal:
                form.refuse(refusal, "code")
            except NotFound as refusal:
                form.refuse(refusal, "organisation")
    if form.errors:
        return _topics_page(request, member, writes, form, 422)
    return see_other(request, "hosting.topics", c=member.place.slug)


@router.get("/{topic}", name="hosting.topic")
def one(request: Request, member: Administrator, topic: str, reads: Reads) -> HTMLResponse:
    """One topic."""
    line = _line(reads, member, topic)
    return _topic_page(request, member, reads, line, Form(values={"name": line.name, "organisation": line.organisation or ""}))


@router.post("/{topic}", name="hosting.change_topic")
def change(request: Request, member: Administrator, topic: str, form: Changing, writes: Writes, now: Now) -> Response:
    """Another name, or another organisation for what comes from now on."""
    line = _line(writes, member, topic)
    form.need({"name": _("Say what it is called.")})
    if form.filled is not None:
        new = TopicIn(code=line.code, name=form.filled.name, organisation=form.filled.organisation)
        try:
            change_topic(writes, member.actor, member.place, new, now)
        except Invalid as refusal:
            form.refuse(refusal, "organisation")
    if form.errors:
        return _topic_page(request, member, writes, line, form, 422)
    return see_other(request, "hosting.topics", c=member.place.slug)


@router.post("/{topic}/offer", name="hosting.offer_topic")
def offer(request: Request, member: Administrator, topic: str, form: Retiring, writes: Writes, now: Now) -> RedirectResponse:
    """Offers it to nobody any more, or again."""
    act = {"retire": retire_topic, "bring_back": bring_back_topic}[form.must_be_filled().act]
    act(writes, member.actor, member.place, topic, now)
    return see_other(request, "hosting.topics", c=member.place.slug)


def _within(member: Member) -> set[UUID] | None:
    return reach(member.grants, (Role.ADMIN,))


def _line(reads: ReadSession, member: Member, code: str) -> TopicLine:
    found = next((line for line in find_topic_lines(reads, member.place.id, None) if line.code == code), None)
    if found is None:
        raise NotFound
    return found


def _topics_page(request: Request, member: Member, reads: ReadSession, form: Form[NewTopicForm], status: int = 200) -> HTMLResponse:
    within = _within(member)
    return page(
        request,
        "hosting/topics.html",
        place=member.place,
        member=member,
        here="settings",
        status=status,
        headers=PRIVATE,
        form=form,
        whole=within is None,
        topics=find_topic_lines(reads, member.place.id, within),
        organisations=find_organisations(reads, member.place.id) if within is None else [],
    )


def _topic_page(
    request: Request, member: Member, reads: ReadSession, line: TopicLine, form: Form[TopicForm], status: int = 200
) -> HTMLResponse:
    return page(
        request,
        "hosting/topic.html",
        place=member.place,
        member=member,
        here="settings",
        status=status,
        headers=PRIVATE,
        form=form,
        line=line,
        organisations=find_organisations(reads, member.place.id),
    )
