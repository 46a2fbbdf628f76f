"""The account as everybody meets it: the first page and the five views."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from service.accountability import letter
from service.accountability.models import Figure, FigureCode, Span, View
from service.accountability.numbers import judgement_of, line_of, period_of
from service.accountability.queries import Account, span_of, span_words
from service.accountability.words import JUDGEMENTS, amount
from service.clock import Now
from service.database import Reads, ReadSession
from service.doors import Router
from service.errors import Invalid
from service.feedback.answer_models import PublishedOut
from service.feedback.published import Wanted as WantedMessages
from service.feedback.published import find_published
from service.feedback.said_queries import find_newest
from service.html import page
from service.language import _, month
from service.narratives.models import Kind
from service.narratives.queries import Reader, Wanted, find_narratives
from service.page_cache import keep
from service.people.access import ANYONE, Place
from service.places.queries import Choice, PlaceCard, find_area_choices, get_runners
from service.promises.back_queries import find_of_indicators, find_of_stories
from service.system_health.queries import find_themes

router = Router(dependencies=[ANYONE], include_in_schema=False)

STORIES = MESSAGES = 10
"""Stories, and messages, on a page."""

TEMPLATES = {
    View.COMMUNITY_REPORTING: "accountability/community_reporting.html",
    View.OUTCOMES: "accountability/numbers.html",
    View.RESULTS: "accountability/numbers.html",
    View.SYSTEM_HEALTH: "accountability/system_health.html",
}

MONTHS = 36
"""Months to choose from."""


@dataclass(frozen=True)
class Figures:
    """The figures of a view as a template asks for them."""

    found: list[Figure]

    def one(self, code: str) -> Figure | None:
        """The figure of the whole place."""
        return next((figure for figure in self.found if figure.code == code and figure.by is None), None)

    def split(self, code: str, by: str) -> list[Figure]:
        """The cells of a split."""
        return [figure for figure in self.found if figure.code == code and figure.by and figure.by[0] == by]

    def of(self, code: str, key: str) -> Figure | None:
        """One cell of a split."""
        return next((figure for figure in self.found if figure.code == code and figure.by and figure.by[1] == key), None)


@dataclass(frozen=True, slots=True)
class Period:
    """What the page can be narrowed to, and what it is narrowed to now."""

    words: str
    first: str
    last: str
    months: list[Choice]
    area: str
    areas: list[Choice]

    @property
    def asked(self) -> dict[str, str]:
        """The months, as a page's address names them."""
        return {name: value for name, value in (("from", self.first), ("to", self.last)) if value}

    @property
    def asked_of_api(self) -> dict[str, str]:
        """The months, as the API's address names them."""
        return {name: f"{value}-01" for name, value in self.asked.items()}


@router.get("/{c}", name="accountability.account")
def first_page(request: Request, place: Place, reads: Reads, now: Now) -> HTMLResponse:
    """The account at a glance."""
    keep(request, reads, place)
    account = Account(reads, place, span_of(place, now), now)
    return page(
        request,
        "accountability/letter.html",
        place=place,
        here="account",
        entries=letter.entries(account),
        cards=find_newest(reads, place, account.span.today, letter.CARDS),
        missing=list(_missing(account)),
        runners=get_runners(reads, place.id, on=account.span.today),
        today=account.span.today,
    )


def _missing(account: Account) -> Iterable[Figure]:
    """Sentences with a marked number are shown the way figures are."""
    for sentence in letter.missing(account):
        yield Figure(FigureCode.MESSAGES_RECEIVED, "", sentence, "", "", account.now)


@router.get("/{c}/community-reporting", name="accountability.community_reporting")
@router.get("/{c}/outcomes", name="accountability.outcomes")
@router.get("/{c}/results", name="accountability.results")
@router.get("/{c}/system-health", name="accountability.system_health")
def show_view(
    request: Request,
    place: Place,
    reads: Reads,
    now: Now,
    since: Annotated[str, Query(alias="from", max_length=10)] = "",
    until: Annotated[str, Query(alias="to", max_length=10)] = "",
    after: Annotated[str, Query(max_length=60)] = "",
) -> HTMLResponse:
    """One of the views."""
    keep(request, reads, place)
    view = View(request.url.path.rsplit("/", 1)[1])
    account, understood = _account(reads, place, now, since, until)
    told = _told(reads, place, after) if view == View.COMMUNITY_REPORTING else []
    indicators = account.indicators_of(view) if view in (View.OUTCOMES, View.RESULTS) else []
    return page(
        request,
        TEMPLATES[view],
        place=place,
        here=view.value,
        name=_(letter.NAMES[view]),
        view=view,
        figures=Figures(account.figures(view)),
        period=_period(reads, place, account),
        understood=understood,
        runners=get_runners(reads, place.id, on=account.span.today),
        told=told[:MESSAGES],
        more=_cursor(told[MESSAGES - 1].week, told[MESSAGES - 1].id) if len(told) > MESSAGES else None,
        area_names=_area_names(account),
        indicators=[(found, line_of(found)) for found in indicators],
        behind=find_of_indicators(reads, place.id, [found.indicator.code for found in indicators], account.span.today),
        panels=account.panels if view == View.OUTCOMES else [],
        counted_after=account.counted_after,
        others=letter.other_promises(account.figures(view)) if view == View.COMMUNITY_REPORTING else None,
        quiet=account.quiet_members() if view == View.SYSTEM_HEALTH else [],
        themes=find_themes(reads, place.id, account.span.today, place.time_zone) if view == View.SYSTEM_HEALTH else [],
        today=account.span.today,
        period_of=period_of,
        amount=amount,
        judged=lambda found: _(JUDGEMENTS[judgement]) if (judgement := judgement_of(found)) else "",
    )


