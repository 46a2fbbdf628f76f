"""The words that a place holds until somebody looks, as those who moderate meet them."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, StringConstraints
from pydantic import Field as Limit

from service.clock import Now
from service.database import Reads, Writes
from service.doors import Router
from service.errors import Invalid, NotFound
from service.feedback.rules import may_decide
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.moderation.actions import add_rule, end_rule
from service.moderation.models import Severity
from service.moderation.phrase_models import SHIPPED
from service.moderation.queries import find_rules
from service.people.access import AtWork
from service.people.models import Member
from service.tables import Plain

router = Router(prefix="/staff/{c}/moderation/words", include_in_schema=False)


class RuleForm(BaseModel):
    """Words, and how careful to be with whatever holds them."""

    phrase: Annotated[str, StringConstraints(strip_whitespace=True), Limit(max_length=80), Plain] = ""
    severity: Severity | None = None


Ruling = Annotated[Form[RuleForm], Depends(form_of(RuleForm))]


@router.get("", name="moderation.words")
def words(request: Request, member: AtWork, reads: Reads) -> HTMLResponse:
    """The place's own words, those that are shipped, and the form for more."""
    return _words_page(request, member, reads, Form())


@router.post("", name="moderation.add_rule")
def add(request: Request, member: AtWork, form: Ruling, writes: Writes, now: Now) -> Response:
    """Words more."""
    form.need({"phrase": _("Write the words that should be held."), "severity": _("Choose what becomes of them.")})
    if not form.errors and form.filled is not None and form.filled.severity is not None:
        try:
            add_rule(writes, member, form.filled.phrase, form.filled.severity, now)
        except Invalid as refusal:
            form.errors = list(refusal.errors)
        else:
            return see_other(request, "moderation.words", c=member.place.slug)
    return _words_page(request, member, writes, form, 422)


@router.post("/{rule_id}/end", name="moderation.end_rule")
def end(request: Request, member: AtWork, rule_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """Words less."""
    end_rule(writes, member, rule_id, now)
    return see_other(request, "moderation.words", c=member.place.slug)


def _words_page(request: Request, member: Member, reads: Reads, form: Form[RuleForm] | Form[BaseModel], status: int = 200) -> HTMLResponse:
    if not may_decide(member.grants, None):
        raise NotFound
    return page(
        request,
        "moderation/words.html",
        place=member.place,
        member=member,
        here="words",
        status=status,
        headers=PRIVATE,
        form=form,
        rules=find_rules(reads, member),
        shipped=[(code, severity, phrases.split("|")) for code, severity, phrases in SHIPPED],
    )
