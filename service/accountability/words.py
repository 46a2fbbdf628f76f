"""The words around each figure: what it counts, where it comes from, and the sentence that says it.

A sentence holds one number that answers, marked, and what it is out of. Definitions are those of docs/measures.md, in short.
"""

from calendar import monthrange
from datetime import date

from service.accountability.models import END, NUMBER, OUT_OF, FigureCode
from service.accountability.rules import Judgement
from service.feedback.models import Capturer, Kind, Publication, WithheldReason
from service.language import N_, _, day, month, ngettext, number
from service.narratives.models import Kind as StoryKind
from service.places.models import Threshold
from service.places.rules import Thresholds
from service.promises.rules import Part
from service.results.rules import PERCENT

C = FigureCode

MANY = 100  # takes the form of many in every language; 2 has one of its own in Welsh

DEFINITIONS = {
    C.MESSAGES_RECEIVED: N_("Messages that came in, each counted once, those taken back again included."),
    C.MESSAGES_BY_PUBLICATION: N_(
        "Messages by whether their words are public. Words are shown only when the sender said so and somebody read them first."
    ),
    C.MESSAGES_WITHHELD: N_("Messages whose words are held back, by the reason that the sender reads. The sender can disagree."),
    C.MESSAGES_SET_ASIDE: N_("Messages that were set aside as no message to us, for instance adverts. It can be undone."),
    C.ANSWERED_RATE: N_(
        "Messages with an answer out of all that are at least %(days)s days old. An automatic thank you is no answer. "
        "Messages that were taken back are left out."
    ),
    C.MEDIAN_DAYS_TO_REPLY: N_(
        "The middle of all waits for a first answer, in working days, over messages at least %(days)s days old. "
        "Those without an answer count as longer than any other."
    ),
    C.PROMISE_KEPT_RATE: N_(
        "Promises that were kept, out of those that fell due or were settled. Somebody other than the maker said so. "
        "Partly kept is never counted as half."
    ),
    C.PROMISES_BY_PART: N_("Where each promise stands in that count."),
    C.PROMISES_OVERDUE: N_("Promises past their date whose maker has not said that they are done."),
    C.HONEST_NO: N_("Answers that said no and gave a reason, out of all answers. A no is not a failure."),
    C.HONEST_NO_BY_KIND: N_(
        "Answers that said no, by the kind of their reason. What was answered before kinds were asked for is “another”."
    ),
    C.STORIES: N_("Stories that anybody may read: somebody else checked them, and the teller's yes still holds."),
    C.STORIES_BY_TELLER: N_("The stories that anybody may read, by who wrote them down."),
    C.AREAS_WITHOUT_STORIES: N_("Areas that no public story is about."),
    C.INDICATOR_LATEST: N_("The newest value for the whole place that is final."),
    C.INDICATOR_FIRST: N_("The oldest value for the whole place that is final."),
    C.INDICATOR_CHANGE: N_("The newest value less the oldest one."),
    C.INDICATOR_FRESHNESS: N_("Days since the end of the newest period that has a value."),
    C.COMPARATOR_MEAN: N_("The plain mean of the other places that have a value for the same period. A nation is never part of it."),
    C.CAPTURE_BOTTOM_UP: N_(
        "Records written down by residents, community reporters or front line staff, out of all messages, stories, promises and numbers."
    ),
    C.CAPTURE_PLACE_BASED: N_("Records that name an area, not the whole place, out of all messages, stories, promises and numbers."),
    C.CAPTURE_WORDS: N_("Numbers that have a public story beside them, out of all that have a value."),
    C.ORGANISATIONS_QUIET: N_("Members with no answer, no promise or update, no number and no story in %(days)s days."),
    C.RESPONSE_TIME: N_(
        "The middle of all waits for a first answer, in working days, over messages at least %(days)s days old. "
        "Those without an answer count as longer than any other."
    ),
}

