"""A bit about you, and who is heard: pages for everybody."""

from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from service.clock import Now
from service.database import Reads, Writes
from service.days import local_day
from service.doors import Router
from service.equality.actions import count_answers
from service.equality.models import ANSWERS, Question
from service.equality.queries import find_heard
from service.html import PRIVATE, Form, form_of, page, see_other
from service.page_cache import keep
from service.people.access import ANYONE, Place

router = Router(dependencies=[ANYONE], include_in_schema=False)


class AboutYouForm(BaseModel):
    """What somebody says of themselves; what is left out, or rather not said, is nowhere."""

    age: str = ""
    sex: str = ""
    ethnicity: str = ""
    disability: str = ""
    caring: str = ""
    language: str = ""
    turn: UUID | Literal[""] = ""

    def answers(self) -> dict[Question, str]:
        """By question."""
        return {question: getattr(self, question) for question in Question}


Said = Annotated[Form[AboutYouForm], Depends(form_of(AboutYouForm))]


@router.get("/{c}/about-you", name="equality.ask")
def ask(request: Request, place: Place) -> HTMLResponse:
    """The questions, on a page of their own that knows nothing of any message."""
    return _ask(request, place, 200)


@router.post("/{c}/about-you", name="equality.say")
def say(request: Request, place: Place, form: Said, writes: Writes, now: Now) -> Response:
    """Adds the answers to the sums."""
    if form.filled is None or not form.filled.turn:
        return _ask(request, place, 422)
    count_answers(writes, place, form.filled.turn, form.filled.answers(), now)
    return see_other(request, "equality.thanks", c=place.slug)


@router.get("/{c}/about-you/thanks", name="equality.thanks")
def thank(request: Request, place: Place) -> HTMLResponse:
    """Thank you."""
    return page(request, "equality/thanks.html", place=place, here="tell", headers=PRIVATE)


def _ask(request: Request, place: Place, status: int) -> HTMLResponse:
    form: Form[AboutYouForm] = Form(values=dict.fromkeys(Question, "") | {"turn": str(uuid4())})
    return page(
        request, "equality/ask.html", place=place, here="tell", status=status, headers=PRIVATE, form=form, questions=ANSWERS, forget=True
    )


@router.get("/{c}/heard", name="equality.heard")
def heard(request: Request, place: Place, reads: Reads, now: Now) -> HTMLResponse:
    """Who is heard, as far as people said so."""
    keep(request, reads, place)
    return page(request, "equality/heard.html", place=place, here="heard", heard=find_heard(reads, place, local_day(now, place.time_zone)))
