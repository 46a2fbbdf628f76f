"""Two collaborations with the same things in each, and a word of its own in every private field of every one of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from starlette.testclient import TestClient

from service.checks.actions import check_promise
from service.checks.models import CheckIn, Verdict, Wish
from service.database import WriteSession
from service.feedback.desk_actions import reply
from service.feedback.models import Outcome, ReplyIn
from service.journal.actions import OPERATOR
from service.narratives.queries import Reader, get_narrative
from service.partners.models import Scope
from service.people.actions import sign_in
from service.people.models import Grant, Member, Passkey, Role, SignedIn, StaffSession
from service.people.queries import find_staff
from service.places.models import Organisation
from service.places.queries import PlaceCard
from service.promises.actions import Speaker, make_promise
from service.promises.models import PromiseIn, Side
from service.safeguarding.actions import raise_message
from service.safeguarding.models import RaiseIn
from service.system_health.actions import enter_words
from service.system_health.models import BarrierStory
from service.tasks.models import TaskIn
from tests.asking import Browser
from tests.make import Make

PLACES = ("hillside", "riverbank")
OTHER = {"hillside": "riverbank", "riverbank": "hillside"}
HOLDERS = ("nobody", "council", "hub")
"""With whom a message is: with no organisation, or with one of two."""

READERS = {Role.FRONTLINE, Role.COORDINATOR, Role.MODERATOR}
ANSWERERS = {Role.COORDINATOR}
CHECKERS = {Role.COORDINATOR, Role.MODERATOR}
DECIDERS = {Role.COORDINATOR, Role.MODERATOR}
"""Said here once more, and not taken from the service: `decisions.md` 12b. Viewers and admins read no words."""


def words_of(place: str, holder: str) -> str:
    """What stands in the words and the answers of a message."""
    return f"Words{place}{holder}"


def contact_of(place: str, holder: str) -> str:
    """What stands in the contact of a message, for those who may answer it."""
    return f"Contact{place}{holder}"


def apart_of(place: str, holder: str) -> str:
    """What stands in the words of a message that cannot wait."""
    return f"Apart{place}{holder}"


def name_of(place: str, organisation: str) -> str:
    """The name of an organisation: public on the pages of its own place, and nowhere else."""
    return f"Member{place}{organisation}"


@dataclass
class World:
    """What there is, by place and holder."""

    make: Make
    places: dict[str, PlaceCard] = field(default_factory=dict)
    messages: dict[tuple[str, str], UUID] = field(default_factory=dict)
    promises: dict[tuple[str, str], UUID] = field(default_factory=dict)
    stories: dict[tuple[str, str], UUID] = field(default_factory=dict)
    barriers: dict[tuple[str, str], UUID] = field(default_factory=dict)
    concerns: dict[tuple[str, str], UUID] = field(default_factory=dict)
    organisations: dict[tuple[str, str], Organisation] = field(default_factory=dict)
    passkeys: dict[str, UUID] = field(default_factory=dict)
    staff: dict[tuple[str, str], UUID] = field(default_factory=dict)
    sessions: dict[str, UUID] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def tell(self, place: str, holder: str) -> None:
        """One more message, with an answer, and one more story that nobody has shared."""
        word = words_of(place, holder)
        said: dict[str, Any] = {name: f"{word} {name}" for name in ("want", "have", "gap")}
        if holder != "nobody":
            said["topic"] = f"about-{holder}"
        sent = self.make.message(self.places[place], word, contact=contact_of(place, holder), kind="good", **said)
        self.codes[place] = sent.code
        self.messages[place, holder] = message_id = self.make.message_id(sent)
        with self.make.database.write() as writes:
            staff = find_staff(writes, f"answerer@{place}.example")
            assert staff is not None
            person = SignedIn(staff.id, staff.id, staff.name, staff.email, self.make.clock())
            member = Member(person=person, place=self.places[place], grants=(Grant(Role.COORDINATOR, None),))
            answer = ReplyIn(outcome=Outcome.CANNOT_DO, body=f"{word} reply", reason=f"{word} reason")
            reply(writes, member, message_id, answer, self.make.clock())
            task = TaskIn(words=f"{word} task", role=f"{word} role", due_on=self.make.clock().date())
            reply(writes, member, message_id, ReplyIn(outcome=Outcome.WILL_DO, body=word, task=task), self.make.clock())

        organisation = self.organisations.get((place, holder))
        self.stories[place, holder] = self.make.story(
            self.places[place], f"{word} story", organisation=organisation, title=f"{word} title", barrier=f"{word} barrier"
        )
        with self.make.database.write() as writes:
            reader = Reader(self.places[place].id, self.make.clock().date(), member)
            story = get_narrative(writes, reader, self.stories[place, holder]).narrative
            enter_words(writes, OPERATOR, self.places[place], story, self.make.clock())
            self.barriers[place, holder] = writes.exec(select(BarrierStory.barrier_id).where(BarrierStory.narrative_id == story.id)).one()

    def promise(self, place: str, maker: str) -> None:
        """A promise of an organisation: public in its own place."""
        organisation, words = self.organisations[place, maker], f"{name_of(place, maker)} promises"
        speaker = Speaker(OPERATOR, frozenset({organisation.id}), whole_place=True)
        given = PromiseIn(text=words, side=Side.OUR_PART, maker=maker, made_on=date(2026, 11, 1), due_on=date(2027, 5, 1), kept_when=words)
        with self.make.database.write() as writes:
            self.promises[place, maker] = made = make_promise(writes, speaker, self.places[place], given, self.make.clock()).id
            seen = CheckIn(verdict=Verdict.NO, comment=f"{words_of(place, maker)} seen", share=Wish.WORDS_PUBLIC)
            check_promise(writes, self.make.keys, self.places[place], made, seen, self.make.clock())

    def set_apart(self, place: str, holder: str) -> None:
        """A message that cannot wait: nobody has opened it yet, so nobody reads its words."""
        topic = {} if holder == "nobody" else {"topic": f"about-{holder}"}
        message_id = self.make.message_id(self.make.message(self.places[place], apart_of(place, holder), **topic))
        with self.make.database.write() as writes:
            staff = find_staff(writes, f"answerer@{place}.example")
            assert staff is not None
            person = SignedIn(staff.id, staff.id, staff.name, staff.email, self.make.clock())
            member = Member(person=person, place=self.places[place], grants=(Grant(Role.COORDINATOR, None),))
            self.concerns[place, holder] = raise_message(writes, member, message_id, RaiseIn(note="It sounds urgent."), self.make.clock())


def build(make: Make) -> World:
    """Both collaborations, with a message for each holder."""
    world = World(make)
    for slug in PLACES:
        world.places[slug] = place = make.collaboration(slug)
        make.area(place, "hill-road")
        for code in HOLDERS[1:]:
            world.organisations[slug, code] = make.organisation(place, code, name=name_of(slug, code))
            make.topic(place, f"about-{code}", organisation=code)
            world.promise(slug, code)
        make.governance(place, "council")
        link = make.person(place, Role.COORDINATOR, email=f"answerer@{slug}.example", name=f"Answerer{slug}")
        with make.database.write() as writes:
            sign_in(writes, link, make.clock())
            world.sessions[slug] = writes.exec(
                select(StaffSession.id).order_by(col(StaffSession.started_at).desc(), col(StaffSession.id).desc())
            ).all()[0]
            answerer = find_staff(writes, f"answerer@{slug}.example")
            assert answerer is not None
            world.staff[slug, "nobody"] = answerer.id
            world.passkeys[slug] = _passkey(writes, f"answerer@{slug}.example", make.clock())
        for holder in HOLDERS:
            world.tell(slug, holder)
            world.set_apart(slug, holder)
    return world


def _passkey(writes: WriteSession, email: str, now: datetime) -> UUID:
    """A passkey of this person, as far as its row goes."""
    staff = find_staff(writes, email)
    assert staff is not None
    passkey = Passkey(staff_id=staff.id, name=email, credential_id=email, public_key="x", sign_count=0, added_at=now)
    writes.add(passkey)
    writes.flush()
    return passkey.id


# ---- who asks --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Caller:
    """Somebody who asks: nobody, a person with one role in one place, or a program with a key."""

    client: Browser
    place: str | None = None
    role: Role | None = None
    organisation: str | None = None
    scopes: frozenset[Scope] | None = None
    email: str | None = None
    """Their own address, which is theirs to see."""

    def __str__(self) -> str:
        what = self.role or (f"key for {len(self.scopes)} scopes" if self.scopes is not None else "nobody")
        return f"{what}{f' of {self.organisation}' if self.organisation else ''}{f' in {self.place}' if self.place else ''}"

    @property
    def is_staff(self) -> bool:
        return self.role is not None

    def reaches(self, place: str, holder: str) -> bool:
        """Whether a message is within what this person's role covers."""
        return place == self.place and self.organisation in (None, holder)

    def reads(self, place: str, holder: str) -> bool:
        return self.role in READERS and self.reaches(place, holder)

    def answers(self, place: str, holder: str) -> bool:
        return self.role in ANSWERERS and self.reaches(place, holder)

    def decides(self, place: str, holder: str) -> bool:
        """Whether they may say who reads it: for the whole place, and never the organisation that it is with."""
        return self.role in DECIDERS and self.organisation is None and self.reaches(place, holder)

    def checks(self, place: str, holder: str) -> bool:
        return self.role in CHECKERS and self.reaches(place, holder)

    def hidden(self, world: World) -> set[str]:
        """Every word that must not reach this caller, wherever they ask."""
        words = {words_of(*whose) for whose in world.messages if not self.reads(*whose)}
        contacts = {contact_of(*whose) for whose in world.messages if not self.answers(*whose)}
        apart = {apart_of(*whose) for whose in world.concerns}  # nobody who asks has opened any
        people = {f"{who}{slug}" for slug in PLACES for who in ("answerer@", "Answerer") if not self.knows(slug, "nobody")}
        if self.is_staff:  # who works in the same place is known by name, never by address
            people -= {f"Answerer{self.place}"}
        colleagues = {f".{org}.{slug}@colleague.example" for slug in PLACES for org in HOLDERS if not self.knows(slug, org)}
        return words | contacts | apart | people | {one.replace(".nobody.", ".none.") for one in colleagues}

    def knows(self, place: str, organisation: str) -> bool:
        """Whether they see who works there."""
        return self.role == Role.ADMIN and self.reaches(place, organisation)


