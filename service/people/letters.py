"""The letters that people get, written in the moment in which they are sent."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from service.database import WriteSession
from service.days import local_day
from service.errors import NotFound
from service.journal.actions import OPERATOR, record
from service.language import N_, Language, _, current, day, speaking
from service.outbox.letter_queries import in_own_words
from service.outbox.models import Claimed, Written
from service.people.actions import link_for, make_link
from service.people.models import Role
from service.people.queries import RoleRow, find_roles, find_staff


def sign_in_letter(public_url: str) -> Callable[[WriteSession, Claimed, datetime], Written | None]:
    """Writes the letter with a one-use link, beginning with this address, for whoever may sign in; for anybody else none.

    The form that asked does the same for every address. Whether it is known is looked up here, after the answer has gone.
    """

    def write(writes: WriteSession, letter: Claimed, now: datetime) -> Written | None:
        try:
            secret = make_link(writes, OPERATOR, letter.address, now)
        except NotFound:
            return None
        staff = find_staff(writes, letter.address)
        whose = only_place(find_roles(writes, staff.id) if staff else [])
        spoken = Language(staff.language) if staff and staff.language else current()
        with speaking(spoken):
            parts = sign_in_words(f"{public_url}/staff/sign-in/{secret}")
            written = in_own_words(writes, whose, letter.purpose, spoken.code, _("Your link to sign in to Said & Done"), parts)
        return replace(written, language=spoken.code)

    return write


def sign_in_words(link: str) -> list[str]:
    """What the letter with a link says in any case."""
    return [
        _("Somebody asked for a link to sign in to Said & Done with this address. This is it:"),
        link,
        _("It works once, and for 15 minutes."),
        _("Was that not you? Then do nothing. Nobody gets in without this link. Do not pass it on."),
    ]


def only_place(roles: Sequence[RoleRow]) -> tuple[UUID, str] | None:
    """The place for which somebody works, where it is one: what is said for one of several would not fit the others."""
    places = {(one.place_id, one.place) for one in roles}
    return places.pop() if len(places) == 1 else None


ROLES = {
    Role.FRONTLINE: N_("front line"),
    Role.COORDINATOR: N_("coordinator"),
    Role.MODERATOR: N_("moderator"),
    Role.ADMIN: N_("administrator"),
    Role.VIEWER: N_("viewer"),
}


def invitation_letter(public_url: str) -> Callable[[WriteSession, Claimed, datetime], Written | None]:
    """Writes the letter that tells somebody what they may do and where; with a one-use link for who has never come.

    Nobody is told anything who may not sign in any more, or whose invitation was taken back or has run out.
    """

    def write(writes: WriteSession, letter: Claimed, now: datetime) -> Written | None:
        staff = find_staff(writes, letter.address)
        roles = find_roles(writes, staff.id) if staff and staff.disabled_at is None else []
        if staff is None or not roles:
            return None
        if staff.arrived_at is not None:
            way = known_way(f"{public_url}/staff")
        elif staff.invited_until is None or staff.invited_until <= now:
            return None
        else:
            record(writes, OPERATOR, "link_made", "staff", staff.id, at=now)
            secret = link_for(writes, staff, now, staff.invited_until - now)
            way = new_way(f"{public_url}/staff/sign-in/{secret}", local_day(staff.invited_until, roles[0].time_zone))
        subject = _("You are invited to work in %(place)s", place=roles[0].place)
        parts = invitation_words([_work(one) for one in roles], way)
        return in_own_words(writes, only_place(roles), letter.purpose, current().code, subject, parts)

    return write


def invitation_words(work: Sequence[str], way: Sequence[str]) -> list[str]:
    """What an invitation says in any case: to what, and how to get in."""
    return [
        _("You are invited to Said & Done: what residents say is answered there, and everyone can see whether it was done."),
        "\n".join([_("You may work here:"), *(f"* {one}" for one in work)]),
        *way,
        _("Did you not expect this? Then do nothing."),
    ]


def known_way(link: str) -> list[str]:
    """How somebody gets in who has been here."""
    return [_("Sign in as you always do:"), link]


def new_way(link: str, until: date) -> list[str]:
    """How somebody gets in who comes for the first time."""
    return [
        _("This link signs you in. It works once, and until %(date)s:", date=day(until).replace("\u00a0", " ")),
        link,
        _("It is for you alone. Do not pass it on. You need no password, now or later."),
    ]


def _work(one: RoleRow) -> str:
    whom = _("for %(organisation)s", organisation=one.organisation) if one.organisation else _("for the whole place")
    return f"{one.place}: {_(ROLES[one.role])}, {whom}"
