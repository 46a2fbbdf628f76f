"""`said import`: what is refused whole, which rows are refused alone, what each kind becomes. All of it is invented."""

import csv
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, col, select

from service.consents.models import Consent
from service.database import Database
from service.feedback.models import Feedback
from service.narratives.models import Narrative
from service.places.models import Area, Organisation
from service.promises.models import Promise
from service.results.models import ComparatorGroup, ComparatorMember, Indicator, Observation
from service.settings import ROOT
from service.verification import differences
from tests.cli.conftest import Said
from tests.imports.conftest import AT, Importing, Write, fates

SWIMS = ROOT / "tests" / "data" / "swims.csv"
SWIMS_MAP = ("--map", str(ROOT / "tests" / "data" / "swims.toml"))
COUNCIL = ("--organisation", "council")


def found(database: Database, table: type[SQLModel]) -> list[Any]:
    with database.read() as reads:
        reads.expire_on_commit = False
        rows = list(reads.exec(select(table).order_by(col(table.id))))  # type: ignore[attr-defined]
        reads.expunge_all()
    return rows


@pytest.fixture
def pools(importing: Importing, file: Write) -> Importing:
    """Hillside counts swims and complaints, in two pools and as a whole."""
    importing("areas", file("code,name\np1,Lido\np2,Old Baths\n"))
    head, swims, complaints = "code,name,kind,unit,good_direction", "swims,Swims,how_much,swims,up", "complaints,Complaints,how_well,,down"
    importing("indicators", file(f"{head}\n{swims}\n{complaints.replace(',,', ',complaints,')}\n"))
    return importing


# ---- what is refused whole -------------------------------------------------------------------------------------------


def test_what_cannot_be_imported_is_said_in_one_sentence(importing: Importing, file: Write) -> None:
    areas = file("code,name\na,A\n", "areas.csv")
    observed = file("indicator,period,value\nx,2026,1\n", "observed.csv")
    map_ = file('kind = "areas"\n[columns]\ncode = "Code"\nname = "name"\n', "map.toml")
    half = file('kind = "areas"\n[columns]\ncode = "code"\n', "half.toml")
    nameless = file('kind = "feedback"\n[columns]\nref = "code"\nreceived_at = "name"\n', "nameless.toml")
    for kind, name, words, said in (
        ("readings", areas, (), "areas.csv has the column code, name, and readings have no such field."),
        ("areas", file("code,colour\na,red\n"), (), "has the column colour, and areas have no such field. They have: name, kind"),
        ("areas", file("code\na\n", "b.csv"), (), "has no column name, which areas need."),
        ("areas", areas, ("--map", map_), "The map reads Code, and areas.csv has no such column. It has: code, name."),
        ("areas", areas, ("--map", half), "half.toml says nothing of name, which areas need."),
        ("feedback", areas, ("--map", nameless), "nameless.toml says nothing of source, which feedback need."),
        ("organisations", areas, ("--map", map_), "is a map for areas, not for organisations."),
        ("areas", areas, ("--map", "nowhere.toml"), "There is no map nowhere.toml."),
        ("areas", areas, COUNCIL, "--organisation says nothing for areas. Leave it out."),
        ("areas", areas, ("--errors", areas), "--errors names the file that is imported."),
        ("observations", observed, (), "Observations need --organisation"),
        ("observations", observed, ("--organisation", "nobody"), "There is no organisation with the code nobody."),
        ("feedback", file("ref,received_at,contact\na,2026-01-01,x\n", "c.csv"), (), "has the column contact"),
        ("areas", file(b"code,name\na,\xff\n", "d.csv"), (), "is not UTF-8"),
    ):
        assert said in importing.refused(kind, name, *words), (kind, words)
    assert "There is no collaboration called elsewhere" in importing.said.refused("import", "areas", areas, "--collaboration", "elsewhere")


@pytest.mark.parametrize("kind", ["areas", "feedback"])
def test_file_that_breaks_off_stores_nothing(importing: Importing, file: Write, database: Database, kind: str) -> None:
    head, row = {"areas": ("code,name", "a{},A"), "feedback": ("source,ref,received_at,kind", "s,{},2026-01-01,good")}[kind]
    rows = "\n".join([head, *(row.format(number) for number in range(500)), '"'])
    assert "cannot be read as CSV" in importing.refused(kind, file(rows))
    assert found(database, Feedback) == [] and len(found(database, Area)) == 1