SOURCES = {
    C.MESSAGES_RECEIVED: N_("Messages sent here"),
    C.MESSAGES_BY_PUBLICATION: N_("Messages sent here"),
    C.MESSAGES_WITHHELD: N_("Messages sent here"),
    C.MESSAGES_SET_ASIDE: N_("Messages sent here"),
    C.ANSWERED_RATE: N_("Messages sent here and their answers"),
    C.MEDIAN_DAYS_TO_REPLY: N_("Messages sent here and their answers"),
    C.PROMISE_KEPT_RATE: N_("The promises on this site"),
    C.PROMISES_BY_PART: N_("The promises on this site"),
    C.PROMISES_OVERDUE: N_("The promises on this site"),
    C.HONEST_NO: N_("Answers given here"),
    C.HONEST_NO_BY_KIND: N_("Answers given here"),
    C.STORIES: N_("Stories told here"),
    C.STORIES_BY_TELLER: N_("Stories told here"),
    C.AREAS_WITHOUT_STORIES: N_("Stories told here"),
    C.CAPTURE_BOTTOM_UP: N_("Everything written down here"),
    C.CAPTURE_PLACE_BASED: N_("Everything written down here"),
    C.CAPTURE_WORDS: N_("Numbers posted and stories told here"),
    C.ORGANISATIONS_QUIET: N_("What members did here"),
    C.RESPONSE_TIME: N_("Messages sent here and their answers"),
}

HIDDEN = N_("Too few to show safely.")
"""What stands in place of a number that would tell who somebody is."""

JUDGED_BY = {
    C.ANSWERED_RATE: Threshold.COUNTED_AFTER,
    C.MEDIAN_DAYS_TO_REPLY: Threshold.COUNTED_AFTER,
    C.RESPONSE_TIME: Threshold.COUNTED_AFTER,
    C.ORGANISATIONS_QUIET: Threshold.QUIET_AFTER,
}
"""Figures that stand on a number which the place may set."""

REASONS = {
    WithheldReason.NAMES_SOMEBODY: N_("They name somebody"),
    WithheldReason.COULD_TELL_WHO: N_("People could tell who it is"),
    WithheldReason.COULD_HARM: N_("Somebody could come to harm"),
    WithheldReason.ABUSIVE: N_("They are abusive"),
    WithheldReason.NOT_ABOUT_HERE: N_("They are not about this place"),
    WithheldReason.SENDER_ASKED: N_("The sender asked us not to"),
    WithheldReason.ABOUT_A_WORKER: N_("They are about somebody who works here, and are looked into"),
    WithheldReason.SET_ASIDE: N_("They are no message to us"),
}
"""Why words are held back, as everybody reads it."""

PUBLICATIONS = {
    Publication.PUBLISHED: N_("Shown here"),
    Publication.WAITING: N_("Waiting to be read before they are shown"),
    Publication.NOT_OFFERED: N_("For the team only, as the sender asked"),
    Publication.WITHHELD: N_("Held back, with a reason"),
    Publication.WITHDRAWN: N_("Taken back by the sender"),
}
KINDS = {Kind.GOOD: N_("Good"), Kind.NOT_GOOD: N_("Not good"), Kind.IDEA: N_("An idea"), Kind.QUESTION: N_("A question")}
STORY_KINDS = {
    StoryKind.WORKED: N_("It worked"),
    StoryKind.DID_NOT_WORK: N_("It did not work"),
    StoryKind.MIXED: N_("It half worked"),
    StoryKind.SURPRISE: N_("It was a surprise"),
}
TELLERS = {
    Capturer.RESIDENT: N_("Residents"),
    Capturer.COMMUNITY_REPORTER: N_("Community reporters"),
    Capturer.FRONTLINE: N_("Front line staff"),
    Capturer.COORDINATOR: N_("Coordinators"),
    Capturer.PARTNER_ORG: N_("Partner organisations"),
    Capturer.IMPORT: N_("Taken over from elsewhere"),
}
PARTS = {
    Part.KEPT: N_("Kept"),
    Part.PARTLY_KEPT: N_("Partly kept"),
    Part.BROKEN: N_("Not kept"),
    Part.OVERDUE: N_("Late"),
    Part.CLAIMED: N_("They say done, not checked"),
    Part.DISPUTED: N_("People disagree"),
    Part.CHANGED: N_("Changed without asking"),
    Part.NOT_DUE: N_("Not due yet"),
    Part.RELEASED: N_("Let go by the community"),
    Part.CHANGED_AGREED: N_("Changed with agreement"),
}


JUDGEMENTS = {
    Judgement.BETTER: N_("That is the right way."),
    Judgement.WORSE: N_("That is the wrong way."),
    Judgement.BELOW: N_("That is below where it should be."),
    Judgement.ABOVE: N_("That is above where it should be."),
    Judgement.WITHIN: N_("That is where it should be."),
}
"""Said in words: a reader should not have to turn a sign round."""


def num(value: float | str) -> str:
    """The number that answers, marked."""
    return f"{NUMBER}{value if isinstance(value, str) else number(value)}{END}"