Browsers = Callable[[], TestClient]
SignIn = Callable[..., TestClient]
Programs = Callable[..., TestClient]


def staff_with(role: Role, world: World, signed_in: SignIn) -> list[Caller]:
    """This role, for a whole place and for each of its organisations, in both places."""
    found: list[Caller] = []
    for slug in PLACES:
        for organisation in (None, *HOLDERS[1:]):
            email = f"{role}.{organisation}.{slug}@colleague.example"
            client = signed_in(world.places[slug], role, organisation=organisation, email=email, name="Colleague")
            found.append(Caller(_alone(client, len(found)), slug, role, organisation, email=email.lower()))
    return found


def without_a_role(world: World, browser_of: Browsers, with_key: Programs) -> list[Caller]:
    """Nobody, and programs of the council: with every scope, with one, with every other."""
    found = [Caller(_alone(browser_of(), 0))]
    for slug in PLACES:
        council, one = world.organisations[slug, "council"], frozenset({Scope.FEEDBACK_WRITE})
        for held in (frozenset(Scope), one, frozenset(Scope) - one):
            client = with_key(world.places[slug], *held, organisation=council)
            found.append(Caller(_alone(client, len(found)), slug, organisation="council", scopes=held))
    return found


def without_a_guard(callers: Iterable[Caller]) -> list[Caller]:
    """These, where a test has taken the query's wall away: what the keys of the database then refuse to write is a 500 for them."""
    found = list(callers)
    for caller in found:
        transport: Any = caller.client._transport
        transport.raise_server_exceptions = False
    return found


def _alone(client: TestClient, number: int) -> TestClient:
    """At an address of its own, so that one caller's wrong codes are not another's; what is sent is not packed only to be unpacked."""
    client.headers["Accept-Encoding"] = "identity"
    transport: Any = client._transport
    transport.client = (f"192.0.2.{number + 1}", 50_000)
    return client
