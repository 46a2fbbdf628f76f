"""The letters of the loop: to those whose words led to something, and to those who owe an answer. None holds a resident's words."""

from collections.abc import Callable, Container
from datetime import datetime
from uuid import UUID

from sqlmodel import select

from service.database import ReadSession, WriteSession
from service.days import local_day
from service.feedback.contact_queries import unseal_contact
from service.feedback.models import Feedback, State
from service.language import N_, _, current, day, ngettext, number
from service.loop.models import Hop, HopKind, ReminderKind
from service.loop.owed_queries import count_too_late, find_owed
from service.notices.rules import email_in, mobile_in
from service.outbox.models import Claimed, Way, Written
from service.people.models import Staff
from service.places.models import Collaboration, Threshold
from service.places.queries import PlaceCard, get_place
from service.promises.models import Progress, Standing
from service.server_keys import ServerKeys

Writer = Callable[[WriteSession, Claimed, datetime], Written | None]

HAPPENED = {
    HopKind.REPLIED: N_("We have answered you."),
    HopKind.FOLLOWED_UP: N_("We have written down what became of it."),
    HopKind.REOPENED: N_("We are looking at it again."),
    HopKind.MOVED: N_("There is news of the promise that your words led to."),
}

MOVED = {
    Standing.CLAIMED_KEPT: N_("They say that what was promised is done. Somebody else checks it now."),
    Standing.KEPT: N_("What was promised is done. Somebody other than its maker checked."),
    Standing.PARTLY_KEPT: N_("Part of what was promised is done."),
    Standing.BROKEN: N_("What was promised was not done."),
    Standing.DISPUTED: N_("They say that what was promised is done. Others say it is not."),
    Standing.CHANGED: N_("What was promised was changed."),
}


def news_letter(public_url: str, keys: Callable[[], ServerKeys], ways: Container[Way]) -> Writer:
    """Writes to a sender who left an address or a number that something happened, with the address of the page and not their code.

    `ways`: who brings letters here. A number may as well be there for whoever answers.
    """

    def write(writes: WriteSession, letter: Claimed, _now: datetime) -> Written | None:
        place_id, message_id, hop_id = (UUID(hex=one) for one in letter.address.split("."))
        message, hop = writes.get(Feedback, (place_id, message_id)), writes.get(Hop, (place_id, hop_id))
        if message is None or hop is None or message.state == State.WITHDRAWN or message.lane is not None or message.codeless_at:
            return None
        left = unseal_contact(writes, keys(), place_id, message_id) or ""
        place = writes.get_one(Collaboration, place_id)
        address, number = email_in(left), mobile_in(left)
        there = f"{public_url}/{place.slug}/answer" + ("" if current().code == place.languages[0] else f"?lang={current().code}")
        if number and Way.TEXT in ways:
            return Written("", text_message(place.name, there), to=number, way=Way.TEXT)
        if address is None or Way.MAIL not in ways:
            return None
        body = [
            _("You told %(place)s something and left this address for the answer.", place=place.name),
            _happened(writes, hop),
            "\n".join([_("Read it here, with your code:"), there]),
            _("Your code is not in this letter. Nobody can read your message without it."),
            _("Do you want no more letters? On the same page you can tell us to forget this address."),
        ]
        return Written(_("News from %(place)s", place=place.name), "\n\n".join(body) + "\n", to=address)

    return write


def text_message(place: str, address: str) -> str:
    """What a phone is told: not one word of the message, and not the code."""
    return "\n".join(
        [_("%(place)s: there is news about what you told us.", place=place), _("Read it, or stop these, with your code:"), address]
    )


def _happened(writes: WriteSession, hop: Hop) -> str:
    entry = writes.get(Progress, (hop.collaboration_id, hop.subject_id)) if hop.kind == HopKind.MOVED else None
    if entry is not None and entry.moved_to in MOVED:
        return _(MOVED[entry.moved_to])
    return _(HAPPENED[hop.kind])


def reminder_letter(public_url: str) -> Writer:
    """Writes to somebody who owes answers how many, counted when the letter is written; nothing where nothing is due any more."""

    def write(writes: WriteSession, letter: Claimed, now: datetime) -> Written | None:
        place_id, staff_id, kind = letter.address.split(".")
        staff = writes.get(Staff, UUID(hex=staff_id))
        slug = writes.exec(select(Collaboration.slug).where(Collaboration.id == UUID(hex=place_id))).first()
        if staff is None or staff.disabled_at is not None or slug is None:
            return None
        place = get_place(writes, slug)
        said = (
            _far_too_late(writes, place, public_url, now) if kind == ReminderKind.TOO_LATE else _due(writes, place, staff, public_url, now)
        )
        return Written(said[0], "\n\n".join(said[1]) + "\n", to=staff.email) if said else None

    return write


def _due(reads: ReadSession, place: PlaceCard, staff: Staff, public_url: str, now: datetime) -> tuple[str, list[str]] | None:
    owed = next(iter(find_owed(reads, place, now, staff.id)), None)
    if owed is None or not (owed.late or owed.soon or owed.told):
        return None
    lines = []
    if owed.late:
        lines.append(
            ngettext("%(count)s message should have had its answer.", "%(count)s messages should have had their answer.", owed.late)
        )
    if owed.soon:
        lines.append(
            ngettext("%(count)s answer is due by the next working day.", "%(count)s answers are due by the next working day.", owed.soon)
        )
    if owed.told:
        lines.append(
            ngettext(
                "Of %(count)s message another system says something new.",
                "Of %(count)s messages another system says something new.",
                owed.told,
            )
        )
    due = owed.late or owed.soon
    today = day(local_day(now, place.time_zone)).replace("\u00a0", " ")
    title = _("Answers that are due in %(place)s", place=place.name) if due else _("News of messages in %(place)s", place=place.name)
    return title, [
        _("This waits for you in %(place)s on %(date)s:", place=place.name, date=today),
        "\n".join(f"* {line}" for line in lines),
        f"{public_url}/staff/{place.slug}/inbox",
        "\n".join(
            [
                _("You get one such letter a day at most, on working days. On your own page you can say that you want none:"),
                f"{public_url}/staff/you",
            ]
        ),
    ]


def _far_too_late(reads: ReadSession, place: PlaceCard, public_url: str, now: datetime) -> tuple[str, list[str]] | None:
    many, days = count_too_late(reads, place, now), place.thresholds.on(Threshold.TOO_LATE_AFTER, local_day(now, place.time_zone))
    if not many:
        return None
    return _("Answers are far too late in %(place)s", place=place.name), [
        ngettext(
            "%(count)s message in %(place)s waits for an answer far longer than we said.",
            "%(count)s messages in %(place)s wait for an answer far longer than we said.",
            many,
            place=place.name,
        ),
        _(
            "The day on which an answer was due is more than %(days)s working days ago.",
            days=number(days),
        ),
        _("You are told once of each message, as you answer for the place. Please see to it that somebody answers."),
        f"{public_url}/staff/{place.slug}",
    ]
