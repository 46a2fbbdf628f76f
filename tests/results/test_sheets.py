"""Cells of CSV: safe in a spreadsheet, and read back as they were."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cells import number_text, safe, text_of, unsafe
from service.results.sheets import read_line

TEXTS = st.one_of(st.text(max_size=12), st.from_regex(r"'{0,3}[=+@\t\r-]?.{0,4}", fullmatch=True))


@given(TEXTS)
def test_safe_text_is_no_formula_and_reads_back(text: str) -> None:
    assert unsafe(safe(text)) == text
    assert safe(text)[:1] not in tuple("=+-@\t\r")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_reads_back_to_the_same_64_bits(value: float) -> None:
    read = read_line({"value": number_text(value)})["value"]
    assert (read, str(read)) == (value, str(value))


@given(st.lists(st.lists(TEXTS.filter(lambda text: "\x00" not in text), min_size=2, max_size=3), max_size=4))
def test_lines_read_back(lines: list[list[str]]) -> None:
    assert [*csv.reader(StringIO(text_of(lines), newline=""))] == lines


def test_line_is_read_as_json_would_have_it() -> None:
    cells = {
        "indicator": " damp ",
        "area": "",
        "value": "-1.50",
        "provisional": "TRUE",
        "dimension.sex": "f",
        "dimension.age": "",
        "comment": "'=1",
    }
    assert read_line(cells) == {"indicator": "damp", "value": -1.5, "provisional": True, "dimension": {"sex": "f"}, "comment": "=1"}


@pytest.mark.parametrize("text", ["1,5", "1 000", "1_000", "nan", "inf", "0x10", "1e", ".", "ten", "١"])
def test_what_is_no_number_stays_text(text: str) -> None:
    assert read_line({"value": text}) == {"value": text}
