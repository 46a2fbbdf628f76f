"""What the account is made of: views, spans of time, figures with everything that must stand beside a number."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pydantic import Field as Limit

from service.places.models import Out


class View(StrEnum):
    """The five ways in which a place gives account."""

    COMMUNITY_REPORTING = "community-reporting"
    NARRATIVES = "narratives"
    OUTCOMES = "outcomes"
    RESULTS = "results"
    SYSTEM_HEALTH = "system-health"


class FigureCode(StrEnum):
    """The figures."""

    MESSAGES_RECEIVED = "messages_received"
    MESSAGES_BY_PUBLICATION = "messages_by_publication"
    MESSAGES_WITHHELD = "messages_withheld"
    MESSAGES_SET_ASIDE = "messages_set_aside"
    ANSWERED_RATE = "answered_rate"
    MEDIAN_DAYS_TO_REPLY = "median_days_to_reply"
    PROMISE_KEPT_RATE = "promise_kept_rate"
    PROMISES_BY_PART = "promises_by_part"
    PROMISES_OVERDUE = "promises_overdue"
    PROMISES_ON_TIME = "promises_on_time"
    PROMISES_CHECKED = "promises_checked"
    PROMISES_QUIET = "promises_quiet"
    RESIDENTS_SAY_IT_HAPPENED = "residents_say_it_happened"
    HONEST_NO = "honest_no"
    HONEST_NO_BY_KIND = "honest_no_by_kind"
    ANSWERED_WITHIN_10 = "answered_within_10"
    LONGEST_WAIT = "longest_wait"
    LOOP_CLOSED_RATE = "loop_closed_rate"
    LOOP_BY_PART = "loop_by_part"
    BETTER_NOW = "better_now"
    CHECKS_GIVEN = "checks_given"
    DID_WHAT_WE_SAID = "did_what_we_said"
    STORIES = "stories"
    STORIES_BY_TELLER = "stories_by_teller"
    AREAS_WITHOUT_STORIES = "areas_without_stories"
    INDICATOR_LATEST = "indicator_latest"
    INDICATOR_FIRST = "indicator_first"
    INDICATOR_CHANGE = "indicator_change"
    INDICATOR_FRESHNESS = "indicator_freshness"
    COMPARATOR_MEAN = "comparator_mean"
    PEOPLE_KNOWN = "people_known"
    PEOPLE_BETTER = "people_better"
    PEOPLE_SAME = "people_same"
    PEOPLE_WORSE = "people_worse"
    PEOPLE_ALREADY = "people_already"
    PEOPLE_DISTANCE = "people_distance"
    PEOPLE_MEAN_FIRST = "people_mean_first"
    PEOPLE_MEAN_LATEST = "people_mean_latest"
    PEOPLE_IN_BAND = "people_in_band"
    CAPTURE_BOTTOM_UP = "capture_bottom_up"
    CAPTURE_PLACE_BASED = "capture_place_based"
    CAPTURE_WORDS = "capture_words"
    ORGANISATIONS_QUIET = "organisations_quiet"
    BARRIERS_OPEN = "barriers_open"
    BARRIERS_CUSTOM = "barriers_custom"
    RESPONSE_TIME = "response_time"


class Splits(StrEnum):
    """What a figure can be told apart by."""

    INDICATOR = "indicator"
    AREA = "area"
    KIND = "kind"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Span:
    """The months that are asked for, whole ones. `first` None: from the beginning; `last` None: until now, this month included."""

    first: date | None
    last: date | None
    today: date

    @property
    def closed(self) -> date:
        """The last day that counts in a split. Splits cover every month that is over, whatever months are asked for.

        Two spans of a split, one taken from the other, would give back the small number that each of them hides.
        """
        return self.today.replace(day=1) - timedelta(days=1)

    @property
    def judged_on(self) -> date:
        """The day whose rules hold: the last one asked for, or today when that has not come."""
        return min(self.last or self.today, self.today)

    @property
    def is_whole(self) -> bool:
        """Whether no months were named."""
        return self.first is None and self.last is None

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


NUMBER, OUT_OF, END = "\ue000", "\ue001", "\ue002"
"""Marks inside a figure's sentence, of the private use area: the number that answers, what it is out of, the end of either."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with all that must stand beside it. `n` items make the value, of `denominator`; both None where neither fits.

    `value` None: hidden when `suppressed`, else there is none and the sentence says why.
    """

    code: FigureCode
    unit: str
    sentence: str
    definition: str
    source: str
    as_of: datetime
    value: float | None = None
    n: int | None = None
    denominator: int | None = None
    by: tuple[Splits, str] | None = None
    label: str | None = None
    suppressed: bool = False

    @property
    def words(self) -> str:
        """The sentence without its marks."""
        return self.sentence.translate({ord(mark): None for mark in (NUMBER, OUT_OF, END)})

    @property
    def pieces(self) -> Iterator[tuple[str, str]]:
        """The sentence in pieces, for a template: ('' | 'num' | 'den', words)."""
        for piece in self.sentence.replace(NUMBER, END + NUMBER).replace(OUT_OF, END + OUT_OF).split(END):
            kind = {NUMBER: "num", OUT_OF: "den"}.get(piece[:1], "")
            if piece:
                yield kind, piece[1:] if kind else piece


class FigureOut(Out):
    """A figure. `value` null and `suppressed`: too few to show safely. `n` items make the value, of `denominator`."""

    figure: FigureCode
    value: float | None = Limit(description="A share is between 0 and 1")
    n: int | None
    denominator: int | None
    unit: str
    definition: str
    source: str
    as_of: datetime
    words: str
    suppressed: bool
    by: dict[Splits, str] | None = Limit(default=None, description="In a split: by what, and its code")


class AccountOut(Out):
    """The figures of one view. `from` and `to` are the months asked for, whole; null: from the beginning, until now."""

    view: View
    from_: date | None = Limit(alias="from")
    to: date | None
    as_of: datetime
    figures: list[FigureOut]


def figure_out(figure: Figure) -> FigureOut:
    """A figure as the API answers it."""
    return FigureOut(
        figure=figure.code,
        value=figure.value,
        n=figure.n,
        denominator=figure.denominator,
        unit=figure.unit,
        definition=figure.definition,
        source=figure.source,
        as_of=figure.as_of,
        words=figure.words,
        suppressed=figure.suppressed,
        by={figure.by[0]: figure.by[1]} if figure.by else None,
    )