# ---- which rows are refused alone ------------------------------------------------------------------------------------


def test_bad_row_is_named_and_the_good_ones_stay(importing: Importing, file: Write, database: Database) -> None:
    rows = ["ok,Fine,ward,", "b ad,B,,", "long,,,", "kind,K,castle,", "up,U,,nowhere", "x,X", "ok2,Fine,,ok"]
    assert importing.reasons("areas", file("\n".join(["code,name,kind,parent", *rows]))) == [
        (2, "code", "This is not written the way it must be."),
        (3, "name", "This is needed."),
        (4, "kind", "Choose one of these: place, ward, neighbourhood, other, comparator."),
        (5, "parent", "There is no area with this code."),
        (6, "row", "This row has 2 cells, the header has 4."),
    ]
    assert sorted(row.code for row in found(database, Area)) == ["ok", "ok2", "whole_place"]


def test_every_refusal_of_the_other_kinds(importing: Importing, file: Write) -> None:
    importing("areas", file("code,name,kind\nward,Ward,ward\nother,Other,comparator\n"))
    assert importing.reasons("organisations", file("code,name,kind\ncouncil,Another,\nvcs,Vcs,club\nvcs,Vcs,vcs\nvcs,Vcs 2,vcs\n")) == [
        (1, "code", "There is an organisation with this code already, of another name or kind."),
        (2, "kind", "Choose one of these: council, nhs, police, school, vcs, community_group, business, funder, regulator, other."),
        (4, "code", "This comes twice in the file, described in two ways. The first one stays."),
    ]
    assert importing.reasons("comparators", file("group,area\ng,ward\ng,nowhere\n,other\n")) == [
        (1, "area", "There is no area of kind comparator with this code."),
        (2, "area", "There is no area of kind comparator with this code."),
        (3, "group", "This is needed."),
    ]
    head = "code,name,kind,unit,good_direction,range_low,comparator_group"
    assert importing.reasons(
        "indicators", file(f"{head}\na,A,how_much,x,up,,none\nb,B,how_much,x,in_range,1,\nc,C,how_much,x,up,low,\n")
    ) == [
        (1, "comparator_group", "There is no comparator group with this code."),
        (2, "row", "Give range_low and range_high for in_range, and for nothing else."),
        (3, "range_low", "This must be a number."),
    ]
    rows = [
        "s,1,2026-01-01,,,,",
        "s,2,01/02/2026,good,,,",
        "s,3,2026-12-01,good,,,",
        "s,4,2026-01-01,great,,,",
        "s,5,2026-01-01,good,,other,",
        "s,6,2026-01-01,good,,,benches",
        ",7,2026-01-01,good,,,",
        "s,,2026-01-01,good,,,",
        f"s,9,2026-01-01,,{'x' * 5_001},,",
    ]
    assert importing.reasons("feedback", file("\n".join(["source,ref,received_at,kind,body,area,topic", *rows]))) == [
        (1, "kind", "Send a kind, or words: body, want, have or gap."),
        (2, "received_at", "Write a day as 2026-11-22, or a moment as 2026-11-22T09:30."),
        (3, "received_at", "This day has not come yet."),
        (4, "kind", "Choose one of these: good, not_good, idea, question."),
        (5, "area", "There is no area with this code."),
        (6, "topic", "There is no topic with this code."),
        (7, "source", "This is needed."),
        (8, "ref", "This is needed."),
        (9, "body", "This is too long: at most 5000."),
    ]
    rows = [
        "s,1,Text,council,,",
        "s,2,Text,nobody,2026-12-31,",
        "s,3,Text,council,2026-12-31,2026-12-30",
        "s,4,Text,council,2026-01-31,2026-02-01",
        "s,5,,council,2026-12-31,",
    ]
    assert importing.reasons("promises", file("\n".join(["origin,ref,text,maker,due_on,made_on", *rows]))) == [
        (1, "due_on", "This is needed, or review_by."),
        (2, "maker", "There is no organisation with the code nobody."),
        (3, "made_on", "This day has not come yet."),
        (4, "due_on", "This is earlier than the day the promise was made."),
        (5, "text", "This is needed."),
    ]
    rows = ["s,1,worked,Words,2026-12-01,,", "s,2,worked,Words,2026-01-01,,2026-01-02", "s,3,bad,Words,2026-01-01,,"]
    assert importing.reasons(
        "narratives", file("\n".join(["origin,ref,kind,body,occurred_on,consent.wording_version,consent.given_on", *rows]))
    ) == [
        (1, "occurred_on", "This day has not come yet."),
        (2, "consent.wording_version", "This is needed."),
        (3, "kind", "Choose one of these: worked, did_not_work, mixed, surprise."),
    ]


