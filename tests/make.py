"""Builders: everything a test depends on is made here, by the real actions, and named in the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import select

from service.database import Database, WriteSession
from service.days import local_day
from service.errors import Refusal
from service.feedback.actions import Received, receive_feedback
from service.feedback.intake import PUBLIC_SENDER, Sender, key_bytes, message_from
from service.feedback.models import Capturer, Feedback, FeedbackIn
from service.journal.actions import OPERATOR, Actor
from service.narratives.actions import Teller, submit_narrative
from service.narratives.models import Narrative, NarrativeIn
from service.partners.actions import Grants, add_key
from service.partners.models import Scope
from service.people.actions import invite, sign_in
from service.people.models import InviteIn, Member, Role, ViewerKind
from service.people.queries import find_session, get_member
from service.people.second_actions import prove_session
from service.places.actions import add_collaboration, add_organisation, add_topic, govern, put_area
from service.places.models import (
    Area,
    AreaIn,
    AreaKind,
    CollaborationIn,
    GovernanceForm,
    GovernanceIn,
    GovernancePeriod,
    Organisation,
    OrganisationIn,
    OrganisationKind,
    Topic,
    TopicIn,
)
from service.places.queries import PlaceCard, get_place
from service.server_keys import ServerKeys

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""When a test happens, unless it says otherwise. In Hillside it is ten in the morning as well."""


class SettableClock:
    """The clock of a test: it stands still until the test moves it."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def at(self, moment: datetime | str) -> datetime:
        """Sets the clock: a moment, or its ISO text with a time zone."""
        moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone, for instance 2026-11-23T10:00Z")
        self.now = moment.astimezone(UTC)
        return self.now

    def advance(self, **length: float) -> datetime:
        """Moves the clock on: `advance(days=2, hours=1)`."""
        self.now += timedelta(**length)
        return self.now


class RunningClock(SettableClock):
    """The clock of this machine, for tests in which a phone has a clock as well; `at` and `advance` put it forward or back."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    @property
    def now(self) -> datetime:
        """The machine's time and what the test has put on top of it."""
        return datetime.now(UTC) + self._ahead

    @now.setter
    def now(self, moment: datetime) -> None:
        self._ahead = moment - datetime.now(UTC)


