"""Doing: taking words out that name somebody, keeping the original under seal, opening it for a reason, putting it back."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cryptography.fernet import InvalidToken
from sqlmodel import col, select

from service import findable, language
from service.audit.actions import record_reading
from service.audit.models import What
from service.database import WriteSession
from service.days import local_day
from service.errors import Conflict, FieldError, Invalid, NotFound, Refused
from service.feedback import rules as messages
from service.feedback.desk_queries import get_message_row
from service.feedback.models import Feedback
from service.findable import TEXTS, Kind
from service.journal.actions import record
from service.language import _
from service.moderation.models import Redaction
from service.narratives import rules as stories
from service.narratives.models import Narrative
from service.narratives.queries import Reader, get_narrative
from service.people.models import Member
from service.people.rules import reaches
from service.server_keys import ServerKeys

MOST = 40
"""Pieces of text that are named in one go."""

Subject = Feedback | Narrative


def redact_message(writes: WriteSession, keys: ServerKeys, member: Member, message_id: UUID, pieces: Sequence[str], now: datetime) -> int:
    """Takes these pieces of text out of a message, everywhere they stand; answers how often.

    Raises: NotFound, Refused for the organisation that the message is with, Invalid where they do not stand in it.
    """
    message = _message(writes, member, message_id)
    return _redact(writes, keys, member, message, Kind.MESSAGE, pieces, now)


def redact_story(writes: WriteSession, keys: ServerKeys, member: Member, narrative_id: UUID, pieces: Sequence[str], now: datetime) -> int:
    """The same with a story, for those who check it. Raises: NotFound, Refused, Invalid."""
    story = _story(writes, member, narrative_id, now)
    return _redact(writes, keys, member, story, Kind.STORY, pieces, now)


def open_original(writes: WriteSession, keys: ServerKeys, member: Member, redaction_id: UUID, why: str, now: datetime) -> str:
    """What stood there before, for a reason that is kept with the reader's name. Raises: NotFound, Refused, Invalid without a reason."""
    row, subject = _redaction(writes, member, redaction_id, now)
    record_reading(
        writes,
        member.actor,
        What.ORIGINAL,
        "feedback" if row.feedback_id else "narrative",
        subject.id,
        at=now,
        collaboration_id=member.place.id,
        organisation_id=subject.organisation_id,
        why=why,
    )
    return _opened(keys, row)


def put_back(writes: WriteSession, keys: ServerKeys, member: Member, redaction_id: UUID, now: datetime) -> tuple[UUID | None, UUID | None]:
    """Puts the teller's own words back, where too much was taken out: the last change of a part first.

    Answers the id of the message, or of the story. Raises: NotFound, Refused, Conflict.
    """
    row, subject = _redaction(writes, member, redaction_id, now)
    if row.id != _newest(writes, row):
        raise Conflict(_("More was taken out of these words since. Put that back first."))
    setattr(subject, row.part, _opened(keys, row))
    row.put_back_at, row.sealed = now, ""
    writes.add(row)
    writes.add(subject)
    writes.flush()
    kind = Kind.MESSAGE if row.feedback_id else Kind.STORY
    findable.put(writes, kind, subject)
    name = "feedback" if row.feedback_id else "narrative"
    record(writes, member.actor, "put_back", name, subject.id, at=now, collaboration_id=member.place.id, fields=[row.part])
    return (subject.id, None) if isinstance(subject, Feedback) else (None, subject.public_id)