def test_observations_are_refused_as_the_api_refuses_them(pools: Importing, file: Write) -> None:
    rows = [
        "swims,2026,1,p1,,",
        "swims,2026,1,p9,,",
        "dives,2026,1,,,",
        "swims,2026-13,1,,,",
        "swims,2026,,,,",
        "swims,2026,x,,,",
        "swims,2025,1,,vcs,",
    ]
    assert pools.reasons("observations", file("\n".join(["indicator,period,value,area,organisation,comment", *rows])), *COUNCIL) == [
        (2, "area", "There is no area with this code."),
        (3, "indicator", "There is no indicator with this code."),
        (4, "period", "Write a period as 2026, 2025/26, 2026-Q1, 2026-03, 2026-W05, 2026-03-31 or 2026-01-01/2026-03-31."),
        (5, "value", "Give a value, or a numerator with its denominator, or say why it is missing."),
        (6, "value", "This must be a number."),
        (7, "organisation", "You post for the organisation council. Leave this out, or write that."),
    ]


def test_errors_file_holds_every_refusal_and_stderr_only_says_so(importing: Importing, file: Write, tmp_path: Path) -> None:
    errors = tmp_path / "errors.csv"
    rows = [f"b ad{number},B" for number in range(1_200)]
    path = file("\n".join(["code,name", *rows]))
    report, err = importing.both("areas", path, "--errors", str(errors))
    assert err == [f"Refused: 1200 of sheet.csv. {errors} says why, row by row."]
    assert (fates(report), len(report["conflicts"])) == ((0, 0, 0, 1_200), 1_000)
    lines = list(csv.reader(errors.read_text("utf-8").splitlines()))
    assert lines[0] == ["row", "field", "message"] and [line[0] for line in lines[1:]] == [str(number) for number in range(1, 1_201)]
    _report, err = importing.both("areas", path)
    assert len(err) == 1_001 and err[-1] == "200 more were refused. --errors FILE.csv lists all of them."


# ---- what each kind becomes ------------------------------------------------------------------------------------------


def test_areas_are_added_changed_and_left_alone(importing: Importing, file: Write, database: Database) -> None:
    path = file("code,name,kind,population,parent\nnorth,North,ward,4100,\nhill,Hill Road,,,north\nwhole_place,Whatever,place,,\n")
    assert fates(importing("areas", path)) == (2, 0, 1, 0)
    assert fates(importing("areas", path)) == (0, 0, 3, 0)
    assert fates(importing("areas", file("code,name\nhill,Hill Road and the Green\n"))) == (0, 1, 0, 0)
    rows = {row.code: row for row in found(database, Area)}
    assert (rows["hill"].name, rows["hill"].parent_id) == ("Hill Road and the Green", rows["north"].id)
    assert (rows["north"].population, rows["north"].kind, rows["whole_place"].name) == (4_100, "ward", "Hillside")


def test_first_name_of_an_area_wins_and_the_other_is_told_once(importing: Importing, file: Write, database: Database) -> None:
    report, err = importing.both("areas", file("code,name\na,First\na,Second\na,First\na,Second\n"))
    assert fates(report) == (1, 0, 3, 0)
    assert err == ["Row 2: a came before, described otherwise. The first one stays."]
    assert [row.name for row in found(database, Area) if row.code == "a"] == ["First"]


