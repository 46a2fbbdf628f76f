"""The words around the figures of closed loops: what each counts, and the sentence that says it."""

from service.accountability import words
from service.accountability.words import den, num
from service.feedback.models import NoKind
from service.language import N_, _, ngettext
from service.loop.rules import Part

CLOSED = N_(
    "Messages at least %(days)s days old whose loop is closed: they were answered, what was promised is done and checked, the sender was "
    "told, and does not say no."
)
UNCONTESTED = N_("An answer that nobody contests in %(days)s working days closes it too.")
REST = N_("Where the other messages stand that are at least %(days)s days old.")
BETTER = N_("Senders who say that it is better now, out of all who say yes, a bit or no. Who says that it is too soon is left out.")
CHECKED = N_("Messages whose sender said something of the answer, out of those at least %(days)s days old that have one.")
IN_TIME = N_("Messages at least %(days)s days old that had a first answer within ten working days.")
LONGEST = N_("Days since the oldest message came that still waits for a first answer.")
AS_SAID = N_("Answers that said “we will do this” whose promise was done by its day, out of those whose day has come.")

PARTS = {
    Part.UNANSWERED: N_("No answer yet"),
    Part.OPEN_AGAIN: N_("Answered, and open again"),
    Part.NOT_DUE: N_("Promised, and the day has not come"),
    Part.LATE: N_("Promised, and late or not done"),
    Part.NOT_TOLD: N_("Done, and the sender was not told"),
    Part.ANSWERED: N_("Answered, and may still be contested"),
}

NO_KINDS = {
    NoKind.NOT_OURS: N_("It is not ours to do"),
    NoKind.NO_MONEY: N_("There is no money for it"),
    NoKind.NOT_LAWFUL: N_("The law does not allow it"),
    NoKind.NOT_SAFE: N_("It would not be safe"),
    NoKind.OTHERS_FIRST: N_("Others need it first"),
    NoKind.OTHER: N_("Another reason"),
}
"""Why the answer was no, as everybody reads it."""

MESSAGES, ANSWERS, PROMISES = N_("Messages sent here"), N_("Messages sent here and their answers"), N_("The promises on this site")
"""Where they come from."""


def closed(part: int, whole: int, days: int) -> str:
    """How many loops are closed."""
    if whole == 0:
        return words.none_old(days)
    return ngettext(
        "Of %(den)s message, %(num)s is settled from beginning to end.",
        "Of %(den)s messages, %(num)s are settled from beginning to end.",
        whole,
        den=den(whole),
        num=num(part),
    )


def in_time(part: int, whole: int, days: int) -> str:
    """How many had a first answer soon."""
    if whole == 0:
        return words.none_old(days)
    return ngettext(
        "Of %(den)s message, %(num)s had a first answer within ten working days.",
        "Of %(den)s messages, %(num)s had a first answer within ten working days.",
        whole,
        den=den(whole),
        num=num(part),
    )


def longest(days: int | None) -> str:
    """How long the oldest message waits."""
    if days is None:
        return _("Nobody waits for a first answer.")
    return ngettext("The longest wait is %(num)s day, and goes on.", "The longest wait is %(num)s days, and goes on.", days, num=num(days))


def better(part: int, whole: int) -> str:
    """How many say that it is better."""
    if whole == 0:
        return _("Nobody has said yet whether it is better.")
    return ngettext(
        "Of %(den)s sender who said so, %(num)s says it is better now.",
        "Of %(den)s senders who said so, %(num)s say it is better now.",
        whole,
        den=den(whole),
        num=num(part),
    )


def checked(part: int, whole: int) -> str:
    """How many senders say something of the answer."""
    if whole == 0:
        return _("No answer could be judged yet.")
    return ngettext(
        "Of %(den)s message with an answer, %(num)s has its sender’s word on it.",
        "Of %(den)s messages with an answer, %(num)s have their sender’s word on it.",
        whole,
        den=den(whole),
        num=num(part),
    )


def as_said(part: int, whole: int) -> str:
    """How many answers did what they said."""
    if whole == 0:
        return _("Nothing that an answer promised was due yet.")
    return ngettext(
        "%(den)s answer promised something by a day that has come: %(num)s was done by then.",
        "%(den)s answers promised something by a day that has come: %(num)s were done by then.",
        whole,
        den=den(whole),
        num=num(part),
    )
