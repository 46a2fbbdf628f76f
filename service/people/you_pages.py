"""A person's own page: who they are here, and in which browsers they are signed in."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from service import language
from service.clock import Now
from service.database import Reads, ReadSession, Writes
from service.doors import Router
from service.errors import Invalid
from service.html import PRIVATE, Form, form_of, page, see_other
from service.people.access import Signed
from service.people.actions import choose_language, choose_reminders, end_other_sessions, end_session
from service.people.models import PasskeyIn, SignedIn
from service.people.pages import has_passkeys
from service.people.queries import find_passkeys, find_roles, find_sessions, wants_reminders
from service.people.second import means_of

router = Router(prefix="/staff/you", include_in_schema=False)

TIME_ZONE = "Europe/London"
"""Where dates are written for a person who works nowhere."""


@router.get("", name="people.you")
def you(request: Request, person: Signed, reads: Reads, now: Now) -> HTMLResponse:
    """Who one is, what one may do where, and one's sessions."""
    return you_page(request, person, reads, now, Form())


@router.post("/sessions/{session_id}/end", name="people.end_session")
def end_one(request: Request, session_id: UUID, person: Signed, writes: Writes, now: Now) -> RedirectResponse:
    """Ends one of one's own sessions: a lost phone, a shared computer."""
    end_session(writes, person, session_id, now)
    return see_other(request, "people.you")


@router.post("/sessions/end-others", name="people.end_other_sessions")
def end_others(request: Request, person: Signed, writes: Writes, now: Now) -> RedirectResponse:
    """Ends every session but this one."""
    end_other_sessions(writes, person, now)
    return see_other(request, "people.you")


class LettersForm(BaseModel):
    """Whether one wants letters about what is due."""

    reminders: Literal["on", "off"]


@router.post("/letters", name="people.choose_letters")
def choose_letters(
    request: Request, person: Signed, form: Annotated[Form[LettersForm], Depends(form_of(LettersForm))], writes: Writes, now: Now
) -> RedirectResponse:
    """Says whether one wants letters about what is due."""
    choose_reminders(writes, person, now, wanted=form.must_be_filled().reminders == "on")
    return see_other(request, "people.you")


class LanguageForm(BaseModel):
    """In which language one works."""

    language: str = ""


@router.post("/language", name="people.choose_language")
def speak(
    request: Request, person: Signed, form: Annotated[Form[LanguageForm], Depends(form_of(LanguageForm))], writes: Writes, now: Now
) -> Response:
    """Says in which language one works, from the next page on."""
    try:
        choose_language(writes, person, form.value("language"), now)
    except Invalid as wrong:
        return you_page(request, person, writes, now, Form(values=form.values, errors=list(wrong.errors)), wrong.status)
    return RedirectResponse(str(request.app.url_path_for("people.you")), 303, PRIVATE)


def you_page(
    request: Request, person: SignedIn, reads: ReadSession, now: datetime, form: Form[PasskeyIn], status: int = 200
) -> HTMLResponse:
    """The page, with what went wrong."""
    roles = find_roles(reads, person.staff_id)
    form.values.setdefault("language", person.language or language.current().code)
    return page(
        request,
        "people/you.html",
        status=status,
        headers=PRIVATE,
        here="you",
        member=person,
        roles=roles,
        time_zone=roles[0].time_zone if roles else TIME_ZONE,
        sessions=find_sessions(reads, person, now),
        passkeys=find_passkeys(reads, person.staff_id),
        may_add=has_passkeys(request),
        reminders=wants_reminders(reads, person.staff_id),
        tongues=[language.Language(code) for code in language.for_staff(language.available())],
        means=means_of(reads, person.staff_id),
        form=form,
    )