@router.get("/{c}/narratives", name="accountability.narratives")
def show_stories(
    request: Request,
    place: Place,
    reads: Reads,
    now: Now,
    since: Annotated[str, Query(alias="from", max_length=10)] = "",
    until: Annotated[str, Query(alias="to", max_length=10)] = "",
    area: Annotated[str, Query(max_length=40)] = "",
    kind: Annotated[str, Query(max_length=20)] = "",
    after: Annotated[str, Query(max_length=60)] = "",
) -> HTMLResponse:
    """The stories that anybody may read, and what can be said about them without making scores of them."""
    keep(request, reads, place)
    account, understood = _account(reads, place, now, since, until)
    areas = find_area_choices(reads, place.id)
    area = area if area in {choice.code for choice in areas} else ""
    of_kind, span = Kind(kind) if kind in set(Kind) else None, account.span
    wanted = Wanted(kind=of_kind, area=area or None, shown_from=span.first, shown_until=span.last)
    found = find_narratives(reads, Reader(place.id, account.span.today), wanted, after=_after(after), most=STORIES + 1)
    return page(
        request,
        "accountability/narratives.html",
        place=place,
        here="narratives",
        name=_(letter.NAMES[View.NARRATIVES]),
        view=View.NARRATIVES,
        figures=Figures(account.figures(View.NARRATIVES)),
        period=_period(reads, place, account, area),
        understood=understood,
        runners=get_runners(reads, place.id, on=account.span.today),
        stories=found[:STORIES],
        behind=find_of_stories(reads, place.id, [row.narrative.public_id for row in found[:STORIES]], account.span.today),
        kind=wanted.kind,
        more=_cursor(found[STORIES - 1].narrative.published_on, found[STORIES - 1].narrative.public_id) if len(found) > STORIES else None,
        today=account.span.today,
    )


def _account(reads: ReadSession, place: PlaceCard, now: Now, since: str, until: str) -> tuple[Account, bool]:
    """What the address asks for, and whether it could be read: an address is typed and cut off, and then everything is shown."""
    first, last = _day(since), _day(until)
    readable = bool(first) == bool(since) and bool(last) == bool(until)
    try:
        span = span_of(place, now, first, last)
    except Invalid:
        readable = False
    return Account(reads, place, span if readable else span_of(place, now), now), readable


def _told(reads: ReadSession, place: PlaceCard, after: str) -> list[PublishedOut]:
    """What people told and let others read, the newest weeks first."""
    return find_published(reads, place, WantedMessages(), after=_after(after), most=MESSAGES + 1, newest_first=True)


def _area_names(account: Account) -> dict[str, str]:
    return {area.code: area.name for area in account.areas.own.values()}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01" if len(text) == 7 else text)
    except ValueError:
        return None


def _period(reads: ReadSession, place: PlaceCard, account: Account, area: str = "") -> Period:
    span: Span = account.span
    first = span.today.replace(day=1)
    months = []
    for _number in range(MONTHS):
        months.append(Choice(first.isoformat()[:7], month(first)))
        first = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
    return Period(
        words=span_words(span),
        first=span.first.isoformat()[:7] if span.first else "",
        last=span.last.isoformat()[:7] if span.last else "",
        months=months,
        area=area,
        areas=find_area_choices(reads, place.id),
    )


def _cursor(week: date | None, public_id: UUID) -> str:
    return f"{week}~{public_id.hex}"


def _after(text: str) -> tuple[date, UUID] | None:
    try:
        published_on, _tilde, last = text.partition("~")
        return (date.fromisoformat(published_on), UUID(hex=last)) if text else None
    except ValueError:
        return None
