"""What is kept, what for, and for how long: for everybody to read."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from service.database import Reads
from service.doors import Router
from service.html import page
from service.keeping import rules
from service.keeping.queries import find_holds, find_last_run, find_months, find_periods
from service.language import _
from service.people.access import ANYONE, Place
from service.register import BASES, TERMS
from service.registered import REGISTER

router = Router(dependencies=[ANYONE], include_in_schema=False)

ABOUT_PEOPLE = ("words", "identity", "pseudonym", "lock", "handling")
"""The classes that concern somebody. Tables that hold nothing of them are left to docs/data-register.md."""


@router.get("/{c}/kept", name="keeping.kept")
def kept(request: Request, place: Place, reads: Reads) -> HTMLResponse:
    """Words, contacts and traces with their periods, then every table that concerns somebody, column by column."""
    tables = [
        (
            _(one.what),
            [(" ".join(columns), _(columns.why), _(BASES[columns.basis or one.basis]), _(TERMS[columns.term])) for columns in one.columns],
        )
        for one in REGISTER
        if any(columns.holds in ABOUT_PEOPLE for columns in one.columns)
    ]
    return page(
        request,
        "keeping/kept.html",
        place=place,
        here="kept",
        months=find_months(reads, place.id),
        periods=find_periods(reads, place.id),
        after_an_answer=rules.AFTER_AN_ANSWER.days,
        held=[hold for hold in find_holds(reads, place.id) if hold.subject is None],
        last_run=find_last_run(reads),
        tables=tables,
    )
