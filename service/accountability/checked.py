"""What residents and others say of promises, as figures: on time, checked, whether it happened, and which have gone quiet."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.accountability import rules
from service.accountability.models import Figure, FigureCode, Span, Splits
from service.accountability.words import HIDDEN, den, num
from service.checks.models import Came, PromiseCheck, Verdict
from service.checks.rules import ENOUGH, by_area
from service.database import ReadSession
from service.days import local_day
from service.language import N_, _, ngettext, number
from service.places.models import Area, Threshold
from service.places.queries import PlaceCard
from service.promises.models import Progress, Promise, Side, Standing
from service.promises.rules import OPEN

C = FigureCode
ON_TIME = N_("Of the promises that were kept and had a date: those whose maker said so by that date. Somebody else checked each of them.")
CHECKED = N_("Of the promises that count as kept, or as partly kept: those that somebody outside the maker, or residents, checked.")
HAPPENED = N_(
    "Of the checks that came with a code and say how it is: those that say that it happened. Whoever does not know is not counted, "
    "nor is a check without a code."
)
QUIET = N_("Promises that are said, being done or stuck, and of which nothing was said in %(days)s days.")
PROMISES, CHECKS = N_("The promises on this site"), N_("Residents’ checks of promises, with a code")


@dataclass(frozen=True, slots=True)
class _Promises:
    """Kept ones with a date, and those on time; kept or partly kept ones, and those checked from outside. Units: promises."""

    dated: int
    on_time: int
    settled: int
    checked: int


def promise_figures(reads: ReadSession, place: PlaceCard, span: Span, now: datetime) -> list[Figure]:
    """The figures of promises, for the whole place."""
    found, said = _count_settled(reads, place.id, span), _count_checks(reads, place.id, span)
    quiet, live = _count_quiet(reads, place, span.today)
    days = place.thresholds.on(Threshold.QUIET_AFTER, span.today)
    yes, spoke = said[Verdict.YES], said[Verdict.YES] + said[Verdict.PARTLY] + said[Verdict.NO]
    on_time, checked, happened = rules.Share(found.on_time, found.dated), rules.Share(found.checked, found.settled), rules.Share(yes, spoke)
    told = _share(C.RESIDENTS_SAY_IT_HAPPENED, _happened_words(yes, spoke, said[Verdict.DO_NOT_KNOW]), _(HAPPENED), now, happened)
    return [
        _share(C.PROMISES_ON_TIME, _on_time_words(on_time.part, on_time.whole), _(ON_TIME), now, on_time),
        _share(C.PROMISES_CHECKED, _checked_words(checked.part, checked.whole), _(CHECKED), now, checked),
        replace(told, source=_(CHECKS), value=told.value if spoke >= ENOUGH else None),
        Figure(
            C.PROMISES_QUIET,
            "promises",
            _quiet_words(quiet, live),
            _(QUIET, days=number(days)),
            _(PROMISES),
            now,
            value=quiet,
            n=quiet,
            denominator=live,
        ),
    ]


def happened_by_area(reads: ReadSession, place: PlaceCard, span: Span, now: datetime, areas: Mapping[UUID, Area]) -> list[Figure]:
    """What residents say by area, in every month that is over; an area with a small number is hidden whole."""
    rows: dict[UUID | None, tuple[int, int]] = dict.fromkeys([*areas, None], (0, 0))
    query = (
        columns(col(PromiseCheck.area_id), col(PromiseCheck.verdict), func.count())
        .where(_with_a_code(place.id), col(PromiseCheck.month) <= span.closed.isoformat()[:7])
        .group_by(col(PromiseCheck.area_id), col(PromiseCheck.verdict))
    )
    for area_id, verdict, count in reads.execute(query):
        if verdict != Verdict.DO_NOT_KNOW:
            key = area_id if area_id in areas else None
            yes, other = rows[key]
            rows[key] = (yes + count, other) if verdict == Verdict.YES else (yes, other + count)
    shown = by_area(rows, place.thresholds.on(Threshold.FEWEST_SHOWN, span.today))
    figures = []
    for area_id, area in areas.items():
        cell = shown[area_id]
        facts: dict[str, Any] = {"by": (Splits.AREA, area.code), "label": area.name}
        if cell is None:
            facts |= {"suppressed": True}
            sentence = f"{area.name}: {_(HIDDEN)}"
        else:
            yes, whole = cell[0], sum(cell)
            facts |= {"value": rules.Share(yes, whole).rate, "n": yes, "denominator": whole}
            said = _("%(area)s: %(num)s of %(den)s say that it happened", area=area.name, num=num(yes), den=den(whole))
            sentence = said if whole else _("%(area)s: nobody has said", area=area.name)
        figures.append(Figure(C.RESIDENTS_SAY_IT_HAPPENED, "share", sentence, _(HAPPENED), _(CHECKS), now, **facts))
    return figures


# ---- counting --------------------------------------------------------------------------------------------------------


def _count_settled(reads: ReadSession, place_id: UUID, span: Span) -> _Promises:
    own = and_(col(Progress.collaboration_id) == Promise.collaboration_id, col(Progress.promise_id) == Promise.id)
    outside = and_(col(Progress.asked_for) == Promise.standing, col(Progress.organisation_id).is_distinct_from(col(Promise.maker_id)))
    checked = select(Progress.id).where(own, outside).correlate(Promise).exists()
    facts = [col(getattr(Promise, name)) for name in ("standing", "due_on", "claimed_on", "settled_on")]
    query = columns(*facts, checked).where(
        col(Promise.collaboration_id) == place_id,
        col(Promise.side) == Side.OUR_PART,
        col(Promise.standing).in_((Standing.KEPT, Standing.PARTLY_KEPT)),
    )
    dated = on_time = settled = seen = 0
    for standing, due_on, claimed_on, settled_on, was_checked in reads.execute(query):
        counts_on = rules.promise_day(due_on, settled_on)
        if counts_on is not None and not span.holds(counts_on):
            continue
        settled, seen = settled + 1, seen + bool(was_checked)
        if standing == Standing.KEPT and due_on is not None:
            dated, on_time = dated + 1, on_time + (claimed_on is not None and claimed_on <= due_on)
    return _Promises(dated, on_time, settled, seen)


def _with_a_code(place_id: UUID) -> Any:
    return and_(col(PromiseCheck.collaboration_id) == place_id, col(PromiseCheck.came) != Came.OPEN)


def _count_checks(reads: ReadSession, place_id: UUID, span: Span) -> Counter[Verdict]:
    query = columns(col(PromiseCheck.verdict), func.count()).where(_with_a_code(place_id)).group_by(col(PromiseCheck.verdict))
    if span.first:
        query = query.where(col(PromiseCheck.month) >= span.first.isoformat()[:7])
    if span.last:
        query = query.where(col(PromiseCheck.month) <= span.last.isoformat()[:7])
    return Counter({Verdict(verdict): count for verdict, count in reads.execute(query)})


def _count_quiet(reads: ReadSession, place: PlaceCard, today: date) -> tuple[int, int]:
    """The live promises of which nothing was said for long, and all live ones."""
    own = and_(col(Progress.collaboration_id) == Promise.collaboration_id, col(Progress.promise_id) == Promise.id)
    last = select(func.max(Progress.at)).where(own).correlate(Promise).scalar_subquery()
    query = columns(last, col(Promise.made_on), col(Promise.added_at)).where(
        col(Promise.collaboration_id) == place.id, col(Promise.side) == Side.OUR_PART, col(Promise.standing).in_(OPEN)
    )
    days = place.thresholds.on(Threshold.QUIET_AFTER, today)
    quiet = live = 0
    for said_at, made_on, added_at in reads.execute(query):
        said_on = local_day(said_at, place.time_zone) if said_at else made_on or local_day(added_at, place.time_zone)
        live, quiet = live + 1, quiet + rules.has_gone_quiet(said_on, today, days)
    return quiet, live


# ---- saying ----------------------------------------------------------------------------------------------------------


def _share(code: FigureCode, sentence: str, definition: str, now: datetime, share: rules.Share) -> Figure:
    return Figure(code, "share", sentence, definition, _(PROMISES), now, value=share.rate, n=share.part, denominator=share.whole)


def _on_time_words(part: int, whole: int) -> str:
    if whole == 0:
        return _("No promise with a date has been kept yet.")
    return ngettext(
        "Of %(den)s promise that was kept, %(num)s was kept on time.",
        "Of %(den)s promises that were kept, %(num)s were kept on time.",
        whole, den=den(whole), num=num(part),
    )  # fmt: skip


def _checked_words(part: int, whole: int) -> str:
    if whole == 0:
        return _("No promise counts as kept yet.")
    return ngettext(
        "Of %(den)s promise that counts as kept or partly kept, others checked %(num)s.",
        "Of %(den)s promises that count as kept or partly kept, others checked %(num)s.",
        whole, den=den(whole), num=num(part),
    )  # fmt: skip


def _happened_words(yes: int, spoke: int, unsure: int) -> str:
    if spoke == 0:
        return _("Nobody with a code has said yet whether it happened.")
    if spoke < ENOUGH:
        return _("Fewer than %(count)s have said whether it happened, so we say no more.", count=number(ENOUGH))
    words = _("Of %(den)s checks with a code, %(num)s say that it happened.", den=den(spoke), num=num(yes))
    if not unsure:
        return words
    more = ngettext("%(count)s more does not know.", "%(count)s more do not know.", unsure)
    return f"{words} {more}"


def _quiet_words(quiet: int, live: int) -> str:
    if live == 0:
        return _("No promise is under way.")
    return ngettext(
        "Of %(den)s promise that is not settled, %(num)s has gone quiet.",
        "Of %(den)s promises that are not settled, %(num)s have gone quiet.",
        live, den=den(live), num=num(quiet),
    )  # fmt: skip
