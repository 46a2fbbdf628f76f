"""Community checks as residents meet them: one tap, and a poster that leads to it."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from pydantic import Field as Limit

from service.checks import rules
from service.checks.actions import check_promise
from service.checks.doors import counted, once_of
from service.checks.models import CheckIn, Verdict, Wish
from service.clock import Now
from service.database import Reads, ReadSession, Writes
from service.days import local_day
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid, NotFound, Refusal, TooMany
from service.html import PRIVATE, Form, form_of, page, see_other
from service.idempotency import Kept, KeyUsed, once
from service.language import _
from service.people.access import ANYONE, Place, Tries
from service.places.queries import PlaceCard, find_area_choices
from service.promises.queries import PromiseAccount, get_promise
from service.qr import picture_of
from service.tables import Code, Paragraph

router = Router(prefix="/{c}/promises", dependencies=[ANYONE], include_in_schema=False)


class CheckForm(BaseModel):
    """A check as it is ticked, with the API's names."""

    verdict: Verdict | None = None
    comment: Paragraph | None = None
    share: Wish = Wish.TEAM_ONLY
    area: Code | None = None
    receipt: Annotated[str, Limit(max_length=60)] | None = None
    idempotency_key: Annotated[str, Limit(max_length=60)] = ""

    def check(self) -> CheckIn:
        """What is sent on, as the API would have it."""
        return CheckIn.model_validate(self.model_dump(exclude={"idempotency_key"}))


Checking = Annotated[Form[CheckForm], Depends(form_of(CheckForm))]


@router.get("/{promise_id}/check", name="checks.form")
def show_form(request: Request, place: Place, promise_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """The question: did it happen where you live."""
    return check_page(request, place, reads, promise_id, now, Form())


@router.post("/{promise_id}/check", name="checks.send")
def send(request: Request, place: Place, promise_id: UUID, form: Checking, writes: Writes, tries: Tries, now: Now) -> Response:
    """Counts it once, and shows the promise with it. What is refused comes back with everything that was typed."""
    form.need({"verdict": _("Tick what you see.")})
    if form.errors or form.filled is None:
        return check_page(request, place, writes, promise_id, now, form, Invalid())
    filled, keys = form.filled, request.app.state.server_keys

    def work() -> Kept:
        return Kept(303, check_promise(writes, keys, place, promise_id, filled.check(), now).came)

    try:
        with counted(tries, filled.receipt):
            kept, _replayed = once(writes, once_of(place, promise_id, filled.idempotency_key, filled.check()), now, work)
    except (Invalid, TooMany) as refusal:
        form.refuse(refusal, "receipt")
        return check_page(request, place, writes, promise_id, now, form, refusal)
    except KeyUsed as refusal:
        form.errors = [FieldError("verdict", _("You sent something from this page before. If this is new, send it now."))]
        return check_page(request, place, writes, promise_id, now, form, refusal)
    except Conflict as refusal:
        form.refuse(refusal, "verdict")
        return check_page(request, place, writes, promise_id, now, form, refusal)
    return see_other(request, "checks.thanks", c=place.slug, promise_id=promise_id, came=kept.body)


@router.get("/{promise_id}/checked", name="checks.thanks")
def thank(request: Request, place: Place, promise_id: UUID, reads: Reads, now: Now, came: str = "open") -> HTMLResponse:
    """Thank you, and what it counts for."""
    account = _account(reads, place, promise_id, now)
    return page(request, "checks/thanks.html", place=place, here="promises", headers=PRIVATE, account=account, came=came)


@router.get("/{promise_id}/poster", name="checks.poster")
def poster(request: Request, place: Place, promise_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """A sheet to put up where it was promised, with a picture that leads to the question. Raises: NotFound where nobody is asked."""
    account = _account(reads, place, promise_id, now)
    if not rules.may_be_checked(account.row.promise.side, account.row.promise.standing):
        raise NotFound
    address = address_of(request, place, promise_id)
    return page(
        request,
        "checks/poster.html",
        place=place,
        here="promises",
        account=account,
        address=address,
        judged=account.row.promise.standing in rules.JUDGED,
        picture=picture_of(address),
    )


def address_of(request: Request, place: PlaceCard, promise_id: UUID) -> str:
    """Where the question stands, for paper."""
    return f"{request.app.state.settings.public_url}/{place.slug}/promises/{promise_id}/check"


def _account(reads: ReadSession, place: PlaceCard, promise_id: UUID, now: Now) -> PromiseAccount:
    return get_promise(reads, place.id, promise_id, local_day(now, place.time_zone))


def check_page(
    request: Request,
    place: PlaceCard,
    reads: ReadSession,
    promise_id: UUID,
    now: Now,
    form: Form[CheckForm],
    refusal: Refusal | None = None,
) -> HTMLResponse:
    """The question, with what was typed."""
    account = _account(reads, place, promise_id, now)
    form.values["idempotency_key"] = str(uuid4())
    form.values.setdefault("share", Wish.TEAM_ONLY)
    if not refusal and account.row.area_code:
        form.values.setdefault("area", account.row.area_code)
    return page(
        request,
        "checks/form.html",
        place=place,
        here="promises",
        status=refusal.status if refusal else 200,
        headers=PRIVATE | (refusal.headers if refusal else {}),
        form=form,
        account=account,
        areas=find_area_choices(reads, place.id),
        is_asked=rules.may_be_checked(account.row.promise.side, account.row.promise.standing),
        judged=account.row.promise.standing in rules.JUDGED,
    )