def den(value: float) -> str:
    """What it is out of, marked."""
    return f"{OUT_OF}{number(value)}{END}"


def received(n: int, *, whole: bool) -> str:
    """How many messages came in. `whole`: no months were named, so that nothing now means nothing yet."""
    if n == 0:
        return _("Nobody has told us anything yet.") if whole else _("Nobody told us anything in these months.")
    return ngettext("%(num)s message came in.", "%(num)s messages came in.", n, num=num(n))


def split(name: str, n: int | None) -> str:
    """One cell of a split."""
    return f"{name}: {_(HIDDEN)}" if n is None else f"{name}: {num(n)}"


def defined(code: FigureCode, thresholds: Thresholds, on: date) -> str:
    """What a figure counts, by the rules of a day; and since when that rule holds, where the place changed it."""
    threshold = JUDGED_BY.get(code)
    if threshold is None:
        return _(DEFINITIONS[code])
    words = [_(DEFINITIONS[code], days=number(thresholds.on(threshold, on)))]
    if change := thresholds.change(threshold, on):
        words += [
            _("This rule holds since %(date)s; before it was %(days)s days.", date=day(change.since), days=number(change.before)),
            _("The reason given: %(why)s", why=change.why),
        ]
    return " ".join(words)


def none_old(days: int) -> str:
    """Why there is nothing to count."""
    return ngettext(
        "No message is %(count)s day old yet, so there is nothing to count.",
        "No message is %(count)s days old yet, so there is nothing to count.",
        days,
    )


def answered(part: int, n: int, days: int, *, whole: bool) -> str:
    """How many were answered, of those at least so many days old."""
    if n == 0:
        return none_old(days) if whole else _("No message of these months is %(days)s days old.", days=number(days))
    if n == 1:
        return _("Of %(den)s message, %(num)s was answered.", den=den(n), num=num(part))
    return ngettext(
        "Of %(den)s messages, %(num)s was answered.", "Of %(den)s messages, %(num)s were answered.", part, den=den(n), num=num(part)
    )


def waited(days: float | None, n: int, unanswered: int, counted_after: int) -> str:
    """The middle wait, of messages at least so many days old."""
    if n == 0:
        return none_old(counted_after)
    if days is None:
        part = _("More than half") if unanswered * 2 > n else _("Half")
        return _("%(num)s still wait for a first answer.", num=num(part))
    return ngettext(
        "Half of all messages had a first answer within %(num)s working day.",
        "Half of all messages had a first answer within %(num)s working days.",
        plural(days),
        num=num(days),
    )


def kept(part: int, due: int) -> str:
    """How many promises were kept."""
    if due == 0:
        return _("Nothing was due yet.")
    if due == 1:
        return _("Of the %(den)s promise that fell due, %(num)s was kept.", den=den(due), num=num(part))
    return ngettext(
        "Of the %(den)s promises that fell due, %(num)s was kept.",
        "Of the %(den)s promises that fell due, %(num)s were kept.",
        part,
        den=den(due),
        num=num(part),
    )


def overdue(n: int) -> str:
    """How many promises are late."""
    return ngettext("%(num)s promise is late today.", "%(num)s promises are late today.", n, num=num(n))


def set_aside(n: int) -> str:
    """How many messages were none."""
    return ngettext("%(num)s message was set aside as none to us.", "%(num)s messages were set aside as none to us.", n, num=num(n))


def said_no(part: int, whole: int) -> str:
    """How often the answer was no."""
    if whole == 0:
        return _("Nothing has been answered yet.")
    return ngettext(
        "Of %(den)s answer, %(num)s said no and why.", "Of %(den)s answers, %(num)s said no and why.", whole, den=den(whole), num=num(part)
    )


def stories(n: int, *, whole: bool) -> str:
    """How many stories are shown."""
    if n == 0:
        return _("No story is shown here yet.") if whole else _("No story of these months is shown here.")
    return ngettext("%(num)s story is here for all to read.", "%(num)s stories are here for all to read.", n, num=num(n))


def areas_without(n: int, whole: int) -> str:
    """How many areas no story is about."""
    if whole == 0:
        return _("No areas are named for this place.")
    if whole == 1:
        return _("The one area has a story here.") if n == 0 else _("The one area has no story here.")
    return ngettext(
        "%(num)s of %(den)s areas has no story here.", "%(num)s of %(den)s areas have no story here.", n, num=num(n), den=den(whole)
    )


