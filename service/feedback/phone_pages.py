"""The form as a resident's phone keeps it for where there is no signal."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from service.database import Reads
from service.doors import Router
from service.feedback.pages import Choices, TellForm, form_page
from service.html import Form
from service.people.access import ANYONE, Place
from service.places.queries import find_area_choices, find_topic_choices

router = Router(dependencies=[ANYONE], include_in_schema=False)


@router.get("/offline/{c}/tell", name="feedback.tell_shell")
def show_shell(request: Request, place: Place, reads: Reads) -> HTMLResponse:
    """Only what everybody may know, and no words of others: those may be taken back, and a phone would still hold them."""
    form: Form[TellForm] = Form(values={"idempotency_key": ""})
    return form_page(
        request, place, Choices(find_area_choices(reads, place.id), find_topic_choices(reads, place.id)), form, without_signal=True
    )
