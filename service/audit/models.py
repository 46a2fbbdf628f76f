"""One row per reading of something that identifies somebody."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from service.journal.models import ActorKind
from service.tables import APPEND_ONLY, Moment, new_id, word_type


class What(StrEnum):
    """What was read."""

    CONTACT = "contact"
    ORIGINAL = "original"
    SENSITIVE = "sensitive"
    SUBJECT_SEARCH = "subject_search"
    SUBJECT_EXPORT = "subject_export"


FOR_THE_WORK = (What.CONTACT, What.SENSITIVE)
"""What is read for the one purpose that it is kept for. Everything else is read for a reason, which is asked."""


def _words_of(whats: tuple[What, ...]) -> str:
    return ", ".join(f"'{what.value}'" for what in whats)


class Reading(SQLModel, table=True):
    """Somebody read something that identifies a person. Rows are added and never changed; `why` is the reader's own reason.

    `subject` and `subject_id` name the thing as the journal does; `organisation_id` is the one that had it at the time.
    """

    __tablename__ = "audit_reading"
    __table_args__ = (CheckConstraint(f"what in ({_words_of(FOR_THE_WORK)}) or why is not null", name="reason_given"), APPEND_ONLY)

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    what: What = Field(sa_type=word_type(What))
    subject: str = Field(max_length=40)
    subject_id: UUID | None = None
    organisation_id: UUID | None = None
    why: str | None = Field(default=None, max_length=300)
    actor_kind: ActorKind = Field(sa_type=word_type(ActorKind))
    actor_id: UUID | None = None
    at: datetime = Field(sa_type=Moment)


# ---- what administrators read ----------------------------------------------------------------------------------------


class Part(StrEnum):
    """What the page can be narrowed to: two kinds of history in one list."""

    CONTACTS = "contacts"
    ORIGINALS = "originals"
    SENSITIVE = "sensitive"
    SEARCHES = "searches"
    PEOPLE = "people"
    KEYS = "keys"
    ROTA = "rota"
    SETTINGS = "settings"


READ = {
    Part.CONTACTS: (What.CONTACT,),
    Part.ORIGINALS: (What.ORIGINAL,),
    Part.SENSITIVE: (What.SENSITIVE,),
    Part.SEARCHES: (What.SUBJECT_SEARCH, What.SUBJECT_EXPORT),
}
"""Parts of what was read."""

DONE = {
    Part.SEARCHES: ("subject_request",),
    Part.PEOPLE: ("staff", "staff_role"),
    Part.KEYS: ("holder", "webhook"),
    Part.ROTA: ("rota_turn", "lane_rule"),
    Part.SETTINGS: (
        *("collaboration", "area", "organisation", "topic", "governance_period", "threshold", "wording", "hold_rule"),
        "answer_rule",
        *("retention_period", "legal_hold", "letter"),
    ),
}
"""Parts of what was done, by the subjects of the journal. A feature that journals a new subject adds it here."""

NOT_TOLD = (
    *(("staff", verb) for verb in ("signed_in", "signed_out", "added", "link_made", "codes_made")),
    ("collaboration", "retained"),
    ("letter", "given_up"),
)
"""When people come and go, and with which codes, is their own affair; that somebody was added stands in the invitation; that words went
when their time was over stands where they were, and what could not be sent has a page of its own."""

LEFT_OUT = (
    *("feedback", "hold", "theme", "concern"),
    *("promise", "promise_check", "deal", "milestone"),
    *("narrative", "barrier", "indicator", "instrument", "comparator_group", "asset_transfer"),
    *("person_key", "photo", "intake", "intake_map"),
    *("staff_session", "passkey", "authenticator_app", "recovery_code", "known_login"),
    "server_key",
)
"""Subjects of the journal that are not told here: the audit says who read what identifies somebody, and who changed what people may do or
how the place works. The work itself has its own history where it stands: what is said in answers, promises, deals and their steps is
read by everybody, a concern has its steps, photos stand with their message, files that are brought in have a list of who brought what,
people whose goals are followed have a name that leads to nobody, and a draft is read by who writes it and is gone when it is given. By
which ways somebody signs in is their own affair and stands on their own page; the server's keys are the operator's."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked for; what is not named does not matter. Days are the place's own, both included."""

    part: Part | None = None
    by: UUID | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One line of the page. `act` says what was done, as `contact` or `staff.invited`; `name` whom or what it was done to.

    `who` is None where the one who did it is not of this place; `number` tells one message from another and tells nothing of it.
    """

    id: UUID
    at: datetime
    on: date
    time: str
    who: str | None
    by: ActorKind
    part: Part
    act: str
    name: str | None
    within: str | None
    fields: tuple[str, ...]
    number: str
    why: str | None
