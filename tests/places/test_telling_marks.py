"""Texts that could tell who somebody is: a seeded corpus of numbers and dates in all their spellings, and texts that tell nothing."""

import random
from collections.abc import Callable, Iterator
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.example import stories, tales, words_apart, words_care, words_homes, words_life, words_paths
from service.telling_marks import LOOKS_LIKE, Mark, find_marks, is_nhs_number, pieces

YEAR = 2026
AROUND = ("{}", "I rang {} and nobody came.", "It was {}, she said", "({})", "Details: {}.", "he gave me {} again; I wrote it down\nTwice.")
DIGITS = "0123456789"
MONTHS = "January February March April May June July August September October November December".split()

Write = Callable[[random.Random], Iterator[str]]


def figures(dice: random.Random, count: int, first: str = DIGITS) -> str:
    return dice.choice(first) + "".join(dice.choices(DIGITS, k=count - 1))


def in_groups(number: str, *lengths: int, between: str = " ") -> str:
    parts, at = [], 0
    for length in lengths:
        parts.append(number[at : at + length])
        at += length
    return between.join([*parts, number[at:]] if at < len(number) else parts)


def nhs_numbers(dice: random.Random) -> Iterator[str]:
    number = figures(dice, 10, "4679")
    while not is_nhs_number(number):
        number = figures(dice, 10, "4679")
    yield number
    yield from (in_groups(number, 3, 3, 4, between=between) for between in (" ", "-", "."))
    wrong = number[:9] + str((int(number[9]) + 1) % 10)
    yield from (f"NHS number {wrong}", f"nhs no. {in_groups(wrong, 3, 3, 4)}", f"NHS: {number}")


def ni_numbers(dice: random.Random) -> Iterator[str]:
    letters = dice.choice("ABCEGHJLMPRSTWXY") + dice.choice("ABCEHJLMPRSWXY") + figures(dice, 6) + dice.choice("ABCD")
    yield from (
        letters,
        letters.lower(),
        in_groups(letters, 2, 2, 2, 2, 1),
        in_groups(letters, 2, 6, 1),
        in_groups(letters, 2, 2, 2, 2, 1, between="-"),
    )


def phones(dice: random.Random) -> Iterator[str]:
    mobile, far, near = f"07{figures(dice, 9)}", f"0{figures(dice, 10, '123')}", f"020{figures(dice, 8, '3789')}"
    yield from (mobile, in_groups(mobile, 5, 6), in_groups(mobile, 5, 3, 3), in_groups(mobile, 4, 3, 4, between="-"), mobile[1:])
    yield from (f"+44{mobile[1:]}", f"+44 {in_groups(mobile[1:], 4, 6)}", f"0044 {mobile[1:]}", f"+44 (0){in_groups(mobile[1:], 4, 6)}")
    yield from (
        in_groups(far, 5, 6),
        f"({far[:5]}) {far[5:]}",
        in_groups(far, 4, 3, 4),
        in_groups(near, 3, 4, 4),
        f"({near[:3]}) {in_groups(near[3:], 4, 4)}",
    )
    yield from (" ".join(mobile), f"+48 {in_groups(figures(dice, 9, '5678'), 3, 3, 3)}", f"+92 {figures(dice, 10, '3')}")


def postcodes(dice: random.Random) -> Iterator[str]:
    inward = figures(dice, 1) + dice.choice("ABDEFGHJLNPQRSTUWXYZ") + dice.choice("ABDEFGHJLNPQRSTUWXYZ")
    for outward in (
        f"{dice.choice('BEGLMNSW')}{figures(dice, 1, '123456789')}",
        f"LL{figures(dice, 2, '123')}",
        "SW1A",
        "W1T",
        f"CF{figures(dice, 1, '3589')}",
    ):
        yield from (f"{outward} {inward}", f"{outward}{inward}", f"{outward} {inward}".lower())


def emails(dice: random.Random) -> Iterator[str]:
    name, place = "".join(dice.choices("abcdefghij", k=6)), dice.choice(["example.org", "mail.example.co.uk", "example.cymru"])
    yield from (
        f"{name}@{place}",
        f"{name}.{name}+{figures(dice, 2)}@{place}",
        f"{name.title()}@{place.upper()}",
        f"{name} at example dot org",
        f"{name} (at) example.com",
    )


def birth_dates(dice: random.Random) -> Iterator[str]:
    day, month, year = dice.randint(1, 28), dice.randint(1, 12), dice.randint(1925, YEAR - 2)
    name = MONTHS[month - 1]
    yield from (f"{day}{between}{month}{between}{year}" for between in ("/", ".", "-", " / "))
    yield from (f"{day:02}/{month:02}/{year}", f"{year}-{month:02}-{day:02}", f"{day} {name} {year}", f"{day}th of {name}, {year}")
    yield from (f"{name} {day}, {year}", f"{day} {name[:3]} {year}", f"{day}/{month}/{dice.randint(30, 99)}")
    yield from (f"born {day} {name} {YEAR}", f"DOB: {day}/{month}/{YEAR}", f"date of birth is {day}.{month}.{YEAR % 100}")


