"""In which words people are asked, how long a yes holds, and when it does."""

from datetime import date

from service.consents.models import Purpose
from service.feedback.models import Feedback, Publication, State
from service.language import N_

WORDING_VERSION = "2026-11"
"""Of what stands below, and on the page where people tell us. Other words are another version: they never replace these."""

WORDINGS = {
    Purpose.SHARE_WORDS_PUBLIC: N_("Yes, others may read my words, but not my name. People who know me may still guess it is me."),
    Purpose.SHARE_ANONYMISED_PARTNERS: N_("Yes, all who work here may read my words, without my name."),
    Purpose.REPLY: N_("Yes, you may use this to answer me, and for nothing else."),
}


def holds_until(given_on: date, months: int) -> date:
    """The last day of a yes that holds so many months; of a day that the last month has not, the month's last."""
    years, month = divmod(given_on.year * 12 + given_on.month - 1 + months, 12)
    for day in (given_on.day, 30, 29, 28):
        try:
            return date(years, month + 1, min(day, given_on.day))
        except ValueError:
            continue
    raise ValueError("a month has at least 28 days")


def is_live(given_on: date, expires_on: date | None, *, ended: bool, today: date) -> bool:
    """Whether a yes holds today. On its last day it still does."""
    return not ended and given_on <= today and (expires_on is None or today <= expires_on)


def may_share(message: Feedback) -> bool:
    """Whether the sender could let others read the words now: they are there, and nobody looks whether somebody is at risk."""
    words = message.body or message.want or message.have or message.gap
    apart = message.lane is not None or message.state in (State.SAFEGUARDING_HOLD, State.WITHDRAWN)
    return bool(words) and not apart and message.publication == Publication.NOT_OFFERED
