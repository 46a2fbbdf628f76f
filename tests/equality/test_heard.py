"""A bit about you: sums that nobody can join to a message, once however often a page is sent, and shown as people are."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select, text
from sqlmodel import SQLModel
from starlette.testclient import TestClient

from service.database import Database
from service.equality.actions import count_answers
from service.equality.models import ANSWERS, Question
from service.equality.queries import find_heard
from service.equality.rules import closed_months
from service.places.queries import PlaceCard
from tests.make import MONDAY, Make, SettableClock

ASK = "/hillside/about-you"


def turn_in(client: TestClient) -> str:
    [field] = LexborHTMLParser(client.get(ASK).text).css("input[name=turn]")
    return field.attributes["value"] or ""


def sums(database: Database) -> set[tuple[Any, ...]]:
    table = SQLModel.metadata.tables["equality_count"]
    with database.read() as reads:
        return {tuple(row) for row in reads.execute(select(*(table.c[name] for name in ("month", "question", "answer", "count"))))}


@pytest.mark.usefixtures("hillside")
def test_page_asks_apart_from_every_message_and_needs_no_answer(visitor: TestClient) -> None:
    answer = visitor.get(ASK)
    page = LexborHTMLParser(answer.text)
    assert answer.headers["cache-control"] == "no-store" and not visitor.cookies
    assert {node.attributes["name"] for node in page.css("form[method=post] input")} == {*Question, "turn"}
    for question in Question:
        offered = [node.attributes["value"] for node in page.css(f"input[name={question}]")]
        assert offered == [*ANSWERS[question], ""] and page.css(f"input[name={question}][checked]")[0].attributes["value"] == ""
    assert "No one can join them up." in page.css("main")[0].text()


@pytest.mark.usefixtures("hillside")
def test_two_taps_add_one_and_nothing_is_kept_of_who_or_when(visitor: TestClient, database: Database) -> None:
    turn = turn_in(visitor)
    for _tap in range(2):
        answer = visitor.post(ASK, data={"age": "25_44", "caring": "yes", "sex": "", "turn": turn})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{ASK}/thanks")
    assert sums(database) == {("2026-11", "age", "25_44", 1), ("2026-11", "caring", "yes", 1)}
    with database.read() as reads:
        [used] = reads.execute(select(SQLModel.metadata.tables["equality_turn"])).all()
        assert used.month_began_at.isoformat() == "2026-11-01T00:00:00+00:00" and turn.replace("-", "") not in str(used)
        told = reads.execute(select(SQLModel.metadata.tables["journal_entry"])).all()
    assert not [row for row in told if "equality" in str(row)]
    visitor.post(ASK, data={"age": "25_44", "turn": turn_in(visitor)})
    assert ("2026-11", "age", "25_44", 2) in sums(database)


@pytest.mark.usefixtures("hillside")
def test_rather_not_and_nonsense_are_counted_nowhere(visitor: TestClient, database: Database) -> None:
    for said in ({}, {"age": ""}, {"age": "200"}, {"age": "25_44 "}):
        assert visitor.post(ASK, data={**said, "turn": turn_in(visitor)}).status_code == 303
    assert visitor.post(ASK, data={"age": "25_44"}).status_code == 422
    assert visitor.post(ASK, data={"age": "25_44", "turn": "x"}).status_code == 422
    assert sums(database) == set()


def test_no_table_of_it_knows_a_message_or_keeps_an_order(database: Database) -> None:
    tables = [table for name, table in SQLModel.metadata.tables.items() if name.startswith("equality_")]
    assert len(tables) == 2
    for table in tables:
        assert {key.column.table.name for key in table.foreign_keys} == {"collaboration"}
        assert not {"feedback_id", "id", "area_id", "at", "received_at"} & set(table.columns.keys())
    with database.read() as reads:
        if database.is_sqlite:
            made = reads.execute(text("select sql from sqlite_master where name = 'equality_turn'")).scalar_one()
            assert "WITHOUT ROWID" in made


def test_months_are_closed_ones() -> None:
    assert closed_months(MONDAY.date())[0] == "2025-11" and closed_months(MONDAY.date())[-1] == "2026-10"


@pytest.fixture
def say(make: Make, hillside: PlaceCard, clock: SettableClock) -> Callable[..., None]:
    """So many people give these answers in October."""

    def many(number: int, **given: str) -> None:
        now = clock.at("2026-10-15T10:00Z")
        with make.database.write() as writes:
            for _one in range(number):
                assert count_answers(writes, hillside, uuid4(), {Question(name): one for name, one in given.items()}, now)
        clock.at(MONDAY)

    return many


def test_what_is_shown_follows_the_rule_for_people(say: Callable[..., None], make: Make, hillside: PlaceCard, visitor: TestClient) -> None:
    say(13, sex="female")
    say(7, sex="male")
    say(7, age="under_16")
    say(12, caring="yes")
    say(8, caring="no")
    with make.database.read() as reads:
        shown = {one.question: one for one in find_heard(reads, hillside, MONDAY.date()).questions}
    sex = {one.answer: (one.count.value, one.share.value) for one in shown[Question.SEX].groups}
    assert sex == {"female": (15, None), "male": (None, None)} and shown[Question.SEX].answered.value == 20
    assert shown[Question.AGE].answered.suppressed
    caring = {one.answer: (one.count.value, one.share.value) for one in shown[Question.CARING].groups}
    assert caring == {"yes": (10, 50), "no": (10, 50)}
    words = " ".join(LexborHTMLParser(visitor.get("/hillside/heard").text).css("main")[0].text().split())
    assert "Female 15" in words and "Male Too few to show safely" in words and "13" not in words
    assert "October 2026" in words


def test_this_month_is_not_shown_before_it_is_over(make: Make, hillside: PlaceCard, clock: SettableClock) -> None:
    with make.database.write() as writes:
        for _one in range(20):
            count_answers(writes, hillside, uuid4(), {Question.SEX: "female"}, clock())
    with make.database.read() as reads:
        assert all(one.answered.value == 0 for one in find_heard(reads, hillside, MONDAY.date()).questions)
