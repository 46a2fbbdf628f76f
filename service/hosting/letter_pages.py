"""Letters: those that could not be sent, and with which words of its own the place sends them."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, StringConstraints

from service import language as tongues
from service.clock import Now
from service.database import Reads, Writes
from service.days import local_day
from service.doors import Router
from service.errors import Conflict, FieldError, NotFound
from service.hosting.letter_queries import LetterLine, NoticeLine, find_letter_lines, find_notice_lines
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import N_, _
from service.outbox import rules
from service.outbox.letter_actions import let_go, send_again, word_letter
from service.outbox.letter_queries import OwnWords, find_own_words, get_own_words
from service.outbox.models import Purpose
from service.people.access import Administrator
from service.people.letters import invitation_words, new_way, sign_in_words
from service.people.models import Member
from service.places.queries import PlaceCard
from service.safeguarding.letters import urgent_words
from service.tables import Plain

router = Router(prefix="/staff/{c}/settings/letters", include_in_schema=False)

LONGEST = 400
"""Characters of a sentence that a place adds."""

EXAMPLE = "https://example.org/staff/sign-in/..."
Sample = Callable[[PlaceCard, datetime], list[str]]


def _invitation(place: PlaceCard, now: datetime) -> list[str]:
    until = local_day(now, place.time_zone) + timedelta(days=7)
    role, where = _("coordinator"), _("for the whole place")
    return invitation_words([f"{place.name}: {role}, {where}"], new_way(EXAMPLE, until))


SAMPLES: Mapping[Purpose, Sample] = {
    Purpose.INVITATION: _invitation,
    Purpose.SIGN_IN: lambda _place, _now: sign_in_words(EXAMPLE),
    Purpose.URGENT: lambda place, _now: urgent_words([f"https://example.org/staff/{place.slug}/urgent"]),
}
"""What a letter of each kind says by itself: the kinds that a place may add to, in the order of the page."""

WRONG = {
    rules.Wrong.LINK: N_("Leave out addresses. The letter has its own link, and people must be able to trust that it is the only one."),
    rules.Wrong.PLACEHOLDER: N_("Only {place} is filled in. Leave out other braces, brackets and percent signs."),
}

Sentences = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST), Plain]


class WordsForm(BaseModel):
    """What the place adds at the beginning and at the end; either may be empty."""

    opening: Sentences | None = None
    closing: Sentences | None = None
    act: Literal["keep", "look"] = "keep"


Wording = Annotated[Form[WordsForm], Depends(form_of(WordsForm))]


# ---- those that could not be sent ------------------------------------------------------------------------------------


@router.get("", name="hosting.letters")
def letters(request: Request, member: Administrator, reads: Reads) -> HTMLResponse:
    """What was given up, and in which words the place sends what it sends."""
    own = {(one.purpose, one.language): one for one in find_own_words(reads, member.place.id) if one.opening or one.closing}
    return page(
        request,
        "hosting/letters.html",
        place=member.place,
        member=member,
        here="settings",
        headers=PRIVATE,
        lines=find_letter_lines(reads, member.place.id),
        notices=find_notice_lines(reads, member),
        sends_news=sends_news(request),
        sends_mail=request.app.state.settings.sends_mail,
        purposes=tuple(SAMPLES),
        own=own,
        tongues=_tongues(member.place),
    )


@router.post("/given-up/{letter_id}/send", name="hosting.send_again")
def again(request: Request, member: Administrator, letter_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """Posts it anew, to the address that the person has now."""
    lines: list[LetterLine | NoticeLine] = [*find_letter_lines(writes, member.place.id), *find_notice_lines(writes, member)]
    line = next((one for one in lines if one.letter.id == letter_id), None)
    if line is None:
        raise NotFound
    carried = sends_news(request)[line.letter.purpose] if isinstance(line, NoticeLine) else request.app.state.settings.sends_mail
    if isinstance(line, NoticeLine) and not (line.may_send and carried):
        raise Conflict(_("It cannot be sent: nothing is left of where it was to go, or the service does not send such notices."))
    if not line.may_send or not carried:
        raise Conflict(_("It cannot be sent: this person may not sign in any more, or the service sends no mail."))
    send_again(writes, member.actor, member.place.id, letter_id, line.email, now)
    return see_other(request, "hosting.letters", c=member.place.slug)


@router.post("/given-up/{letter_id}/let-go", name="hosting.let_letter_go")
def gone(request: Request, member: Administrator, letter_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """Nobody needs it any more."""
    let_go(writes, member.actor, member.place.id, letter_id, now)
    return see_other(request, "hosting.letters", c=member.place.slug)


# ---- in whose words --------------------------------------------------------------------------------------------------


@router.get("/{purpose}/{language}", name="hosting.letter")
def letter(request: Request, member: Administrator, purpose: str, language: str, reads: Reads, now: Now) -> HTMLResponse:
    """One kind of letter in one language, as it is sent."""
    kind = _known(member.place, purpose, language)
    own = get_own_words(reads, member.place.id, kind, language)
    values = {"opening": own.opening or "", "closing": own.closing or ""}
    return _page(request, member, own, Form(values=values), now)


@router.post("/{purpose}/{language}", name="hosting.word_letter")
def say(request: Request, member: Administrator, purpose: str, language: str, form: Wording, writes: Writes, now: Now) -> Response:
    """Keeps what the place adds, or shows the letter with it."""
    kind = _known(member.place, purpose, language)
    for name in ("opening", "closing"):
        wrong = rules.wrong_words(form.value(name))
        if wrong is not None and not form.error(name):
            form.errors.append(FieldError(name, _(WRONG[wrong])))
    if form.errors or form.filled is None:
        return _page(request, member, get_own_words(writes, member.place.id, kind, language), form, now, 422)
    filled = form.filled
    if filled.act == "look":
        return _page(request, member, OwnWords(kind, language, filled.opening, filled.closing), form, now)
    word_letter(writes, member.actor, member.place.id, kind, language, filled.opening or None, filled.closing or None, now)
    return see_other(request, "hosting.letters", c=member.place.slug)


def sends_news(request: Request) -> dict[Purpose, bool]:
    """In which ways this service can tell somebody that there is news. Browsers it can tell anyhow."""
    settings = request.app.state.settings
    return {Purpose.NEWS: settings.sends_mail or settings.sends_texts, Purpose.PUSH: True}


def _tongues(place: PlaceCard) -> list[tongues.Language]:
    """The languages of the place in which letters to staff are written."""
    return [tongues.Language(code) for code in tongues.for_staff(place.languages) if code in tongues.available()]


def _known(place: PlaceCard, purpose: str, language: str) -> Purpose:
    if purpose not in set(SAMPLES) or language not in {one.code for one in _tongues(place)}:
        raise NotFound
    return Purpose(purpose)


def _page(request: Request, member: Member, own: OwnWords, form: Form[WordsForm], now: Now, status: int = 200) -> HTMLResponse:
    with tongues.speaking(tongues.Language(own.language)):
        sample = own.around(SAMPLES[own.purpose](member.place, now), member.place.name)
    return page(
        request,
        "hosting/letter.html",
        place=member.place,
        member=member,
        here="settings",
        status=status,
        headers=PRIVATE,
        form=form,
        purpose=own.purpose,
        tongue=tongues.Language(own.language),
        sample=sample,
        longest=LONGEST,
    )
