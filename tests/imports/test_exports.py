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
from tests.cli.conftest import Said
from tests.imports.conftest import AT, Importing, Write, fates
from tests.make import Make

FORMS = ("csv", "json")
COUNCIL = ("--organisation", "council")


@pytest.fixture
def place(importing: Importing, said: Said, file: Write, database: Database, make: Make) -> PlaceCard:
    """Hillside with something of every kind, some of it hard to write down."""
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
    importing("promises", file("origin,ref,text,maker,due_on\ns,1,+Keep it open,hub,2025-12-31\n"))
    head = "origin,ref,kind,body,occurred_on,tags,signifiers,consent.wording_version,consent.given_on,indicator"
    importing("narratives", file(f'{head}\ns,1,worked,Words,2026-01-01,a;b,"{{""x"": 1}}",v1,2026-01-02,swims\n'))
    said("topic", "add", "benches", "--name", "Benches", *AT)
    with database.read() as reads:
        found = get_place(reads, "hillside")
    make.message(found, "Sent with the form", contact="ann@example.org", topic="benches", share="words_public")
    return found


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
    return COUNCIL if kind in ("observations", "readings") else ()


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", EXPORTS)
def test_export_imports_back_unchanged(importing: Importing, said: Said, file: Write, kind: str, form: str) -> None:
    written = said("export", kind, *AT, "--format", form)
    report, err = importing.both(kind, file(written, f"out.{form}"), *_words(kind))
    assert (fates(report), err) == ((0, 0, report["received"], 0), [])
    assert report["received"]
    assert said("export", kind, *AT, "--format", form) == written


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("form", FORMS)
def test_other_place_becomes_the_same_byte_for_byte(said: Said, file: Write, form: str) -> None:
    """All but what first came to hillside itself, which is known there by its source and its id."""
    said("collaboration", "add", "elsewhere", "--name", "Hillside")
    said("topic", "add", "benches", "--name", "Benches", "--collaboration", "elsewhere")
    for kind in EXPORTS:
        written = said("export", kind, *AT, "--format", form)
        out, err = said.both("import", kind, file(written, f"{kind}.{form}"), "--collaboration", "elsewhere", *_words(kind))
        report: dict[str, Any] = json.loads(out)
        assert (report["refused"], err) == (0, ""), kind
        again = said("export", kind, "--collaboration", "elsewhere", "--format", form)
        assert _lasting(again, kind) == _lasting(written, kind), kind


def _lasting(text: str, kind: str) -> str:
    """What a message or a story is elsewhere, is for the people there to decide: how far its handling came stays at home."""
    return text.replace("acknowledged", "received") if kind == "feedback" else text