@dataclass(frozen=True)
class Make:
    """The builders of one test, bound to its database, its clock and its server keys. Each is one committed transaction."""

    database: Database
    clock: SettableClock
    keys: ServerKeys

    def collaboration(self, slug: str = "hillside", **fields: Any) -> PlaceCard:
        """A collaboration; `fields` are those of CollaborationIn."""
        given = CollaborationIn.model_validate({"name": slug.replace("-", " ").title(), **fields, "slug": slug})
        with self.database.write() as writes:
            add_collaboration(writes, OPERATOR, given, self.clock())
        with self.database.read() as reads:
            return get_place(reads, slug)

    def organisation(
        self, place: PlaceCard, code: str = "council", kind: OrganisationKind = OrganisationKind.COUNCIL, **fields: Any
    ) -> Organisation:
        """A member organisation."""
        given = OrganisationIn.model_validate({"name": code.replace("-", " ").title(), "kind": kind, **fields, "code": code})
        with self._writing() as writes:
            return add_organisation(writes, OPERATOR, place, given, self.clock())

    def governance(self, place: PlaceCard, organisation: str | None = None, **fields: Any) -> GovernancePeriod:
        """Who runs the place: the organisation with this code leads it; without one the members do so together."""
        form = GovernanceForm.LEAD_ORGANISATION if organisation else GovernanceForm.SELF_GOVERNED
        given = GovernanceIn.model_validate({"form": form, **fields, "organisation": organisation})
        with self._writing() as writes:
            return govern(writes, OPERATOR, place, given, self.clock())

    def area(self, place: PlaceCard, code: str = "hill-road", kind: AreaKind = AreaKind.NEIGHBOURHOOD, **fields: Any) -> Area:
        """An area."""
        given = AreaIn.model_validate({"name": code.replace("-", " ").title(), "kind": kind, **fields})
        with self._writing() as writes:
            return put_area(writes, OPERATOR, place, code, given, self.clock())[0]

    def topic(self, place: PlaceCard, code: str = "benches", *, organisation: str | None = None, **fields: Any) -> Topic:
        """A topic; the organisation with this code gets its messages."""
        given = TopicIn.model_validate({"name": code.replace("-", " ").title(), **fields, "code": code, "organisation": organisation})
        with self._writing() as writes:
            return add_topic(writes, OPERATOR, place, given, self.clock())

    def person(
        self,
        place: PlaceCard,
        role: Role | str = Role.COORDINATOR,
        *,
        email: str | None = None,
        organisation: str | None = None,
        kind: ViewerKind | str | None = None,
        name: str | None = None,
    ) -> str:
        """A member of staff, or one more role of theirs; answers the secret of their one-use sign-in link."""
        role = Role(role)
        kind = ViewerKind(kind) if kind else ViewerKind.COUNCILLOR if role == Role.VIEWER else None
        email = email or f"{role}-{uuid4().hex[:8]}@example.org"
        given = InviteIn(email=email, name=name, role=role, kind=kind, organisation=organisation)
        with self.database.write() as writes:
            return invite(writes, OPERATOR, place, given, self.clock())

    def at_work(self, place: PlaceCard, role: Role | str = Role.COORDINATOR, **person: Any) -> Member:
        """Somebody with a role, signed in, as an action receives them: `make.at_work(place, "frontline", organisation="council")`."""
        link = self.person(place, role, **person)
        with self.database.write() as writes:
            cookie = sign_in(writes, link, self.clock())
        self.proves(cookie)
        with self.database.read() as reads:
            found = find_session(reads, cookie, self.clock())
            assert found is not None
            return get_member(reads, found, place)

    def proves(self, cookie: str) -> None:
        """Whoever has this cookie and is an administrator somewhere has taken the second step."""
        now = self.clock()
        with self.database.write() as writes:
            person = find_session(writes, cookie, now)
            if person is not None and not person.is_through:
                prove_session(writes, person, now)

    def key(
        self,
        place: PlaceCard,
        *scopes: Scope | str,
        name: str | None = None,
        organisation: Organisation | None = None,
        lasts: timedelta | None = None,
    ) -> str:
        """A partner's key, as the partner sends it. Without a scope named it may write feedback."""
        held = frozenset(Scope(scope) for scope in scopes or (Scope.FEEDBACK_WRITE,))
        grants = Grants(held, [(place.id, organisation.id if organisation else None)])
        with self.database.write() as writes:
            return add_key(writes, OPERATOR, name or f"Partner {uuid4().hex[:8]}", grants, self.clock(), lasts)

    def message(
        self,
        place: PlaceCard,
        body: str | None = "The bench by the surgery has gone.",
        *,
        sender: Sender = PUBLIC_SENDER,
        idempotency_key: str | None = None,
        **fields: Any,
    ) -> Received:
        """A stored message; `fields` are those of FeedbackIn. Its `code` opens it."""
        given = FeedbackIn.model_validate({"body": body, **fields})
        key = key_bytes(idempotency_key or str(uuid4()), sender)
        with self.database.write() as writes:
            [answer] = receive_feedback(writes, [message_from(place, self.keys, sender, given, key, self.clock())])
        if isinstance(answer, Refusal):
            raise answer
        return answer

    def message_id(self, message: Received) -> UUID:
        """The id by which staff pages know a message."""
        with self.database.read() as reads:
            return reads.exec(select(Feedback.id).where(Feedback.public_id == message.public_id)).one()

    def story(
        self,
        place: PlaceCard,
        body: str = "The nurse rang the landlord herself, and the damp was gone in a week.",
        *,
        organisation: Organisation | None = None,
        captured_by: Capturer = Capturer.PARTNER_ORG,
        actor: Actor = OPERATOR,
        **fields: Any,
    ) -> UUID:
        """A story that waits to be checked; `fields` are those of NarrativeIn. Answers the id by which it is known."""
        day = local_day(self.clock(), place.time_zone)
        given = NarrativeIn.model_validate({"kind": "mixed", "occurred_on": day, **fields, "body": body})
        teller = Teller(actor, organisation.id if organisation else None, captured_by, origin="test")
        with self.database.write() as writes:
            return submit_narrative(writes, teller, place, given, self.clock())[0].public_id

    def story_id(self, story: UUID) -> UUID:
        """The id of a story's row, which other rows name."""
        with self.database.read() as reads:
            return reads.exec(select(Narrative.id).where(Narrative.public_id == story)).one()

    @contextmanager
    def _writing(self) -> Iterator[WriteSession]:
        """A transaction whose rows can still be read when it is over."""
        with self.database.write() as writes:
            writes.expire_on_commit = False
            yield writes
