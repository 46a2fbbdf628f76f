"""The promise that an answer makes, as the pages of answers ask for it: who may be named, and making it."""

from uuid import UUID

from service.clock import Now
from service.database import Reads, Writes
from service.days import local_day
from service.errors import FieldError, Invalid
from service.feedback import rules
from service.feedback.models import Outcome
from service.feedback.reply_form import ReplyForm, in_this_form
from service.language import _
from service.people.models import Member
from service.places.queries import Choice
from service.promises.actions import Speaker, make_promise, makers_for, speaker_of


def makers_to_name(reads: Reads, member: Member, now: Now) -> list[Choice]:
    """Who can be named as doing what an answer promises: who proposes one names whom it is about, and who gives it speaks for them."""
    held = [grant.organisation_id for grant in member.grants if grant.role in rules.READERS]
    proposes = Speaker(member.actor, frozenset(one for one in held if one is not None), whole_place=None in held)
    return makers_for(reads, proposes, member.place, now)


def check_promise(reads: Reads, member: Member, filled: ReplyForm, now: Now) -> None:
    """Says now what would be wrong with the promise when it is made. Raises: Invalid, for the fields of the answer."""
    if filled.outcome != Outcome.WILL_DO:
        return
    errors = []
    if not filled.says_task and filled.promise_maker not in {one.code for one in makers_to_name(reads, member, now)}:
        errors.append(FieldError("promise_maker", _("Say which organisation does it.")))
    if filled.promise_due_on and filled.promise_due_on < local_day(now, member.place.time_zone):
        errors.append(FieldError("promise_due_on", _("This day has passed. Choose one that is still to come.")))
    if errors:
        raise Invalid(*errors)


def make_promised(writes: Writes, member: Member, filled: ReplyForm, area: str | None, now: Now, *, whole_place: bool) -> UUID | None:
    """Makes the promise of an answer that says "we will do this", where it is not something smaller.

    Raises: Invalid, for the fields of the answer; Refused.
    """
    if filled.outcome != Outcome.WILL_DO:
        return None
    if filled.says_task:
        check_promise(writes, member, filled, now)
        return None
    given = filled.promise(area, local_day(now, member.place.time_zone), whole_place=whole_place)
    try:
        return make_promise(writes, speaker_of(member), member.place, given, now).id
    except Invalid as refusal:
        raise Invalid(*in_this_form(refusal.errors)) from refusal
