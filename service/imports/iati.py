"""The numbers of a place as an IATI activity with results, for funders' systems: version 2.03, its parts in the order of the standard.

Source: iatistandard.org, Activity Standard 2.03. Text stands in `narrative`, and an order is never free.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from service.cells import in_xml
from service.database import Database, ReadSession
from service.places.models import AreaKind
from service.places.queries import PlaceCard, find_areas, get_runners
from service.results.listing import Filters, ObservationRow, find_observations
from service.results.models import Direction, IndicatorKind
from service.results.queries import IndicatorRow, find_indicators
from service.results.rules import PERCENT, dimension_of

RESULT_TYPES = {IndicatorKind.HOW_MUCH: 1, IndicatorKind.HOW_WELL: 9, IndicatorKind.BETTER_OFF: 2, IndicatorKind.POPULATION: 3}
"""Output, other, outcome, impact."""

UNIT, PERCENTAGE = 1, 2
IMPLEMENTATION = 2
"""Code of an activity that goes on."""

ACTUAL_START = 2
OWN_LIST = 99
"""Vocabulary of the reporting organisation itself."""

MULTI_PARTY, IMPLEMENTING = 90, 4
"""The type `other` of an organisation, and the role of those who do the work."""


def activity(database: Database, place: PlaceCard, now: str, today: date) -> Iterator[str]:
    """The activity, in parts: one indicator at a time, so that many numbers need little room."""
    with database.read() as reads:
        indicators, head = find_indicators(reads, place.id), "".join(_head(reads, place, now, today))
        areas = _own_areas(reads, place)
    yield head
    for indicator in indicators:
        with database.read() as reads:
            rows = find_observations(reads, place.id, Filters(indicator=indicator.code))
        yield "".join(_result(indicator, [row for row in rows if row.area is None or row.area in areas]))
    yield "</iati-activity>\n</iati-activities>\n"


def _own_areas(reads: ReadSession, place: PlaceCard) -> dict[str, str]:
    """The areas of the place itself; other places are not its results."""
    return {
        row.area.code: row.area.name for row in find_areas(reads, place.id) if row.area.kind not in (AreaKind.COMPARATOR, AreaKind.PLACE)
    }


def _head(reads: ReadSession, place: PlaceCard, now: str, today: date) -> Iterator[str]:
    reporting = f"XI-SAID-{place.slug}"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<iati-activities version="2.03" generated-datetime={quoteattr(now)}>\n'
    yield f'<iati-activity xml:lang="en" default-currency="GBP" last-updated-datetime={quoteattr(now)}>\n'
    yield f"<iati-identifier>{escape(reporting)}-account</iati-identifier>\n"
    yield f'<reporting-org ref={quoteattr(reporting)} type="{MULTI_PARTY}">{_text(place.name)}</reporting-org>\n'
    yield f"<title>{_text(place.name)}</title>\n"
    yield f"<description>{_text('What this place counts, as the members who count it have posted it.')}</description>\n"
    names = [member.name for member in get_runners(reads, place.id, on=today).members] or [place.name]
    yield from (f'<participating-org role="{IMPLEMENTING}" type="{MULTI_PARTY}">{_text(name)}</participating-org>\n' for name in names)
    yield f'<activity-status code="{IMPLEMENTATION}"/>\n'
    yield f'<activity-date type="{ACTUAL_START}" iso-date="{place.started_on or today}"/>\n'
    for code, name in sorted(_own_areas(reads, place).items()):
        yield f"<location ref={quoteattr(code)}><name>{_text(name)}</name></location>\n"


def _result(indicator: IndicatorRow, rows: Sequence[ObservationRow]) -> Iterator[str]:
    measure = PERCENTAGE if indicator.unit.strip().lower() in PERCENT else UNIT
    ascending = "false" if indicator.good_direction == Direction.DOWN else "true"
    yield f'<result type="{RESULT_TYPES[indicator.kind]}">\n<title>{_text(indicator.name)}</title>\n'
    yield f'<indicator measure="{measure}" ascending="{ascending}">\n<title>{_text(indicator.name)}</title>\n'
    yield f"<description>{_text(' '.join(filter(None, (indicator.definition, f'({indicator.unit})'))))}</description>\n"
    yield f'<reference vocabulary="{OWN_LIST}" code={quoteattr(indicator.code)}/>\n'
    for (first, last), found in groupby(sorted(rows, key=_period), key=_period):
        yield f'<period>\n<period-start iso-date="{first}"/>\n<period-end iso-date="{last}"/>\n'
        yield from (_actual(row) for row in found if row.value is not None)
        yield "</period>\n"
    yield "</indicator>\n</result>\n"


def _period(row: ObservationRow) -> tuple[date, date]:
    return row.first_day, row.last_day


def _actual(row: ObservationRow) -> str:
    """A value with where it holds, for whom, and what its source says of it."""
    parts = [f"<location ref={quoteattr(row.area)}/>"] if row.area else []
    parts += [f"<dimension name={_quoted(name)} value={_quoted(value)}/>" for name, value in dimension_of(row.dimension).items()]
    said = [row.comment or "", "Provisional." if row.provisional else ""]
    parts += [f"<comment>{_text(' '.join(filter(None, said)))}</comment>"] if any(said) else []
    value = format(Decimal(repr(row.value)), "f")
    return f"<actual value={quoteattr(value)}>{''.join(parts)}</actual>\n"


def _text(words: str) -> str:
    """Words as the standard has them."""
    return f"<narrative>{escape(in_xml(words))}</narrative>"


def _quoted(text: str) -> str:
    return quoteattr(in_xml(text))
