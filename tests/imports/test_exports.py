"""`said export`: what is never in it, then that it imports back unchanged: here, and in another place."""

import csv
import io
import json
from typing import Any

import pytest
from sqlmodel import select

from service.database import Database
from service.feedback.actions import withdraw
from service.feedback.models import Feedback
from service.imports.exports import EXPORTS
from service.places.queries import PlaceCard, get_place
from service.promises.actions import make_promise, speaker_of
from service.promises.models import DraftIn, Side
from tests.cli.conftest import Said
from tests.copies import tell_once
from tests.imports.conftest import AT, Importing, Write, fates
from tests.make import Make

FORMS = ("csv", "json")
COUNCIL = ("--organisation", "council")


@pytest.fixture
def place(importing: Importing, said: Said, file: Write, database: Database, make: Make) -> PlaceCard:
    """Hillside with something of every kind, some of it hard to write down."""
    with database.read() as reads:
        found = get_place(reads, "hillside")
    tell_once("something of every kind", lambda: bring_in(importing, said, file, make, found), database, found, make.clock)
    return found


def bring_in(importing: Importing, said: Said, file: Write, make: Make, found: PlaceCard) -> None:
    importing("areas", file("code,name,population,parent\nnorth,North,4100,\na-lane,A Lane,,north\n"))
    importing("areas", file("code,name,kind\nelse,Elsewhere,comparator\n"))
    importing("comparators", file("group,area,name\nnear,else,=Near\n"))
    importing("organisations", file("code,name,kind,since,contributes\nhub,Hub,vcs,2020-01-02,staff;space\n"))
    head = "code,name,kind,unit,good_direction,range_low,range_high,comparator_group,definition"
    importing(
        "indicators", file(f'{head}\nph,Water,how_well,pH,in_range,7.2,7.60,near,"-1 and\nmore"\nswims,Swims,how_much,swims,up,,,,\n')
    )
    rows = ["ph,2025,7.25,,a-lane,,", 'ph,2025-01-01/2025-02-10,0.1,,,male,"=SUM(A1), ""quoted"""', "swims,2025/26-Q1,,suppressed,,,"]
    importing("observations", file("\n".join(["indicator,period,value,missing,area,dimension.sex,comment", *rows])), *COUNCIL)
    head = "person,goal,instrument,value,on,by,episode,area,ref,consent.wording_version,consent.given_on,consent.expires_on"
    told = 'p-1,"=walk, ""again""",,4,2025-01-01,self,,a-lane,r1,v1,2024-12-01,2099-01-01'
    importing("readings", file(f"{head}\n{told}\np-1,,ons4-happy,7,2025-02-01,with_help,second,,,,,\n"), *COUNCIL)
    importing("feedback", file("source,ref,received_at,kind,body,area\ns,1,2025-06-30,good,'=tea,a-lane\n"))
    said("topic", "add", "benches", "--name", "Benches", "--organisation", "hub", *AT)
    head = "origin,ref,side,text,maker,due_on,review_by,deal,whole_place"
    told = ["s,1,,+Keep it open,hub,2025-12-31,,,", "s,2,your_part,Water the trees,,,2026-06-01,Streets,true"]
    importing("promises", file("\n".join([head, *told, "s,3,our_part,See who asks,council,,2026-06-02,Streets,"])))
    head = "origin,ref,kind,body,occurred_on,tags,signifiers,consent.wording_version,consent.given_on,indicator,promise_origin,promise"
    importing("narratives", file(f'{head}\ns,1,worked,Words,2026-01-01,a;b,"{{""x"": 1}}",v1,2026-01-02,swims,s,2\n'))
    importing("feedback", file("source,ref,received_at,body,promise_origin,promise\ns,2,2025-07-01,About it,s,1\n"))
    importing("observations", file("indicator,period,value\nswims,2024,3\n"), "--organisation", "hub")
    make.message(found, "Sent with the form", contact="ann@example.org", topic="benches", share="words_public")


# ---- what is never in it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_export_holds_no_receipt_no_contact_and_nothing_withdrawn(
    place: PlaceCard, said: Said, database: Database, make: Make, form: str
) -> None:
    taken_back = make.message(place, "These words were taken back", contact="bob@example.org")
    with database.write() as writes:
        withdraw(writes, make.keys, place, taken_back.code, make.clock())
    text = said("export", "feedback", *AT, "--format", form)
    assert "Sent with the form" in text and "These words were taken back" not in text
    assert "example.org" not in text and taken_back.code not in text and "key_hash" not in text and "contact" not in text
    with database.read() as reads:
        for message in reads.exec(select(Feedback)):
            assert not message.key_hash or message.key_hash not in text
            assert str(message.id) not in text, "the id that staff's addresses carry"


