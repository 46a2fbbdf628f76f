"""Doing: answering several messages with one answer. Each of them has a reply of its own."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from service.database import WriteSession
from service.errors import Conflict, NotFound, Refused
from service.feedback import rules
from service.feedback.claim_queries import must_be_checked
from service.feedback.desk_actions import reply
from service.feedback.desk_queries import get_message_row
from service.feedback.draft_actions import propose
from service.feedback.draft_models import Unsent
from service.feedback.models import ReplyIn
from service.people.models import Member


class Came(StrEnum):
    """What came of the answer for one of the messages."""

    DONE = "done"
    PROPOSED = "proposed"
    ANSWERED = "answered"
    NOT_YOURS = "not_yours"


def reply_to_many(
    writes: WriteSession, member: Member, ids: Sequence[UUID], given: ReplyIn, now: datetime, *, written_by: UUID | None = None
) -> Counter[Came]:
    """Answers each of these messages that still waits; one that refuses does not stop the rest. A second answer is given to none.

    Where a second person has to look first, the answer is proposed: `Came.PROPOSED`.
    Units: messages.
    Raises: Invalid where the answer itself is not whole.
    """
    results: Counter[Came] = Counter()
    for message_id in sorted(set(ids)):
        try:
            message = get_message_row(writes, member, message_id, held=True)
            if message.state not in rules.OPEN:
                results[Came.ANSWERED] += 1
            elif written_by is None and given.promise is None and must_be_checked(writes, message, given.outcome):
                propose(writes, member, message_id, Unsent(given.outcome, given.body, given.reason, None, given.no_kind), now)
                results[Came.PROPOSED] += 1
            else:
                reply(writes, member, message_id, given, now, written_by=written_by)
                results[Came.DONE] += 1
        except Conflict:
            results[Came.ANSWERED] += 1
        except (NotFound, Refused):
            results[Came.NOT_YOURS] += 1
    return results