def ratio(code: FigureCode, part: int, whole: int) -> str:
    """One of the three ratios of the capture check."""
    if whole == 0:
        return _("Nothing has been written down yet.") if code != C.CAPTURE_WORDS else _("No number has a value yet.")
    facts = {"den": den(whole), "num": num(part)}
    if code == C.CAPTURE_BOTTOM_UP:
        return _("Of %(den)s records, %(num)s came from residents or the front line.", **facts)
    if code == C.CAPTURE_PLACE_BASED:
        return ngettext("Of %(den)s records, %(num)s names an area.", "Of %(den)s records, %(num)s name an area.", part, **facts)
    return ngettext(
        "Of %(den)s numbers, %(num)s has a story beside it.", "Of %(den)s numbers, %(num)s have a story beside them.", part, **facts
    )


def quiet(n: int, whole: int) -> str:
    """How many members have gone quiet."""
    if whole == 0:
        return _("No members are named for this place.")
    if whole == 1:
        return _("The one member has gone quiet.") if n else _("The one member has not gone quiet.")
    return ngettext(
        "%(num)s of %(den)s members has gone quiet.", "%(num)s of %(den)s members have gone quiet.", n, num=num(n), den=den(whole)
    )


def quiet_since(name: str, last_on: date | None) -> str:
    """What a member that has gone quiet did last."""
    if last_on is None:
        return _("%(name)s: nothing here yet.", name=name)
    return _("%(name)s: nothing since %(date)s.", name=name, date=day(last_on))


def amount(value: float) -> str:
    """A value as its source wrote it; one that was reckoned, and has more than two decimals, with one."""
    return number(value if round(value, 2) == value else round(value, 1))


def value(found: float, unit: str) -> str:
    """A value with its unit."""
    return f"{amount(found)}%" if unit.strip().lower() in PERCENT else f"{amount(found)} {unit}"


def valued(found: float, unit: str, when: str) -> str:
    """A value and its period."""
    return _("%(num)s in %(period)s.", num=num(value(found, unit)), period=when)


def changed(change: float | None, unit: str, since: str) -> str:
    """The newest value less the oldest."""
    if change is None:
        return _("There is one value only, so nothing to compare it with.")
    if change == 0:
        return _("The same as in %(period)s.", period=since)
    points = unit.strip().lower() in PERCENT
    size = amount(abs(change))
    shown = num(
        ngettext("%(size)s percentage point", "%(size)s percentage points", plural(change), size=size) if points else f"{size} {unit}"
    )
    if change > 0:
        return _("Higher by %(num)s than in %(period)s.", num=shown, period=since)
    return _("Lower by %(num)s than in %(period)s.", num=shown, period=since)


def fresh(age: int, last_day: date) -> str:
    """How old the newest value is."""
    if age == 0:
        return _("Up to date: the period has not ended yet.")
    return ngettext(
        "The newest number is %(num)s day old: it ends %(date)s.",
        "The newest number is %(num)s days old: it ends %(date)s.",
        age,
        num=num(age),
        date=day(last_day),
    )


def mean(found: float | None, unit: str, n: int, of: int, group: str) -> str:
    """The other places."""
    if found is None:
        return _("None of the %(of)s other places (%(group)s) has a value for the same time.", of=number(of), group=group)
    shown = num(value(found, unit))
    if n == of:
        return _("The mean of the %(of)s other places (%(group)s) is %(num)s.", of=number(of), group=group, num=shown)
    return _("The mean of %(n)s of the %(of)s other places (%(group)s) is %(num)s.", n=number(n), of=number(of), group=group, num=shown)


def apart(name: str, found: float, unit: str) -> str:
    """A nation, which is no part of the mean."""
    return _("%(name)s: %(value)s.", name=name, value=value(found, unit))


def period(first: date, last: date) -> str:
    """From which day to which, as people say it."""
    whole_months = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    if not whole_months:
        return day(first) if first == last else _("%(first)s to %(last)s", first=day(first), last=day(last))
    if (first.month, last.month) == (1, 12) and first.year == last.year:
        return str(first.year)
    if (first.year, first.month) == (last.year, last.month):
        return month(first)
    if first.year == last.year:
        return _("%(first)s to %(last)s", first=month(first, year=False), last=month(last))
    return _("%(first)s to %(last)s", first=month(first), last=month(last))


def plural(found: float) -> int:
    """Which count a number that may be broken takes the form of: a whole one its own, a broken one that of many."""
    return int(abs(found)) if float(found).is_integer() else MANY