@pytest.mark.usefixtures("place")
def test_formula_is_made_safe_for_spreadsheets(said: Said) -> None:
    cells = [cell for kind in EXPORTS for line in csv.reader(io.StringIO(said("export", kind, *AT))) for cell in line]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]
    assert "'=Near" in cells and "'+Keep it open" in cells and "'=tea" in cells


@pytest.mark.usefixtures("place")
def test_nothing_is_exported_of_another_place(said: Said) -> None:
    said("collaboration", "add", "elsewhere", "--name", "Elsewhere")
    for kind in EXPORTS:
        rows = json.loads(said("export", kind, "--collaboration", "elsewhere", "--format", "json"))
        assert [row for row in rows if row.get("code") != "whole_place"] == [], kind
    assert "There is no collaboration called nowhere" in said.refused("export", "areas", "--collaboration", "nowhere")


# ---- there and back --------------------------------------------------------------------------------------------------


def _words(kind: str) -> tuple[str, ...]:
    return (*COUNCIL, "--all-organisations") if kind in ("observations", "readings") else ()


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("what", EXPORTS)
def test_export_imports_back_unchanged(importing: Importing, said: Said, file: Write, what: str, form: str) -> None:
    written = said("export", what, *AT, "--format", form)
    report, err = importing.both(what, file(written, f"out.{form}"), *_words(what))
    assert (fates(report), err) == ((0, 0, report["received"], 0), [])
    assert report["received"]
    assert said("export", what, *AT, "--format", form) == written


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("form", FORMS)
def test_other_place_becomes_the_same_byte_for_byte(said: Said, file: Write, form: str) -> None:
    """All but what first came to hillside itself, which is known there by its source and its id."""
    said("collaboration", "add", "elsewhere", "--name", "Hillside")
    for kind in EXPORTS:
        written = said("export", kind, *AT, "--format", form)
        out, err = said.both("import", kind, file(written, f"{kind}.{form}"), "--collaboration", "elsewhere", *_words(kind))
        report: dict[str, Any] = json.loads(out)
        assert (report["refused"], err) == (0, ""), kind
        again = said("export", kind, "--collaboration", "elsewhere", "--format", form)
        assert _lasting(again, kind) == _lasting(written, kind), kind


@pytest.mark.usefixtures("place")
def test_figures_of_several_come_in_together_only_when_that_is_said(importing: Importing, said: Said, file: Write) -> None:
    written = file(said("export", "observations", *AT))
    refused, err = importing.both("observations", written, *COUNCIL)
    assert fates(refused) == (0, 0, 3, 1) and "You post for the organisation council" in err[0]
    nobodys = file("indicator,period,value,organisation\nswims,2023,3,nowhere\n", "nobodys.csv")
    refused, err = importing.both("observations", nobodys, *COUNCIL, "--all-organisations")
    assert fates(refused) == (0, 0, 0, 1) and "You post for the organisation council" in err[0]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ("our_part,,2026-12-31,,,", "maker: This is needed, unless side is your_part."),
        ("your_part,,,,,", "due_on: This is needed, or review_by."),
        ("your_part,,,2026-11-01,true,a-lane", "area: Name an area or the whole place, not both."),
    ],
)
@pytest.mark.usefixtures("place")
def test_promise_that_says_too_little_is_refused(importing: Importing, file: Write, told: str, field: str) -> None:
    row = f"origin,ref,text,side,maker,due_on,review_by,whole_place,area\ns,9,Words,{told}\n"
    report, err = importing.both("promises", file(row))
    assert fates(report) == (0, 0, 0, 1) and field in err[0]


def test_draft_stays_at_home(place: PlaceCard, said: Said, make: Make) -> None:
    mia = make.at_work(place, "coordinator", organisation="council")
    given = DraftIn(text="Not said aloud yet", side=Side.OUR_PART, maker="council")
    with make.database.write() as writes:
        make_promise(writes, speaker_of(mia), place, given, make.clock(), draft=True)
    assert "Not said aloud yet" not in said("export", "promises", *AT)


def _lasting(text: str, kind: str) -> str:
    """What a message or a story is elsewhere, is for the people there to decide: how far its handling came stays at home."""
    return text.replace("acknowledged", "received") if kind == "feedback" else text