def test_map_of_areas_is_read_with_its_shapes(importing: Importing, file: Write, database: Database) -> None:
    square = {"type": "Polygon", "coordinates": [[[-2.4, 53.4], [-2.3, 53.4], [-2.3, 53.5], [-2.4, 53.4]]]}
    shapes = {"type": "FeatureCollection", "features": [{"properties": {"id": 7, "title": "Seven"}, "geometry": square}]}
    map_ = file('kind = "areas"\n[columns]\ncode = "id"\nname = "title"\nshape = "shape"\n', "map.toml")
    assert fates(importing("areas", file(shapes, "a.geojson"), "--map", map_)) == (1, 0, 0, 0)
    assert [(row.code, row.name, row.shape) for row in found(database, Area) if row.code == "7"] == [("7", "Seven", square)]
    bad = {"features": [{"properties": {"code": "8", "name": "Eight"}, "geometry": {"type": "Point", "coordinates": [400, 0]}}]}
    assert importing.reasons("areas", file(bad, "b.geojson")) == [
        (1, "shape", "This is not a GeoJSON geometry with longitudes and latitudes.")
    ]


def test_organisations_comparators_and_indicators(importing: Importing, file: Write, database: Database) -> None:
    organisations = file("code,name,kind,contributes\nhub,Hub,vcs,staff; space\ncouncil,Hillside Council,,\nhub,Hub,vcs,staff; space\n")
    assert fates(importing("organisations", organisations)) == (1, 0, 2, 0)
    importing("areas", file("code,name,kind\nelse,Elsewhere,comparator\nfar,Far,comparator\n"))
    groups = file("group,area,name\nnear,else,Our neighbours\nnear,far,Our neighbours\nnear,else,\n")
    assert fates(importing("comparators", groups)) == (2, 0, 1, 0)
    head = "code,name,kind,unit,good_direction,range_low,range_high,comparator_group"
    assert fates(importing("indicators", file(f"{head}\nph,Water,how_well,pH,in_range,7.2,7.6,near\n"))) == (1, 0, 0, 0)
    assert fates(importing("indicators", file(f"{head}\nph,Water,how_well,pH,in_range,7.2,7.8,near\n"))) == (0, 1, 0, 0)
    assert sorted(row.code for row in found(database, Organisation)) == ["council", "hub"]
    assert len(found(database, ComparatorMember)) == 2
    [group], [indicator] = found(database, ComparatorGroup), found(database, Indicator)
    assert (group.name, indicator.range_high, indicator.comparator_group_id) == ("Our neighbours", 7.8, group.id)


def test_messages_are_received_without_receipt_and_counted(importing: Importing, said: Said, file: Write, database: Database) -> None:
    importing("areas", file("code,name\nhill,Hill Road\n"))
    said("topic", "add", "benches", "--name", "Benches", *AT, "--organisation", "council")
    head = "source,ref,received_at,kind,body,area,topic,channel,on_behalf"
    rows = [
        "s,1,2025-06-30,good,Thanks,hill,benches,paper,true",
        "s,2,2025-06-30T23:30,,Thanks,whole_place,,,",
        "s,1,2026-01-01,idea,New,,,,",
    ]
    path = file("\n".join([head, *rows]))
    assert fates(importing("feedback", path)) == (2, 0, 1, 0)
    assert fates(importing("feedback", path)) == (0, 0, 3, 0)
    first, second = found(database, Feedback)
    assert (first.state, first.publication, first.share, first.captured_by) == ("received", "not_offered", "team_only", "import")
    assert (first.key_hash, first.key_version, first.body_hash) == (None, None, None)
    assert (first.body, first.kind, first.channel, first.on_behalf) == ("Thanks", "good", "paper", True)
    assert first.organisation_id is not None and first.topic_id is not None
    assert first.received_at.isoformat() == "2025-06-30T11:00:00+00:00", "a day is its noon in Hillside"
    assert (second.received_at.isoformat(), second.whole_place, second.kind) == ("2025-06-30T22:30:00+00:00", True, None)
    with database.read() as reads:
        assert differences(reads) == []


