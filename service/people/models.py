"""Staff are global; what they may do is said per collaboration and organisation."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.journal.actions import Actor
from service.journal.models import ActorKind
from service.places.queries import PlaceCard
from service.tables import Code, Input, Line, Moment, Plain, new_id, of_collaboration, of_same, word_type


class Role(StrEnum):
    """What a person may do in a collaboration."""

    FRONTLINE = "frontline"
    COORDINATOR = "coordinator"
    MODERATOR = "moderator"
    ADMIN = "admin"
    VIEWER = "viewer"


AT_THE_DESK = (Role.FRONTLINE, Role.COORDINATOR, Role.MODERATOR)
"""Who works with what residents say. Viewers and admins read no words that were not shared."""


class ViewerKind(StrEnum):
    """For whom a viewer looks."""

    COUNCILLOR = "councillor"
    FUNDER = "funder"
    REGULATOR = "regulator"


def _one_live(name: str, where: str, *columns: str) -> list[Index]:
    """At most one row that has not ended."""
    condition = text(f"ended_at IS NULL AND {where}")
    return [Index(f"uq_{name}", *columns, unique=True, sqlite_where=condition, postgresql_where=condition)]


class Staff(SQLModel, table=True):
    """A person who signs in. The address is kept in lower case. Until they first sign in, they are invited, and only so long."""

    id: UUID = Field(primary_key=True, default_factory=new_id)
    email: str = Field(unique=True, max_length=254)
    name: str = Field(max_length=200)
    added_at: datetime = Field(sa_type=Moment)
    invited_until: datetime | None = Field(default=None, sa_type=Moment)
    arrived_at: datetime | None = Field(default=None, sa_type=Moment)
    disabled_at: datetime | None = Field(default=None, sa_type=Moment)
    reminders_off_at: datetime | None = Field(default=None, sa_type=Moment)
    language: str | None = Field(default=None, max_length=12)


class StaffRole(SQLModel, table=True):
    """One role of one person. `organisation_id` null: for the whole place. Stopped: ended, and given back as it was when they return."""

    __tablename__ = "staff_role"
    __table_args__ = (
        of_collaboration(),
        of_same("organisation", "organisation_id"),
        CheckConstraint("(role = 'viewer') = (viewer_kind is not null)", name="viewer_has_a_kind"),
        Index(None, "staff_id", "collaboration_id"),
        *_one_live("staff_role_whole", "organisation_id IS NULL", "collaboration_id", "staff_id", "role"),
        *_one_live("staff_role_within", "organisation_id IS NOT NULL", "collaboration_id", "staff_id", "role", "organisation_id"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    staff_id: UUID = Field(foreign_key="staff.id")
    role: Role = Field(sa_type=word_type(Role))
    viewer_kind: ViewerKind | None = Field(default=None, sa_type=word_type(ViewerKind))
    organisation_id: UUID | None = None
    given_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    stopped_at: datetime | None = Field(default=None, sa_type=Moment)


class SignInLink(SQLModel, table=True):
    """A link that signs a person in once. Only a hash of its secret is kept."""

    __tablename__ = "sign_in_link"

    id: UUID = Field(primary_key=True, default_factory=new_id)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    secret_hash: str = Field(unique=True, max_length=64)
    made_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class StaffSession(SQLModel, table=True):
    """A signed-in browser. Only a hash of the cookie is kept. Proven: its person has shown twice who they are."""

    __tablename__ = "staff_session"

    id: UUID = Field(primary_key=True, default_factory=new_id)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    secret_hash: str = Field(unique=True, max_length=64)
    started_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    proven_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class Passkey(SQLModel, table=True):
    """A key in a person's device that signs them in. Kept is only its public half. Removed, the row goes."""

    id: UUID = Field(primary_key=True, default_factory=new_id)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    name: str = Field(max_length=60)
    credential_id: str = Field(unique=True, max_length=1400)
    public_key: str = Field(max_length=2000)
    sign_count: int = Field(sa_type=BigInteger)
    added_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class PasskeyChallenge(SQLModel, table=True):
    """A question to a passkey that waits for its one answer. Without a person: for signing in."""

    __tablename__ = "passkey_challenge"

    id: UUID = Field(primary_key=True, default_factory=new_id)
    challenge_hash: str = Field(unique=True, max_length=64)
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id")
    expires_at: datetime = Field(sa_type=Moment, index=True)


