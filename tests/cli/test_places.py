"""`said collaboration`, `said organisation`, `said topic`: what is refused, then what each does."""

from datetime import date

import pytest
from sqlmodel import col, select

from service.database import Database
from service.places.models import Collaboration, GovernancePeriod, Membership, Organisation, Topic
from service.places.queries import find_topics, get_place, get_runners
from tests.cli.conftest import Said

EVERYTHING = [
    *("--type", "system_connector", "--initiated-by", "both", "--scope", "group", "--started-on", "2025-04-01"),
    *("--ends-on", "2030-03-31", "--rationale", "Together", "--rationale", "Sooner", "--region", "WLS", "--closed-on", "2026-12-24"),
    *("--open-on", "2026-12-28", "--time-zone", "Europe/Dublin", "--language", "cy", "--language", "en", "--read-by", "The hub"),
    *("--contact", "hello@hillside.example", "--complaints-url", "https://hillside.example/complaints"),
    *("--leave-to", "https://news.example/", "--plain-title", "Local news", "--accessibility-on", "2026-11-01"),
]


def stored(database: Database, slug: str = "hillside") -> Collaboration | None:
    with database.read() as reads:
        return reads.exec(select(Collaboration).where(Collaboration.slug == slug)).first()


# ---- what is refused -------------------------------------------------------------------------------------------------


def test_place_that_cannot_be_is_refused_by_the_name_of_its_option(said: Said, database: Database) -> None:
    for option, value in (
        ("--region", "FRA"),
        ("--time-zone", "Europe/Hillside"),
        ("--language", "xx-nowhere"),
        ("--complaints-url", "javascript:alert(1)"),
        ("--leave-to", "javascript:alert(1)"),
        ("--name", " "),
        ("--read-by", "r" * 201),
    ):
        words = ["collaboration", "add", "hillside", "--name", "Hillside", option, value]
        assert option in said.refused(*words).replace("--languages.0", "--language")
        assert stored(database) is None
    assert "slug" in said.refused("collaboration", "add", "Hill Side", "--name", "Hillside")
    assert "address of the service" in said.refused("collaboration", "add", "staff", "--name", "Staff")
    assert "ends before it starts" in said.refused(
        *("collaboration", "add", "hillside", "--name", "Hillside", "--started-on", "2026-02-01", "--ends-on", "2026-01-01")
    )


def test_slug_that_is_taken_is_refused(hill: Said, database: Database) -> None:
    assert "already" in hill.refused("collaboration", "add", "hillside", "--name", "Again")
    found = stored(database)
    assert found is not None and found.name == "Hillside"


def test_place_and_its_runner_are_added_together_or_not_at_all(said: Said, database: Database) -> None:
    """The runner does not exist, so the place is not there either: half a place is no use."""
    words = ("collaboration", "add", "hillside", "--name", "Hillside", "--governance", "lead_organisation")
    assert "council" in said.refused(*words, "--run-by", "council")
    assert "Name the organisation" in said.refused(*words)
    assert stored(database) is None


def test_command_about_a_place_that_is_not_there_says_how_to_see_which_are(said: Said) -> None:
    for words in (
        ("organisation", "add", "council", "--name", "Council"),
        ("organisation", "leave", "council", "--on", "2026-12-01"),
        ("topic", "add", "paths", "--name", "Paths"),
        ("area", "add", "hill-road", "--name", "Hill Road"),
        ("staff", "invite", "sam@example.org", "--role", "coordinator"),
        ("key", "add", "Hub", "--scope", "feedback:write"),
    ):
        assert "said collaboration list" in said.refused(*words, "--collaboration", "nowhere")
    assert "no collaboration" in said.refused("collaboration", "set", "nowhere", "--name", "X")


def test_code_that_is_taken_unknown_or_impossible_is_refused(hill: Said) -> None:
    at = ("--collaboration", "hillside")
    assert "already" in hill.refused("organisation", "add", "council", "--name", "Again", *at)
    assert "--code" in hill.refused("organisation", "add", "the council", "--name", "Council", *at)
    assert "nobody" in hill.refused("topic", "add", "paths", "--name", "Paths", "--organisation", "nobody", *at)
    assert "nobody" in hill.refused("organisation", "leave", "nobody", "--on", "2026-12-01", *at)


def test_organisation_cannot_leave_before_it_came(said: Said) -> None:
    said("collaboration", "add", "hillside", "--name", "Hillside")
    at = ("--collaboration", "hillside")
    said("organisation", "add", "hub", "--name", "Hub", "--since", "2026-04-01", *at)
    said.refused("organisation", "leave", "hub", "--on", "2026-03-31", *at)
    said("organisation", "leave", "hub", "--on", "2026-12-01", *at)
    assert "already" in said.refused("organisation", "leave", "hub", "--on", "2026-12-02", *at)


def test_runner_without_a_form_is_not_silently_forgotten(hill: Said, database: Database) -> None:
    """`--run-by` alone says who, and not how: it must be refused, or mean something."""
    hill.refused("collaboration", "set", "hillside", "--run-by", "council")
    with database.read() as reads:
        assert reads.exec(select(GovernancePeriod)).all() == []


