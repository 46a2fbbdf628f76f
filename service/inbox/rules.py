"""Which parts the inbox has for whom."""

from collections.abc import Sequence

from service.feedback import rules as messages
from service.feedback.bulk_models import Together
from service.inbox.models import Part
from service.narratives import rules as stories
from service.people.models import Grant, Role


def parts_for(grants: Sequence[Grant]) -> tuple[Part, ...]:
    """The parts of somebody's inbox, the first of them shown first. Who owes nothing sees what waits for others to answer."""
    roles = {grant.role for grant in grants}
    duties = [
        (Part.OWED, bool(roles & set(messages.ANSWERERS))),
        (Part.PROPOSED, bool(roles & set(messages.ANSWERERS))),
        (Part.OFFERED, messages.may_decide(grants, None)),
        (Part.STORIES, bool(roles & set(stories.CHECKERS))),
        (Part.PROMISES, Role.COORDINATOR in roles),
        (Part.SEEN, messages.may_decide(grants, None)),
        (Part.TASKS, bool(roles & set(messages.ANSWERERS))),
        (Part.OUTSIDE, bool(roles & set(messages.ANSWERERS))),
    ]
    owes = [part for part, has in duties if has]
    first = [Part.DUTIES, Part.OWED] if owes else [Part.OWED]
    return (*first, *(part for part in owes if part != Part.OWED), Part.UNREAD, Part.ANSWERED)


def bulk_for(grants: Sequence[Grant]) -> tuple[Together, ...]:
    """What somebody may do with several messages at once."""
    answers = any(grant.role in messages.ANSWERERS for grant in grants)
    may = [(Together.READ, True), (Together.TAKE, answers), (Together.SEND_ON, messages.may_pass_on(grants))]
    return tuple(act for act, allowed in may if allowed)
