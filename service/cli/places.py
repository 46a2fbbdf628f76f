"""`said collaboration`, `said organisation`, `said topic`, `said area`."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from service.cli.session import place_of, present, progress, reading, writing
from service.database import WriteSession
from service.errors import Conflict, FieldError, Invalid, Refusal
from service.inputs import explain
from service.journal.actions import OPERATOR
from service.places.actions import (
    add_collaboration,
    add_organisation,
    add_topic,
    end_membership,
    govern,
    put_area,
    set_collaboration,
)
from service.places.models import (
    AreaIn,
    AreaKind,
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
from service.places.queries import find_organisation, find_places

collaboration = typer.Typer(no_args_is_help=True, help="Add a collaboration, change it, list them.")
organisation = typer.Typer(no_args_is_help=True, help="Add an organisation to a collaboration, or say that it left.")
topic = typer.Typer(no_args_is_help=True, help="Add what messages can be about.")
area = typer.Typer(no_args_is_help=True, help="Add areas, or import them with their shapes.")

Slug = Annotated[str, typer.Argument(help="The word in its addresses, for instance hillside")]
Of = Annotated[str, typer.Option("--collaboration", help="The collaboration's slug")]
DAY = ["%Y-%m-%d"]

Name = Annotated[str | None, typer.Option(help="What people call it")]
TypeOption = Annotated[Type | None, typer.Option(help="Its type in the GO Lab typology")]
Started = Annotated[datetime | None, typer.Option("--started-on", formats=DAY)]
Ends = Annotated[datetime | None, typer.Option("--ends-on", formats=DAY, help="The last day of one that is limited in time")]
Rationale = Annotated[list[str] | None, typer.Option("--rationale", help="Why it was begun, in a few words; may be repeated")]
Region = Annotated[str | None, typer.Option(help="Whose public holidays count: ENG, WLS, SCT or NIR")]
Closed = Annotated[
    list[datetime] | None, typer.Option("--closed-on", formats=DAY, help="A further day that is not worked; may be repeated")
]
Open = Annotated[list[datetime] | None, typer.Option("--open-on", formats=DAY, help="A holiday that is worked; may be repeated")]
Zone = Annotated[str | None, typer.Option("--time-zone", help="For instance Europe/London")]
Language = Annotated[list[str] | None, typer.Option("--language", help="A language of its pages, the first one first; may be repeated")]
ReadBy = Annotated[str | None, typer.Option("--read-by", help="Who reads the messages, for instance 'The team at Hill Road Hub'")]
Contact = Annotated[str | None, typer.Option(help="How to reach those who run it")]
Complaints = Annotated[str | None, typer.Option("--complaints-url", help="Where the complaint route is explained")]
Accessibility = Annotated[
    datetime | None, typer.Option("--accessibility-on", formats=DAY, help="When somebody last looked at the accessibility statement")
]
LeaveTo = Annotated[str | None, typer.Option("--leave-to", help="The harmless page that 'Leave this page' opens (default: a weather page)")]
PlainTitle = Annotated[
    str | None, typer.Option("--plain-title", help="The title of pages that could put somebody at risk, if it is to say nothing")
]
Governance = Annotated[GovernanceForm | None, typer.Option(help="Who runs it")]
RunBy = Annotated[str | None, typer.Option("--run-by", help="The code of the organisation that runs it")]
RunByName = Annotated[str | None, typer.Option("--run-by-name", help="Its name, if it is to be added now")]
Since = Annotated[datetime | None, typer.Option("--governed-since", formats=DAY)]


def _given(**values: Any) -> dict[str, Any]:
    """The options that were given, days as days."""
    found = {}
    for name, value in values.items():
        if value in (None, []):
            continue
        days = isinstance(value, list) and isinstance(value[0], datetime)
        found[name] = [day.date() for day in value] if days else value.date() if isinstance(value, datetime) else value
    return found


def _checked(model: type[Any], values: dict[str, Any]) -> Any:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise Invalid(*_named(explain(error.errors(include_input=False)))) from None


def _named(errors: list[FieldError]) -> list[FieldError]:
    return [FieldError(error.field, f"--{error.field.replace('_', '-')}: {error.message}") for error in errors]


def _govern(
    writes: WriteSession, slug: str, form: GovernanceForm | None, run_by: str | None, name: str | None, since: datetime | None
) -> None:
    if form is None:
        if run_by or name or since:
            raise Invalid(FieldError("governance", "--governance: say how it is run as well."))
        return
    place, now = place_of(writes, slug), present()
    if run_by and name and find_organisation(writes, place.id, run_by) is None:
        add_organisation(writes, OPERATOR, place, _checked(OrganisationIn, {"code": run_by, "name": name}), now)
    values = _given(form=form, organisation=run_by, since=since)
    govern(writes, OPERATOR, place, _checked(GovernanceIn, values), now)


@collaboration.command("add")
def add_one(
    slug: Slug,
    name: Annotated[str, typer.Option(help="What people call it")],
    type: TypeOption = None,  # noqa: A002 (the option's name)
    initiated_by: Annotated[Initiator | None, typer.Option("--initiated-by")] = None,
    scope: Annotated[Scope | None, typer.Option()] = None,
    started_on: Started = None,
    ends_on: Ends = None,
    rationale: Rationale = None,
    region: Region = None,
    closed_on: Closed = None,
    open_on: Open = None,
    time_zone: Zone = None,
    language: Language = None,
    read_by: ReadBy = None,
    contact: Contact = None,
    complaints_url: Complaints = None,
    accessibility_on: Accessibility = None,
    leave_to: LeaveTo = None,
    plain_title: PlainTitle = None,
    governance: Governance = None,
    run_by: RunBy = None,
    run_by_name: RunByName = None,
    governed_since: Since = None,
) -> None:
    """Add a collaboration."""
    values = _given(
        slug=slug, name=name, type=type, initiated_by=initiated_by, scope=scope, started_on=started_on, ends_on=ends_on,
        rationales=rationale, region=region, closed_on=closed_on, open_on=open_on, time_zone=time_zone, languages=language,
        read_by=read_by, contact=contact, complaints_url=complaints_url, accessibility_on=accessibility_on, leave_to=leave_to,
        plain_title=plain_title,
    )  # fmt: skip
    with writing() as writes:
        add_collaboration(writes, OPERATOR, _checked(CollaborationIn, values), present())
        _govern(writes, slug, governance, run_by, run_by_name, governed_since)
    typer.echo(f"Added {slug}.")


@collaboration.command("set")
def set_one(
    slug: Slug,
    name: Name = None,
    type: TypeOption = None,  # noqa: A002 (the option's name)
    initiated_by: Annotated[Initiator | None, typer.Option("--initiated-by")] = None,
    scope: Annotated[Scope | None, typer.Option()] = None,
    started_on: Started = None,
    ends_on: Ends = None,
    rationale: Rationale = None,
    region: Region = None,
    closed_on: Closed = None,
    open_on: Open = None,
    time_zone: Zone = None,
    language: Language = None,
    read_by: ReadBy = None,
    contact: Contact = None,
    complaints_url: Complaints = None,
    accessibility_on: Accessibility = None,
    leave_to: LeaveTo = None,
    plain_title: PlainTitle = None,
    governance: Governance = None,
    run_by: RunBy = None,
    run_by_name: RunByName = None,
    governed_since: Since = None,
) -> None:
    """Change what is said of a collaboration; what is not named stays."""
    values = _given(
        name=name, type=type, initiated_by=initiated_by, scope=scope, started_on=started_on, ends_on=ends_on, rationales=rationale,
        region=region, closed_on=closed_on, open_on=open_on, time_zone=time_zone, languages=language, read_by=read_by,
        contact=contact, complaints_url=complaints_url, accessibility_on=accessibility_on, leave_to=leave_to,
        plain_title=plain_title,
    )  # fmt: skip
    with writing() as writes:
        try:
            changed = set_collaboration(writes, OPERATOR, slug, values, present())
        except ValidationError as error:
            raise Invalid(*_named(explain(error.errors(include_input=False)))) from None
        _govern(writes, slug, governance, run_by, run_by_name, governed_since)
    typer.echo(f"Changed {slug}: {', '.join([*changed, *(['governance'] if governance else [])]) or 'nothing'}.")


@collaboration.command("list")
def list_all() -> None:
    """List the collaborations."""
    with reading() as reads:
        for place in find_places(reads):
            typer.echo(f"{place.slug}\t{place.name}")


@organisation.command("add")
def add_member(
    code: Annotated[str, typer.Argument(help="Its short code, for instance council")],
    name: Annotated[str, typer.Option()],
    collaboration: Of,
    kind: Annotated[OrganisationKind, typer.Option()] = OrganisationKind.OTHER,
    since: Annotated[datetime | None, typer.Option(formats=DAY, help="Member since")] = None,
    contributes: Annotated[list[Contribution] | None, typer.Option(help="What it brings; may be repeated")] = None,
) -> None:
    """Add an organisation as a member of a collaboration."""
    given = _checked(OrganisationIn, _given(code=code, name=name, kind=kind, since=since, contributes=contributes))
    with writing() as writes:
        add_organisation(writes, OPERATOR, place_of(writes, collaboration), given, present())
    typer.echo(f"Added {code}.")


@organisation.command("leave")
def leave(code: str, collaboration: Of, on: Annotated[datetime, typer.Option(formats=DAY, help="Its last day")]) -> None:
    """Say that an organisation left."""
    with writing() as writes:
        end_membership(writes, OPERATOR, place_of(writes, collaboration), code, on.date(), present())
    typer.echo(f"{code} is a member until {on.date()}.")


@topic.command("add")
def add_one_topic(
    code: Annotated[str, typer.Argument(help="Its short code, for instance paths")],
    name: Annotated[str, typer.Option()],
    collaboration: Of,
    organisation: Annotated[str | None, typer.Option(help="The code of the organisation that gets its messages")] = None,
) -> None:
    """Add what messages can be about."""
    given = _checked(TopicIn, _given(code=code, name=name, organisation=organisation))
    with writing() as writes:
        add_topic(writes, OPERATOR, place_of(writes, collaboration), given, present())
    typer.echo(f"Added {code}.")


@area.command("add")
def add_one_area(
    code: Annotated[str, typer.Argument(help="Its short code, for instance hill-road")],
    name: Annotated[str, typer.Option()],
    collaboration: Of,
    kind: Annotated[AreaKind, typer.Option()] = AreaKind.NEIGHBOURHOOD,
    parent: Annotated[str | None, typer.Option(help="The code of the area it lies in")] = None,
    population: Annotated[int | None, typer.Option(help="How many people live there")] = None,
    population_as_of: Annotated[datetime | None, typer.Option("--population-as-of", formats=DAY)] = None,
) -> None:
    """Add an area, or change it."""
    given = _checked(AreaIn, _given(name=name, kind=kind, parent=parent, population=population, population_as_of=population_as_of))
    with writing() as writes:
        _area, is_new = put_area(writes, OPERATOR, place_of(writes, collaboration), code, given, present(), keep=True)
    typer.echo(f"{'Added' if is_new else 'Changed'} {code}.")


@area.command("import")
def import_areas(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A GeoJSON file of features")],
    collaboration: Of,
    code: Annotated[str, typer.Option(help="The property that holds the code")],
    name: Annotated[str, typer.Option(help="The property that holds the name")],
    kind: Annotated[AreaKind, typer.Option(help="What all of them are")] = AreaKind.WARD,
) -> None:
    """Import areas with their shapes. All or none; the same code twice: the first one wins, and it is said."""
    try:
        features = json.loads(file.read_text())["features"]
    except (ValueError, KeyError, TypeError):
        features = None
    if not isinstance(features, list) or not all(_is_feature(feature) for feature in features):
        raise Invalid(FieldError("file", f"{file.name} is not a GeoJSON collection of features."))
    added = changed = 0
    seen: set[str] = set()
    with writing() as writes:
        place, now = place_of(writes, collaboration), present()
        with progress(features, "Areas") as bar:
            for row, feature in enumerate(bar, 1):
                area_code = str((feature.get("properties") or {}).get(code) or "").strip()
                if area_code in seen:
                    typer.echo(f"Row {row}: {area_code} came before; the first one stays.", err=True)
                    continue
                seen.add(area_code)
                try:
                    _row, is_new = put_area(writes, OPERATOR, place, area_code, _area_of(feature, area_code, name, kind), now, keep=True)
                except Refusal as refusal:
                    raise Conflict(f"Row {row}: {refusal.detail} Nothing was imported.") from None
                added, changed = added + is_new, changed + (not is_new)
    typer.echo(json.dumps({"received": len(features), "created": added, "seen": changed}))


def _is_feature(feature: object) -> bool:
    """Whether this has the parts of a GeoJSON feature, each of which may be null."""
    return isinstance(feature, dict) and all(isinstance(feature.get(part), dict | None) for part in ("properties", "geometry"))


def _area_of(feature: dict[str, Any], code: str, name: str, kind: AreaKind) -> AreaIn:
    """The area in a feature. Raises: Invalid."""
    _checked(TopicIn, {"code": code, "name": "-"})  # the same rule for codes
    geometry = feature.get("geometry") or {}
    shape = {name: geometry[name] for name in ("type", "coordinates") if name in geometry} or None
    given: AreaIn = _checked(AreaIn, {"name": str((feature.get("properties") or {}).get(name) or ""), "kind": kind, "shape": shape})
    return given