# ---- collaboration ---------------------------------------------------------------------------------------------------


def test_every_fact_of_a_place_is_an_option(said: Said, database: Database) -> None:
    assert said("collaboration", "add", "hillside", "--name", "Hillside", *EVERYTHING) == "Added hillside.\n"
    found = stored(database)
    assert found is not None
    facts = found.model_dump(exclude={"id", "added_at"})
    assert facts == {
        "slug": "hillside", "name": "Hillside", "type": "system_connector", "initiated_by": "both", "scope": "group",
        "started_on": date(2025, 4, 1), "ends_on": date(2030, 3, 31), "rationales": ["Together", "Sooner"], "region": "WLS",
        "closed_on": ["2026-12-24"], "open_on": ["2026-12-28"], "time_zone": "Europe/Dublin", "languages": ["cy", "en"],
        "read_by": "The hub", "contact": "hello@hillside.example", "complaints_url": "https://hillside.example/complaints",
        "leave_to": "https://news.example/", "plain_title": "Local news",
        "accessibility_on": date(2026, 11, 1), "example": False,
        "helplines": None,  # numbers beside 999, in each language: a page of the settings is their one way in
    }  # fmt: skip


def test_place_is_added_together_with_who_runs_it(said: Said, database: Database) -> None:
    said(
        *("collaboration", "add", "hillside", "--name", "Hillside", "--governance", "lead_organisation"),
        *("--run-by", "council", "--run-by-name", "Hillside Council", "--governed-since", "2025-04-01"),
    )
    with database.read() as reads:
        place = get_place(reads, "hillside")
        runners = get_runners(reads, place.id, on=date(2026, 11, 23))
    assert (runners.form, runners.organisation) == ("lead_organisation", "Hillside Council")
    assert [member.code for member in runners.members] == ["council"]


def test_only_what_is_named_is_changed(said: Said, database: Database) -> None:
    said("collaboration", "add", "hillside", "--name", "Hillside", *EVERYTHING)
    said("organisation", "add", "council", "--name", "Council", "--collaboration", "hillside")
    changed = said("collaboration", "set", "hillside", "--name", "Hillside Together", "--language", "en")
    assert changed == "Changed hillside: languages, name.\n"
    assert said("collaboration", "set", "hillside", "--name", "Hillside Together") == "Changed hillside: nothing.\n"
    assert "governance" in said("collaboration", "set", "hillside", "--governance", "lead_organisation", "--run-by", "council")
    found = stored(database)
    assert found is not None
    assert (found.name, found.languages, found.region, found.rationales) == ("Hillside Together", ["en"], "WLS", ["Together", "Sooner"])


def test_list_names_every_place_a_line_each(said: Said) -> None:
    assert said("collaboration", "list") == ""
    said("collaboration", "add", "hillside", "--name", "Hillside")
    said("collaboration", "add", "amber-vale", "--name", "Amber Vale")
    assert said("collaboration", "list").splitlines() == ["amber-vale\tAmber Vale", "hillside\tHillside"]


# ---- organisations and topics ----------------------------------------------------------------------------------------


def test_organisation_joins_and_leaves(said: Said, database: Database) -> None:
    said("collaboration", "add", "hillside", "--name", "Hillside")
    at = ("--collaboration", "hillside")
    contributes = ("--contributes", "space", "--contributes", "staff")
    added = said("organisation", "add", "hub", "--name", "Hill Road Hub", "--kind", "vcs", "--since", "2026-04-01", *contributes, *at)
    assert added == "Added hub.\n"
    assert said("organisation", "leave", "hub", "--on", "2026-12-31", *at) == "hub is a member until 2026-12-31.\n"
    with database.read() as reads:
        query = select(Organisation, Membership).join(Membership, col(Membership.organisation_id) == Organisation.id)
        organisation, membership = reads.exec(query).one()
    assert (organisation.name, organisation.kind) == ("Hill Road Hub", "vcs")
    assert (membership.since, membership.until) == (date(2026, 4, 1), date(2026, 12, 31))
    assert membership.contributes == ["space", "staff"]


def test_topic_is_added_with_the_organisation_that_gets_its_messages(hill: Said, database: Database) -> None:
    at = ("--collaboration", "hillside")
    assert hill("topic", "add", "paths", "--name", "Paths", "--organisation", "council", *at) == "Added paths.\n"
    hill("topic", "add", "other", "--name", "Something else", *at)
    with database.read() as reads:
        place = get_place(reads, "hillside")
        assert {row.topic.code: row.organisation for row in find_topics(reads, place.id)} == {"paths": "council", "other": None}
        assert reads.exec(select(Topic.name).where(Topic.code == "other")).all() == ["Something else"]


@pytest.mark.parametrize("group", ["collaboration", "organisation", "topic", "area", "staff", "key"])
def test_every_group_explains_itself(said: Said, group: str) -> None:
    assert "Usage" in said(group, "--help")
