"""Doing: answering several messages with one answer. Each of them has a reply of its own."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from service.database import WriteSession
from service.errors import Conflict, NotFound, Refused
from service.feedback import rules
from service.feedback.answer_models import Came
from service.feedback.claim_queries import must_be_checked
from service.feedback.desk_actions import reply
from service.feedback.desk_queries import get_message_row
from service.feedback.draft_actions import propose
from service.feedback.draft_models import Unsent
from service.feedback.models import Reply, ReplyIn
from service.people.models import Member


def reply_to_many(
    writes: WriteSession, member: Member, ids: Sequence[UUID], given: ReplyIn, now: datetime, *, written_by: UUID | None = None
) -> Counter[Came]:
    """Answers each of these messages that still waits; one that refuses does not stop the rest. A second answer is given to none.

    Where a second person has to look first, the answer is proposed: `Came.PROPOSED`.
    Units: messages.
    Raises: Invalid where the answer itself is not whole.
    """
    return Counter(reply_to_one(writes, member, one, given, now, written_by=written_by)[0] for one in sorted(set(ids)))


def reply_to_one(
    writes: WriteSession, member: Member, message_id: UUID, given: ReplyIn, now: datetime, *, written_by: UUID | None = None
) -> tuple[Came, Reply | None]:
    """The same for one of them, and the reply that it has then. Raises: Invalid."""
    try:
        message = get_message_row(writes, member, message_id, held=True)
        if message.state not in rules.OPEN:
            return Came.ANSWERED, None
        if written_by is not None or not must_be_checked(writes, message, given.outcome):
            return Came.DONE, reply(writes, member, message_id, given, now, written_by=written_by)
        if given.promise or given.task:  # it was made for all of them, so nobody proposes it a second time
            return Came.NOT_YOURS, None
        propose(writes, member, message_id, Unsent(given.outcome, given.body, given.reason, None, given.no_kind), now)
    except Conflict:
        return Came.ANSWERED, None
    except (NotFound, Refused):
        return Came.NOT_YOURS, None
    return Came.PROPOSED, None
