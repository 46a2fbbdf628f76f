"""Hillside: an invented partnership, with organisations, areas, topics and one coordinator."""

from datetime import date, datetime

from service.database import WriteSession
from service.errors import NotFound
from service.journal.actions import OPERATOR
from service.people.actions import invite
from service.people.models import InviteIn, Role
from service.places.actions import add_collaboration, add_organisation, add_topic, govern, put_area
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
from service.places.queries import get_place

SLUG = "hillside"
COORDINATOR = "coordinator@hillside.example"

ORGANISATIONS = (
    ("council", "Hillside Borough Council", OrganisationKind.COUNCIL, [Contribution.MONEY, Contribution.STAFF, Contribution.DATA]),
    ("hub", "Hill Road Hub", OrganisationKind.VCS, [Contribution.STAFF, Contribution.SPACE]),
    ("nhs", "Hillside Community Health NHS Trust", OrganisationKind.NHS, [Contribution.STAFF, Contribution.DATA]),
    ("neighbours", "Linden Neighbours", OrganisationKind.COMMUNITY_GROUP, [Contribution.KNOWLEDGE]),
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


def make_example(writes: WriteSession, now: datetime) -> bool:
    """Makes hillside with all that belongs to it; answers whether it was missing. Never changes what is there."""
    try:
        get_place(writes, SLUG)
    except NotFound:
        _make(writes, now)
        return True
    return False


def _make(writes: WriteSession, now: datetime) -> None:
    began = date(now.year - 1, 4, 1)
    given = CollaborationIn(
        slug=SLUG,
        name="Hillside",
        type=Type.COLLABORATIVE_COUNCIL,
        initiated_by=Initiator.BOTH,
        scope=Scope.WHOLE_COUNCIL,
        started_on=began,
        rationales=["No one of us can do it alone", "People know best what would help them"],
        languages=["en", "cy", "ur"],
        read_by="The team at Hill Road Hub",
        contact="hello@hillside.example",
        example=True,
    )
    add_collaboration(writes, OPERATOR, given, now)
    place = get_place(writes, SLUG)
    for code, name, kind, contributes in ORGANISATIONS:
        add_organisation(
            writes, OPERATOR, place, OrganisationIn(code=code, name=name, kind=kind, since=began, contributes=contributes), now
        )
    govern(writes, OPERATOR, place, GovernanceIn(form=GovernanceForm.LEAD_ORGANISATION, organisation="council", since=began), now)
    for code, name, population in AREAS:
        put_area(writes, OPERATOR, place, code, AreaIn(name=name, population=population, population_as_of=date(now.year - 1, 6, 30)), now)
    for code, name, organisation in TOPICS:
        add_topic(writes, OPERATOR, place, TopicIn(code=code, name=name, organisation=organisation), now)
    invite(writes, OPERATOR, place, InviteIn(email=COORDINATOR, name="Sam Okoro", role=Role.COORDINATOR), now)