def test_words_wait_to_be_shown_only_where_the_row_says_that_they_may_be(importing: Importing, file: Write, database: Database) -> None:
    importing("feedback", file("source,ref,received_at,body,share\ns,1,2026-01-01,A,words_public\ns,2,2026-01-01,B,\n"))
    assert [(row.share, row.publication) for row in found(database, Feedback)] == [
        ("words_public", "waiting"),
        ("team_only", "not_offered"),
    ]


def test_messages_are_given_to_the_organisation_that_is_named(importing: Importing, file: Write, database: Database) -> None:
    importing("feedback", file("source,ref,received_at,kind\ns,1,2026-11-23,good\n"), *COUNCIL)
    [message] = found(database, Feedback)
    assert message.organisation_id == found(database, Organisation)[0].id
    assert message.received_at.isoformat() == "2026-11-23T10:00:00+00:00", "noon of today is still to come: it came by now"


def test_promises_of_others_may_lack_what_ours_must_have(importing: Importing, file: Write, database: Database) -> None:
    path = file("origin,ref,text,maker,due_on\ns,1,Keep the pool open,council,2025-12-31\n")
    assert fates(importing("promises", path)) == (1, 0, 0, 0)
    assert fates(importing("promises", path)) == (0, 0, 1, 0)
    [promise] = found(database, Promise)
    assert (promise.made_on, promise.kept_when, promise.source, promise.standing) == (None, None, None, "made")
    more = file("origin,ref,text,maker,due_on,owner,audience\ns,2,Open early,council,2025-12-31,Head of pools,Swimmers\n")
    assert fates(importing("promises", more)) == (1, 0, 0, 0)
    assert {(row.owner, row.audience) for row in found(database, Promise)} == {(None, None), ("Head of pools", "Swimmers")}


def test_stories_wait_to_be_checked(importing: Importing, file: Write, database: Database) -> None:
    head = "origin,ref,kind,body,occurred_on,tags,signifiers,visibility,consent.wording_version,consent.given_on"
    path = file(f'{head}\ns,1,worked,Words,2026-01-01,a;b,"{{""x"": 1}}",public,v1,2026-01-02\n')
    assert fates(importing("narratives", path, *COUNCIL)) == (1, 0, 0, 0)
    assert fates(importing("narratives", path)) == (0, 0, 1, 0)
    [story], [consent] = found(database, Narrative), found(database, Consent)
    assert (story.state, story.wish, story.captured_by, story.tags, story.signifiers) == (
        "submitted",
        "public",
        "import",
        ["a", "b"],
        {"x": 1},
    )
    assert story.organisation_id is not None and consent.wording_version == "v1"


def test_sample_of_the_handbook_imports_as_it_says(pools: Importing, database: Database) -> None:
    report, err = pools.both("observations", str(SWIMS), *SWIMS_MAP, *COUNCIL)
    assert (fates(report), err) == ((7, 0, 0, 1), ["Row 8: Measure: Days closed are not an indicator here."])
    rows = found(database, Observation)
    assert [(row.value, row.missing, row.dimension, row.period_label, str(row.first_day), str(row.last_day)) for row in rows] == [
        (1204, None, '{"sex":"female"}', "2025 Q1", "2025-01-01", "2025-03-31"),
        (1180, None, '{"sex":"male"}', "2025 Q1", "2025-01-01", "2025-03-31"),
        (None, "suppressed", "", "2025 Q1", "2025-01-01", "2025-03-31"),
        (9310, None, "", "2025 Q1", "2025-01-01", "2025-03-31"),
        (10022, None, "", "2025 Q2", "2025-04-01", "2025-06-30"),
        (17, None, "", "2025 Q2", "2025-04-01", "2025-06-30"),
        (38120, None, "", "2024/2025 full year", "2024-04-01", "2025-03-31"),
    ]
    assert fates(pools("observations", str(SWIMS), *SWIMS_MAP, *COUNCIL)) == (0, 0, 7, 1)