class AuthenticatorApp(SQLModel, table=True):
    """An app that shows an administrator a code every half minute. What it shares with us is sealed under a server key."""

    __tablename__ = "authenticator_app"

    id: UUID = Field(primary_key=True, default_factory=new_id)
    staff_id: UUID = Field(foreign_key="staff.id", unique=True)
    sealed: str = Field(max_length=300)
    key_version: int
    added_at: datetime = Field(sa_type=Moment)
    confirmed_at: datetime | None = Field(default=None, sa_type=Moment)
    last_step: int | None = Field(default=None, sa_type=BigInteger)
    wrong: int = 0
    wait_until: datetime | None = Field(default=None, sa_type=Moment)


class RecoveryCode(SQLModel, table=True):
    """A code that stands in for the app once. It is worked out from its id under a server key, and is stored nowhere."""

    __tablename__ = "recovery_code"

    id: UUID = Field(primary_key=True, default_factory=new_id)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    key_version: int
    made_at: datetime = Field(sa_type=Moment)
    seen_at: datetime | None = Field(default=None, sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class LoginTry(SQLModel, table=True):
    """A browser that has gone to the council's own login, and may come back once."""

    __tablename__ = "login_try"

    id: UUID = Field(primary_key=True, default_factory=new_id)
    state_hash: str = Field(unique=True, max_length=64)
    expires_at: datetime = Field(sa_type=Moment, index=True)


class KnownLogin(SQLModel, table=True):
    """A person as a provider names them: the address is only asked the first time."""

    __tablename__ = "known_login"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: UUID = Field(primary_key=True, default_factory=new_id)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    issuer: str = Field(max_length=300)
    subject: str = Field(max_length=255)
    added_at: datetime = Field(sa_type=Moment)


Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"),
    Plain,
]


class InviteIn(Input):
    """Whom to invite, to do what, where. `organisation` is a code; absent: for the whole place."""

    email: Email
    name: Line | None = None
    role: Role
    kind: ViewerKind | None = None
    organisation: Code | None = None


class RoleIn(Input):
    """What a person may do from now on, and where. `organisation` is a code; absent: for the whole place."""

    role: Role
    kind: ViewerKind | None = None
    organisation: Code | None = None


class LinkIn(Input):
    """Who asks for a link by mail."""

    email: Email


Answer = Annotated[str, StringConstraints(max_length=16_000), Plain]


class CodeIn(Input):
    """A code from an app, or one of those that stand in for it."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40), Plain]


class PasskeyAnswerIn(Input):
    """What a passkey answered, as JSON."""

    credential: Answer


class PasskeyIn(Input):
    """A new passkey, and what its owner calls it."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), Plain] | None = None
    credential: Answer


@dataclass(frozen=True, slots=True)
class Grant:
    """One live role."""

    role: Role
    organisation_id: UUID | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person with a live session."""

    staff_id: UUID
    session_id: UUID
    name: str
    email: str
    seen_at: datetime
    is_admin: bool = False
    """Of any place or organisation: then one proof of who they are is not enough."""
    is_proven: bool = False
    """Whether this session has seen two."""
    language: str | None = None
    """In which they chose to work; None where they did not choose."""
    held: tuple[tuple[UUID, Grant], ...] = ()
    """Every live role, with its collaboration."""

    @property
    def is_through(self) -> bool:
        return self.is_proven or not self.is_admin

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.STAFF, self.staff_id)

    @property
    def mark(self) -> str:
        """By which a phone tells whose unsent words it keeps: the same for the same person, and nobody's id."""
        return hashlib.sha256(b"offline queue" + self.staff_id.bytes).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Member:
    """A signed-in person at work in one collaboration, where they hold at least one role. `elsewhere`: in another one as well."""

    person: SignedIn
    place: PlaceCard
    grants: tuple[Grant, ...]
    elsewhere: bool = False

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def has_a_desk(self) -> bool:
        """Whether they work with what residents say; others have no pages to go to."""
        return any(grant.role in AT_THE_DESK for grant in self.grants)

    @property
    def is_admin(self) -> bool:
        """Whether they say who may do what, here or in an organisation of this place."""
        return any(grant.role == Role.ADMIN for grant in self.grants)

    @property
    def actor(self) -> Actor:
        return self.person.actor

    @property
    def mark(self) -> str:
        return self.person.mark
