"""Hillside: an invented partnership with six months of an invented life, made by the same actions as a real one."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlmodel import SQLModel

import service.everything
from service import findable
from service.database import WriteSession
from service.errors import Conflict
from service.example.agreed import agree
from service.example.alike import bring_together
from service.example.careful import take_care
from service.example.checks import check
from service.example.desk_work import work_through
from service.example.diary import COORDINATOR, open_diary
from service.example.files import bring_in_a_file
from service.example.from_elsewhere import hear_from_elsewhere
from service.example.loops import close_week_by_week, follow_promises
from service.example.messages import PROMISED, tell
from service.example.numbers import count
from service.example.progress import follow
from service.example.promises import promise
from service.example.seen import say_about_themselves, show_photos
from service.example.stories import tell_stories
from service.feedback.models import Outcome
from service.journal.actions import OPERATOR, record
from service.outbox.letter_actions import word_letter
from service.outbox.models import Purpose as LetterPurpose
from service.places.actions import add_collaboration, add_organisation, add_topic, govern, put_area, set_collaboration
from service.places.models import (
    AreaIn,
    CollaborationIn,
    Contribution,
    GovernanceForm,
    GovernanceIn,
    Initiator,
    OrganisationIn,
    OrganisationKind,
    Scope,
    TopicIn,
    Type,
)
from service.places.queries import PlaceCard, find_places, get_place, get_whole_place
from service.server_keys import ServerKeys
from service.wordings.actions import write_wording
from service.wordings.models import WordingForm

__all__ = ["COORDINATOR", "SLUG", "make_example", "make_place", "remake_example"]

SLUG = "hillside"

ORGANISATIONS = (
    ("council", "Hillside Borough Council", OrganisationKind.COUNCIL, [Contribution.MONEY, Contribution.STAFF, Contribution.DATA]),
    ("hub", "Hill Road Hub", OrganisationKind.VCS, [Contribution.STAFF, Contribution.SPACE]),
    ("nhs", "Hillside Community Health NHS Trust", OrganisationKind.NHS, [Contribution.STAFF, Contribution.DATA]),
    ("neighbours", "Linden Neighbours", OrganisationKind.COMMUNITY_GROUP, [Contribution.KNOWLEDGE]),
    ("night", "Hillside Night Service", OrganisationKind.VCS, [Contribution.STAFF]),
)
AREAS = (
    ("hill-road", "Hill Road", 4_100),
    ("linden", "Linden", 3_650),
    ("marsh-end", "Marsh End", 2_200),
    ("top-fields", "Top Fields", 5_050),
)
TOPICS = (
    ("paths", "Paths and roads", "council"),
    ("homes", "Homes", "council"),
    ("health", "Health", "nhs"),
    ("hub", "The hub", "hub"),
    ("other", "Something else", None),
)
WORDINGS = (
    WordingForm(
        name="It is with the county",
        outcome=Outcome.PASSED_ON,
        language="en",
        body="Thank you. We have passed this on to the county. We will tell you here what they say.",
        reason="The road belongs to the county, and only they may change it.",
    ),
    WordingForm(name="Thank you", outcome=Outcome.THANK_YOU, language="en", body="Thank you for telling us. It helps the team to hear it."),
    WordingForm(name="Diolch", outcome=Outcome.THANK_YOU, language="cy", body="Diolch am ddweud wrthym. Mae'n helpu'r tîm i glywed hyn."),
)
KEPT = ("collaboration", "version")
"""Tables whose rows outlive a new example: its address, and the number by which kept pages know that they are old."""


def make_example(writes: WriteSession, keys: ServerKeys, now: datetime) -> bool:
    """Makes hillside with all that belongs to it; answers whether it was missing. Never changes what is there."""
    if _find(writes):
        return False
    _live(writes, make_place(writes, now), keys, now)
    return True


def remake_example(writes: WriteSession, keys: ServerKeys, now: datetime) -> None:
    """Makes hillside anew, dated from today: what was in it is gone, whoever wrote it. Other places keep every row.

    Raises: Conflict where the place at this address is not the example.
    """
    place = _find(writes)
    if place is None:
        make_example(writes, keys, now)
        return
    if not place.example:
        raise Conflict(f"The collaboration {SLUG} is not the example, so it stays as it is.")
    _clear(writes, place)
    findable.clear(writes, place.id)
    record(writes, OPERATOR, "remade", "collaboration", place.id, at=now, collaboration_id=place.id)
    given = _described(now)
    set_collaboration(writes, OPERATOR, SLUG, given.model_dump(exclude={"slug"}), now)
    _live(writes, _furnish(writes, now), keys, now)


def _find(writes: WriteSession) -> PlaceCard | None:
    return next((place for place in find_places(writes) if place.slug == SLUG), None)


def make_place(writes: WriteSession, now: datetime) -> PlaceCard:
    """Hillside on its first day: organisations, areas and topics, and nothing that anybody said."""
    add_collaboration(writes, OPERATOR, _described(now), _began(now))
    return _furnish(writes, now)


def _live(writes: WriteSession, place: PlaceCard, keys: ServerKeys, now: datetime) -> None:
    """Six months of life."""
    began = _began(now)
    diary = open_diary(writes, place, keys, now, began)
    count(diary, began)
    follow(diary, began)
    agree(diary)
    promise(diary, by_answers=PROMISED)
    check(diary)
    tell_stories(diary)
    tell(diary)
    take_care(diary)
    close_week_by_week(diary)
    diary.play()
    show_photos(diary)
    say_about_themselves(diary)
    bring_together(diary)
    work_through(diary)
    bring_in_a_file(diary)
    hear_from_elsewhere(diary)
    follow_promises(diary, diary.moment(1, 17))


def _began(now: datetime) -> datetime:
    return datetime.combine(date(now.year - 1, 4, 1), time(9), ZoneInfo("Europe/London"))


def _described(now: datetime) -> CollaborationIn:
    return CollaborationIn(
        slug=SLUG,
        name="Hillside",
        type=Type.COLLABORATIVE_COUNCIL,
        initiated_by=Initiator.BOTH,
        scope=Scope.WHOLE_COUNCIL,
        started_on=_began(now).date(),
        rationales=["No one of us can do it alone", "People know best what would help them"],
        languages=["en", "cy", "ur"],
        read_by="The team at Hill Road Hub",
        contact="hello@hillside.example",
        accessibility_on=now.date(),
        example=True,
    )


def _furnish(writes: WriteSession, now: datetime) -> PlaceCard:
    place, began = get_place(writes, SLUG), _began(now)
    for code, name, kind, contributes in ORGANISATIONS:
        member = OrganisationIn(code=code, name=name, kind=kind, since=began.date(), contributes=contributes)
        add_organisation(writes, OPERATOR, place, member, began)
    lead = GovernanceIn(form=GovernanceForm.LEAD_ORGANISATION, organisation="council", since=began.date())
    govern(writes, OPERATOR, place, lead, began)
    for code, name, population in AREAS:
        area = AreaIn(name=name, population=population, population_as_of=date(now.year - 1, 6, 30))
        put_area(writes, OPERATOR, place, code, area, began)
    for code, name, organisation in TOPICS:
        add_topic(writes, OPERATOR, place, TopicIn(code=code, name=name, organisation=organisation), began)
    for given in WORDINGS:
        write_wording(writes, OPERATOR, place, given, began)
    hello, ask = "Hello from all of us in {place}.", "Anything unclear? Ask at the Hill Road Hub, any morning."
    word_letter(writes, OPERATOR, place.id, LetterPurpose.INVITATION, "en", hello, ask, began)
    return place


def _clear(writes: WriteSession, place: PlaceCard) -> None:
    """Takes out every row that belongs to the place; the journal, which belongs to none, keeps what was done."""
    assert service.everything.__all__  # noqa: S101 (importing it made the metadata complete)
    whole = get_whole_place(writes, place.id)
    for table in reversed(SQLModel.metadata.sorted_tables):
        owned = any(key.column.table.name == "collaboration" for key in table.foreign_keys)
        if not owned or table.name in KEPT:
            continue
        rows = delete(table).where(table.c.collaboration_id == place.id)
        writes.execute(rows.where(table.c.id != whole) if table.name == "area" else rows)
    writes.expire_all()
