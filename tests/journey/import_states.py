"""Every state of the pages on which files are brought in."""

from io import BytesIO
from uuid import UUID

from service.imports.mapping import MapIn
from service.intakes.actions import keep_map, send_file, take_in
from service.intakes.files import file_away
from service.intakes.models import Choice, Decided
from service.intakes.work import Work, claim
from service.intakes.written import guessed
from service.journal.actions import OPERATOR
from service.places.queries import find_organisation
from service.results.actions import put_indicator
from service.results.models import IndicatorIn
from tests.journey.stage import Stage, state

IMPORTS = "/staff/hillside/imports"
HEAD = "indicator,area,period,value,comment\n"
GOOD = f"{HEAD}waste-recycled,,2024-Q1,41.2,\nwaste-recycled,,2024-Q2,42.9,\nwaste-recycled,hill-road,2024-Q2,38,\n"
WRONG = (
    f"{GOOD}waste-recycled,hil-road,2024-Q1,37,\nwaste-recycled,hil-road,2024-Q3,36.5,Counted by hand\nwaste-recycled,,Spring 24,40,\n"
    "waste-recycled,,2024-Q3,about 43,\nwaste-recycled,,2024-Q4\n"
)
NEWER = GOOD.replace("42.9", "43.1").replace("38", "39.5")


def brought(stage: Stage, content: str, name: str = "recycling-2024.csv", *, matched: bool = True) -> UUID:
    """A file of the council's, sent by Sam; with `matched` somebody is looking through it."""
    member, now = stage.sam, stage.make.clock()
    filed = file_away(stage.app.state.settings.var, BytesIO(content.encode()), name)
    with stage.make.database.write() as writes:
        given = IndicatorIn(name="Waste that is recycled", kind="how_well", unit="%", good_direction="up")
        put_indicator(writes, OPERATOR, stage.hillside, "waste-recycled", given, now)
        council = find_organisation(writes, stage.hillside.id, "council")
        assert council is not None
        columns = content.partition("\n")[0].split(",")
        written = guessed("observations", columns) if matched else None
        intake_id = send_file(writes, member, filed, "observations", council.id, now, written)
        claimed = claim(writes, stage.hillside.id, intake_id, now)
    stage.claimed = claimed  # type: ignore[attr-defined]
    return intake_id


def worked_on(stage: Stage) -> None:
    """Whoever was at work is done."""
    Work(stage.make.database, stage.app.state.settings.var, stage.claimed, stage.make.clock).run()  # type: ignore[attr-defined]


def looked_through(stage: Stage, content: str, name: str = "recycling-2024.csv") -> UUID:
    intake_id = brought(stage, content, name)
    worked_on(stage)
    return intake_id


def taken_in(stage: Stage, content: str, name: str = "recycling-2024.csv", choice: Choice | None = None) -> UUID:
    intake_id, now = looked_through(stage, content, name), stage.make.clock()
    with stage.make.database.write() as writes:
        take_in(writes, stage.sam, intake_id, Decided(choice, "Revised by the source in March", {}), now)
        stage.claimed = claim(writes, stage.hillside.id, intake_id, now)  # type: ignore[attr-defined]
    worked_on(stage)
    return intake_id


def opens(stage: Stage, page: str = "") -> None:
    """Signs in as a coordinator, and opens a page of these."""
    stage.signs_in(stage.hillside, email="dee@hillside.example", name="Dee Marsh")
    stage.goes_to(f"{IMPORTS}{page}")


@state("intakes.list")
def imports_none(stage: Stage) -> None:
    assert stage.hillside
    opens(stage)


@state("intakes.list")
def imports_some(stage: Stage) -> None:
    taken_in(stage, GOOD, "recycling-2024-spring.csv")
    taken_in(stage, WRONG)
    looked_through(stage, NEWER, "recycling-2024-revised.csv")
    brought(stage, GOOD, "recycling-2024-once-more.csv")
    with stage.make.database.write() as writes:
        keep_map(writes, stage.sam, "Recycling, every quarter", MapIn(kind="observations", columns={"value": "x"}), stage.make.clock())
    opens(stage)


@state("intakes.send")
def import_of_nothing(stage: Stage) -> None:
    imports_none(stage)
    stage.presses("Send the file")


@state("intakes.send")
def import_that_waits(stage: Stage) -> None:
    imports_none(stage)
    stage.page.get_by_label("Which file?").set_input_files({"name": "recycling-2024.csv", "mimeType": "text/csv", "buffer": GOOD.encode()})
    stage.presses("Send the file")


@state("intakes.columns")
def import_columns(stage: Stage) -> None:
    opens(stage, f"/{brought(stage, GOOD, matched=False)}/columns")


@state("intakes.match")
def import_columns_that_do_not_fit(stage: Stage) -> None:
    import_columns(stage)
    stage.page.get_by_label("period needed").select_option("")
    stage.page.get_by_text("Seldom needed").click()
    stage.page.get_by_label("Rows to leave out").fill("no sign")
    stage.presses("Look through the file")


@state("intakes.use_map")
def import_without_a_map(stage: Stage) -> None:
    import_columns(stage)
    stage.page.get_by_text("Fill this page from a map").click()
    stage.presses("Use this map")


@state("intakes.one")
def import_being_looked_through(stage: Stage) -> None:
    opens(stage, f"/{brought(stage, GOOD)}")


@state("intakes.one")
def import_with_something_wrong(stage: Stage) -> None:
    opens(stage, f"/{looked_through(stage, WRONG)}")


@state("intakes.one")
def import_that_differs(stage: Stage) -> None:
    taken_in(stage, GOOD, "recycling-2024-spring.csv")
    opens(stage, f"/{looked_through(stage, NEWER)}")


@state("intakes.take")
def import_undecided(stage: Stage) -> None:
    import_that_differs(stage)
    stage.presses("Take it in")


@state("intakes.one")
def import_done_in_part(stage: Stage) -> None:
    opens(stage, f"/{taken_in(stage, WRONG)}")


@state("intakes.one")
def import_done(stage: Stage) -> None:
    taken_in(stage, GOOD, "recycling-2024-spring.csv")
    opens(stage, f"/{taken_in(stage, NEWER, choice=Choice.CORRECT)}")


@state("intakes.one")
def import_that_cannot_be_read(stage: Stage) -> None:
    intake_id = brought(stage, GOOD)
    for path in (stage.app.state.settings.var / "imports").rglob("*.csv"):
        path.write_text(f'{GOOD}waste-recycled,,2024-Q4,"5\n')
    worked_on(stage)
    opens(stage, f"/{intake_id}")