def test_corrected_figure_and_one_that_comes_twice(pools: Importing, file: Write) -> None:
    head = "indicator,period,value,missing"
    assert fates(pools("observations", file(f"{head}\nswims,2025,1,\n"), *COUNCIL)) == (1, 0, 0, 0)
    assert fates(pools("observations", file(f"{head}\nswims,2025,,unknown\nswims,2024,3,\nswims,2024,3,\n"), *COUNCIL)) == (1, 1, 1, 0)
    clash = file(f"{head}\nswims,2023,1,\nswims,2022,1,\nswims,2023,2,\n")
    assert [row for row, _field, _words in pools.reasons("observations", clash, *COUNCIL)] == [1, 3]


def test_row_number_is_that_of_the_file_where_a_row_makes_several_records(importing: Importing, file: Write, database: Database) -> None:
    map_ = file(
        'kind = "feedback"\nsource = "survey"\n[columns]\nreceived_at = "Day"\n'
        '[[records]]\ncolumns = {ref = "{Id}-1", body = "Good"}\nconstants = {kind = "good"}\nif_given = ["Good"]\n'
        '[[records]]\ncolumns = {ref = "{Id}-2", body = "Bad"}\nconstants = {kind = "not_good"}\nif_given = ["Bad"]\n',
        "map.toml",
    )
    path = file("Id,Day,Good,Bad\n1,2026-01-01,Tea,Rain\n2,2026-01-01,,\n3,soon,Tea,Rain\n4,2026-01-01,,Rain\n")
    report, _err = importing.both("feedback", path, "--map", map_)
    assert (fates(report), [one["row"] for one in report["conflicts"]]) == ((3, 0, 0, 3), [2, 3, 3])
    assert [(row.ref, row.kind, row.body) for row in found(database, Feedback)] == [
        ("1-1", "good", "Tea"),
        ("1-2", "not_good", "Rain"),
        ("4-2", "not_good", "Rain"),
    ]


def test_json_list_needs_no_map(pools: Importing, file: Write) -> None:
    rows = [{"indicator": "swims", "period": "2025", "value": 5, "dimension": {"sex": "female"}}, {"indicator": "swims"}, 7]
    report, _err = pools.both("observations", file(rows, "rows.json"), *COUNCIL)
    assert (fates(report), [one["row"] for one in report["conflicts"]]) == ((1, 0, 0, 2), [2, 3])
    assert fates(pools("areas", file([{"code": "x", "name": "X", "population": 5, "parent": None}], "areas.json"))) == (1, 0, 0, 0)
    report, _err = pools.both("areas", file([{"code": "y", "name": "Y", "colour": "red"}], "areas.json"))
    assert report["conflicts"] == [{"row": 1, "field": "colour", "message": "There is no such field here."}]


# ---- the dry run -----------------------------------------------------------------------------------------------------


def test_dry_run_foresees_every_row_and_stores_nothing(pools: Importing, file: Write, database: Database) -> None:
    def counts() -> list[int]:
        return [len(found(database, table)) for table in (Area, Organisation, Indicator, Feedback, Promise, Narrative, Observation)]

    promise = "s,1,T,council,2026-12-31"
    files = {
        "areas": file("code,name,parent\nnew,New,\nin,Inside,new\np1,Lido,\nout,Out,nowhere\n", "areas.csv"),
        "organisations": file("code,name\nhub,Hub\nhub,Hub\ncouncil,Other\n", "organisations.csv"),
        "feedback": file("source,ref,received_at,kind\n" + "".join(f"s,{n % 150},2026-01-01,good\n" for n in range(300)), "feedback.csv"),
        "promises": file(f"origin,ref,text,maker,due_on\n{promise}\n{promise}\ns,2,T,nobody,2026-12-31", "promises.csv"),
        "narratives": file("origin,ref,kind,body,occurred_on\ns,1,worked,Words,2026-01-01\n", "narratives.csv"),
        "observations": str(SWIMS),
    }
    for kind, path in files.items():
        words = (*SWIMS_MAP, *COUNCIL) if kind == "observations" else ()
        before = counts()
        foreseen, _err = pools.both(kind, path, "--dry-run", *words)
        assert counts() == before, kind
        done, _err = pools.both(kind, path, *words)
        assert foreseen == done and foreseen["created"], kind