CORPUS: dict[Mark, Write] = {
    Mark.NHS_NUMBER: nhs_numbers,
    Mark.NI_NUMBER: ni_numbers,
    Mark.PHONE: phones,
    Mark.POSTCODE: postcodes,
    Mark.EMAIL: emails,
    Mark.BIRTH_DATE: birth_dates,
}


def corpus(mark: Mark, seed: int = 4, rounds: int = 40) -> list[tuple[str, str]]:
    """Texts with the one thing that each of them holds."""
    dice = random.Random(f"{seed}{mark}")  # noqa: S311 (a corpus, the same every time)
    return [(around.format(thing), thing) for _round in range(rounds) for thing in CORPUS[mark](dice) for around in AROUND]


def covers(text: str, thing: str) -> bool:
    """Whether it was found. A number may be taken for another kind of number: it is a warning all the same."""
    inside = text.index(thing) + len(thing) - 2
    return any(found.start <= inside < found.end for found in find_marks(text, YEAR))


@pytest.mark.parametrize("mark", CORPUS)
def test_almost_every_number_address_and_date_is_found(mark: Mark) -> None:
    texts = corpus(mark)
    missed = [thing for text, thing in texts if not covers(text, thing)]
    assert len(texts) > 1_000
    assert 1 - len(missed) / len(texts) >= 0.95, sorted(set(missed))[:10]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I saw Mrs Patel on Tuesday.", "Mrs Patel"),
        ("mr smith would not open the door", "mr smith"),
        ("Cllr O\u2019Neill came along.", "Cllr O\u2019Neill"),
        ("We met Nurse Adeyemi there.", "Nurse Adeyemi"),
        ("A lad called Kofi mended it.", "called Kofi"),
        ("Her name is Blodwen Pugh, she said.", "name is Blodwen Pugh"),
        ("Mohammed cannot get to the surgery.", "Mohammed"),
        ("I asked Margaret's neighbour.", "Margaret"),
        ("Siân was not there, but Angharad Rees was.", "Angharad Rees"),
    ],
)
def test_names_are_found_where_a_rule_can_know_them(text: str, name: str) -> None:
    assert name in [text[found.start : found.end] for found in find_marks(text, YEAR) if found.mark == Mark.NAME]


def test_names_of_places_and_days_are_nobody_s() -> None:
    for text in (
        "The bench on Victoria Road has gone.",
        "They meet at St Mary's Church and in James Street.",
        "It is called Universal Credit.",
        "The group named Monday Club meets in the Albert Hall.",
        "On 3 November 2026 the bus left at 10.30 with 12 people, 45 of 60 seats.",
        "Line 7 of form UC50 says so; the rule is in section 117.",
    ):
        assert find_marks(text, YEAR) == [], text
    assert find_marks("Margaret House is shut.", YEAR, known=["Margaret House"]) == []
    assert find_marks("The Florence Centre is shut.", YEAR) and not find_marks("The Florence Centre is shut.", YEAR, ["Florence Centre"])


def words_of_the_example() -> Iterator[str]:
    """Every sentence that the example's residents and staff say: nobody is named there."""
    for module in (stories, tales, words_apart, words_care, words_homes, words_life, words_paths):
        waiting: list[object] = [value for name, value in vars(module).items() if name.isupper()]
        while waiting:
            value = waiting.pop()
            if isinstance(value, str) and len(value) > 40:
                yield value
            elif isinstance(value, dict):
                waiting += value.values()
            elif isinstance(value, list | tuple):
                waiting += value
            elif hasattr(value, "__dataclass_fields__"):
                waiting += [getattr(value, name) for name in value.__dataclass_fields__]


def test_ordinary_words_seldom_warn() -> None:
    texts = [*words_of_the_example()]
    warned = [text for text in texts if find_marks(text, YEAR)]
    assert len(texts) > 200
    assert len(warned) / len(texts) <= 0.02, warned[:5]


def test_look_alikes_of_digits_and_dashes_are_read() -> None:
    for text in ("٠٧٧٠٠ ٩٠٠١٢٣", "\uff10\uff17\uff17\uff10\uff10 900123", "07700\u2011900\u2011123", "07700\u00a0900\u200b123"):
        assert [found.mark for found in find_marks(text, YEAR)] == [Mark.PHONE]


def test_check_digit_tells_an_nhs_number_from_other_ten_digits() -> None:
    assert is_nhs_number("9434765919") and not is_nhs_number("9434765918")
    assert find_marks("Order 9434765918 came.", YEAR) == []


@given(
    st.lists(
        st.sampled_from(["07700 900123", "Mrs Patel", "B29 7HG", "a@b.org", "the ", "3/5/54", "\u200b", "é", "Q"]) | st.text(max_size=8)
    )
)
def test_pieces_are_the_text_and_nothing_overlaps(parts: list[str]) -> None:
    text = "".join(parts)
    found = find_marks(text, YEAR)
    assert "".join(piece for piece, _mark in pieces(text, found)) == text
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(0 <= one.start < one.end <= len(text) for one in found)


def test_long_and_odd_texts_take_no_time() -> None:
    for unit, length in product(("0", "A1 ", "a@", "7 0-", "Mr ", "Anna "), (5_000,)):
        find_marks((unit * length)[:length], YEAR)


def test_every_kind_has_words() -> None:
    assert LOOKS_LIKE.keys() == set(Mark)
