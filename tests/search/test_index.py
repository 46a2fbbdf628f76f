"""The index finds what a plain reading of every text finds, on both databases, and holds nothing that was taken back."""

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, select, update

from service.database import Database, ReadSession
from service.feedback.actions import withdraw
from service.feedback.models import Feedback
from service.findable import Kind, add, holds, put, search_words, take_out
from service.folding import asked, fold
from service.places.queries import PlaceCard
from service.search import sources
from service.search.sources import differences, is_current, mend, rebuild
from tests.make import Make

WORDS = (
    "bench bus surgery library it's co-op tŷ café mainc fainc meddygfa feddygfa ysgol Caerdydd Nghaerdydd mae wedi ddim "
    "yn eisiau ہسپتال بنچ کوئی "
    "Łódź 07700 2026-11-22 a b ab abc abcd min bin minute AND OR NOT NEAR near not and or"
).split()
SIGNS = [
    "'",
    '"',
    "*",
    ":",
    "(",
    ")",
    "-",
    "+",
    "^",
    "{",
    "}",
    "\x00",
    "\\",
    "%",
    "_",
    "&",
    "|",
    "!",
    "<->",
    ";",
    "--",
    "\ue001",
    "\ud800",
    "💺",
]


def thing(place: PlaceCard, body: str, language: str | None = None) -> Any:
    """A message as far as the index looks at it."""
    return SimpleNamespace(collaboration_id=place.id, id=uuid4(), body=body, want=None, have=None, gap=None, language=language)


def found(reads: ReadSession, place: PlaceCard, question: str, kind: Kind = Kind.MESSAGE) -> set[UUID]:
    index = search_words.c
    return set(reads.execute(select(index.thing).where(holds(index.thing, place.id, kind, question))).scalars())


def answers(text: str, language: str | None, question: str) -> bool:
    """Read plainly, without any index."""
    words = fold([text], language).split()
    wanted = asked(question)
    return bool(wanted) and all(any(all(word.is_in(words) for word in way) for way in either) for either in wanted)


def test_index_finds_what_a_plain_reading_finds(make: Make, hillside: PlaceCard) -> None:
    chance = random.Random(4)  # noqa: S311
    riverbank = make.collaboration("riverbank")
    texts = [" ".join(chance.choices(WORDS, k=chance.randint(1, 9))) for _text in range(150)]
    things = [thing(hillside, text, chance.choice([None, "en", "cy"])) for text in texts]
    with make.database.write() as writes:
        add(writes, Kind.MESSAGE, things)
        add(writes, Kind.MESSAGE, [thing(riverbank, text) for text in texts])
        add(writes, Kind.STORY, [SimpleNamespace(**vars(thing(hillside, text)), title=None, barrier=None) for text in texts[:20]])
    with make.database.read() as reads:
        hits = 0
        for _question in range(250):
            question = " ".join(chance.choices(WORDS, k=chance.randint(1, 3)))[: chance.randint(1, 14)]
            expected = {one.id for one in things if answers(one.body, one.language, question)}
            assert found(reads, hillside, question) == expected, question
            hits += len(expected)
    assert hits > 1_000, "questions that find nothing prove nothing"


def test_whatever_is_typed_is_only_words(make: Make, hillside: PlaceCard) -> None:
    chance = random.Random(7)  # noqa: S311
    bench = thing(hillside, "A bench near the surgery, and not a bus.")
    with make.database.write() as writes:
        add(writes, Kind.MESSAGE, [bench])
    with make.database.read() as reads:
        for _question in range(300):
            pieces = [
                chance.choice([*SIGNS, "bench", "NEAR", "near(a b)", "AND", "NOT bus", "words:bench", "rank MATCH 'x'"]) for _n in range(5)
            ]
            question = chance.choice(["", " "]).join(pieces)
            assert found(reads, hillside, question) == ({bench.id} if answers(bench.body, None, question) else set()), repr(question)
        for endless in ("x" * 100_000, "bench " * 20_000, '"' * 100_000, "(" * 100_000, "\u0301" * 100_000, "\ufdfa" * 100_000):
            assert found(reads, hillside, endless) == ({bench.id} if endless.startswith("bench") else set())
        assert found(reads, hillside, "bench* NEAR/2 surgery") == set(), "2 is a word like any other"
        assert found(reads, hillside, "\ue002" + hillside.id.hex) == set(), "no mark of the index can be asked for"


def test_changed_words_are_found_in_the_place_of_the_old_ones(hillside: PlaceCard, database: Database) -> None:
    bench, bus = thing(hillside, "A bench."), thing(hillside, "A bus.")
    with database.write() as writes:
        add(writes, Kind.MESSAGE, [bench, bus])
        bench.body = "A shelter."
        put(writes, Kind.MESSAGE, bench)
        assert (found(writes, hillside, "bench"), found(writes, hillside, "shelter")) == (set(), {bench.id})
        take_out(writes, hillside.id, bench.id)
        assert (found(writes, hillside, "shelter"), found(writes, hillside, "bus")) == (set(), {bus.id})


@pytest.mark.parametrize("kind", ["sqlite"])
def test_words_that_were_taken_back_are_in_no_file(make: Make, hillside: PlaceCard, database: Database, tmp_path: Path) -> None:
    for number in range(60):
        make.message(hillside, f"canarywort number{number} ordinary words about the bench and the bus")
    sent = [make.message(hillside, f"Zebrafish{number} canaryword", want="Mae eisiau quokka wedi") for number in range(3)]
    for one in sent:
        with make.database.write() as writes:
            withdraw(writes, make.keys, hillside, one.code, make.clock())
    with database.writer.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    files = b"".join(path.read_bytes() for path in tmp_path.glob("said.db*")).lower()
    assert b"canarywort" in files and b"number59" in files
    assert [word for word in (b"zebrafish", b"ebrafish", b"canaryword", b"quokka", b"uokka") if word in files] == []


# ---- compared with its sources ---------------------------------------------------------------------------------------


def test_what_differs_is_named_and_mended(make: Make, hillside: PlaceCard, database: Database) -> None:
    messages = [make.message_id(make.message(hillside, words)) for words in ("A bench.", "A bus.", "A bin.")]
    with database.write() as writes:
        assert differences(writes) == []
        writes.execute(delete(search_words).where(search_words.c.thing == messages[0]))
        writes.execute(update(Feedback).where(Feedback.id == messages[1]).values(body="A shelter."))  # type: ignore[arg-type]
        add(writes, Kind.MESSAGE, [thing(hillside, "A ghost.")])
        writes.execute(
            insert(search_words).from_select(list(search_words.c.keys()), select(search_words).where(search_words.c.thing == messages[2]))
        )
        assert len(differences(writes)) == 4
        assert mend(writes) == 4
        assert differences(writes) == []
        assert found(writes, hillside, "shelter") == {messages[1]} and found(writes, hillside, "bus") == set()


def test_index_is_made_anew_for_words_that_were_there_before(
    make: Make, hillside: PlaceCard, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "AT_ONCE", 7)
    messages = {make.message_id(make.message(hillside, f"Bench number {number}.")) for number in range(20)}
    with database.write() as writes:
        writes.execute(delete(search_words))
        assert not is_current(writes)
    assert rebuild(database.write) == 20
    with database.read() as reads:
        assert is_current(reads) and differences(reads) == [] and found(reads, hillside, "bench") == messages
    assert rebuild(database.write) == 20, "and again"
    with database.read() as reads:
        assert differences(reads) == []