def _redact(  # noqa: PLR0913 (one sentence: who takes what out of which words)
    writes: WriteSession, keys: ServerKeys, member: Member, subject: Subject, kind: Kind, pieces: Sequence[str], now: datetime
) -> int:
    wanted = _pattern(pieces)
    mark = _mark(subject.language)
    taken = 0
    for part in TEXTS[kind]:
        before = getattr(subject, part)
        after, count = wanted.subn(mark, before) if before else (before, 0)
        if not count:
            continue
        row = Redaction(
            collaboration_id=member.place.id,
            feedback_id=subject.id if isinstance(subject, Feedback) else None,
            narrative_id=subject.id if isinstance(subject, Narrative) else None,
            part=part,
            pieces=count,
            key_version=keys.current.version,
            sealed=keys.current.originals.encrypt(before.encode()).decode(),
            staff_id=member.person.staff_id,
            at=now,
        )
        setattr(subject, part, after)
        writes.add(row)
        taken += count
    if not taken:
        raise Invalid(FieldError("pieces", _("These words do not stand in it. Write them as they stand there.")))
    writes.add(subject)
    writes.flush()
    findable.put(writes, kind, subject)
    name = "feedback" if isinstance(subject, Feedback) else "narrative"
    record(writes, member.actor, "redacted", name, subject.id, at=now, collaboration_id=member.place.id, fields=["body"])
    return taken


def _pattern(pieces: Sequence[str]) -> re.Pattern[str]:
    """Finds each piece as a whole, in capital letters or small ones, the longest first."""
    named = sorted({" ".join(piece.split()) for piece in pieces if piece.strip()}, key=len, reverse=True)
    if not named:
        raise Invalid(FieldError("pieces", _("Write the words that should be taken out.")))
    if len(named) > MOST:
        raise Invalid(FieldError("pieces", _("Take out at most %(count)s at a time.", count=MOST)))
    each = (r"\s+".join(map(re.escape, piece.split())) for piece in named)
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)", re.IGNORECASE)


def _mark(code: str | None) -> str:
    """What stands there instead, in the language of the words."""
    spoken = language.choose(code, "", language.available()) if code else language.current()
    with language.speaking(spoken):
        return _("[name removed]")


def _message(writes: WriteSession, member: Member, message_id: UUID) -> Feedback:
    message = get_message_row(writes, member, message_id, held=True)
    if not messages.may_decide(member.grants, message.organisation_id):
        raise Refused(_("A coordinator or moderator for the whole place decides this, and nobody of the organisation that it is with."))
    return message


def _story(writes: WriteSession, member: Member, narrative_id: UUID, now: datetime) -> Narrative:
    reader = Reader(member.place.id, local_day(now, member.place.time_zone), member)
    story = get_narrative(writes, reader, narrative_id, held=True).narrative
    if not reaches(member.grants, stories.CHECKERS, story.organisation_id):
        raise Refused(_("A coordinator or moderator decides this."))
    return story


def _redaction(writes: WriteSession, member: Member, redaction_id: UUID, now: datetime) -> tuple[Redaction, Subject]:
    """What was taken out, if this member may see the whole of it."""
    query = select(Redaction).where(Redaction.collaboration_id == member.place.id, Redaction.id == redaction_id)
    row = writes.exec(query.where(col(Redaction.put_back_at).is_(None)).with_for_update()).first()
    if row is None:
        raise NotFound
    if row.feedback_id:
        return row, _message(writes, member, row.feedback_id)
    story = writes.get_one(Narrative, (row.collaboration_id, row.narrative_id))
    return row, _story(writes, member, story.public_id, now)


def _newest(writes: WriteSession, row: Redaction) -> UUID | None:
    same = Redaction.feedback_id == row.feedback_id if row.feedback_id else Redaction.narrative_id == row.narrative_id
    query = select(Redaction.id).where(Redaction.collaboration_id == row.collaboration_id, same, Redaction.part == row.part)
    return writes.exec(query.where(col(Redaction.put_back_at).is_(None)).order_by(col(Redaction.id).desc()).limit(1)).first()


def _opened(keys: ServerKeys, row: Redaction) -> str:
    key = keys.version(row.key_version)
    try:
        if key is not None:
            return key.originals.decrypt(row.sealed.encode()).decode()
    except InvalidToken:
        pass
    raise Conflict(_("The key that this was sealed with is gone, so nobody can open it."))
