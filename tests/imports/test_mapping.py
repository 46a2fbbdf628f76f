"""Maps: what is refused in one, by its place in the file; then what each part of one does with a row."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from service.errors import FieldError, Invalid
from service.imports.kinds import KINDS
from service.imports.mapping import SHIPPED, Map, flat, read_map
from service.settings import ROOT

FIELDS = ("code", "name", "kind", "period", "period_label", "value")
PREFIXES = ("dimension.",)


def told(tmp_path: Path, text: str | bytes) -> str:
    """What is said of a map that is refused."""
    path = tmp_path / "map.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Invalid) as refused:
        read_map(path, "things", FIELDS, PREFIXES)
    return refused.value.detail


def read(tmp_path: Path, text: str) -> Map:
    path = tmp_path / "map.toml"
    path.write_text(f'kind = "things"\n{text}')
    return read_map(path, "things", FIELDS, PREFIXES)


def records(tmp_path: Path, text: str, **row: Any) -> list[Any]:
    return list(read(tmp_path, text).records(row))


# ---- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kind = ", "is not valid TOML"),
        ("kind = 'things'\nabout = x\nsource = 'y'", "line 2"),
        (b"kind = '\xff'", "is not UTF-8"),
        ("", "kind: This is needed."),
        ("kind = 'others'", "is a map for others, not for things."),
        ("kind = 'things'\ncolums = {}", "colums: There is no such field here."),
        ("kind = 'things'\n[columns]\ncode = 7", "columns.code: This must be text."),
        ("kind = 'things'\n[columns]\ncolour = 'C'", "[columns] colour: things have no such field. They have: code, kind,"),
        ("kind = 'things'\n[constants]\ncolour = 'C'", "[constants] colour: things have no such field."),
        ("kind = 'things'\n[values.colour]\na = 'b'", "[values] colour: things have no such field."),
        ("kind = 'things'\n[[records]]\ncolumns = {colour = 'C'}", "[records] colour: things have no such field."),
        ("kind = 'things'\n[lookup]\nby = 'A'\n[lookup.rows]\na = {colour = 'C'}", "[lookup.rows] colour: things have no such field."),
        ("kind = 'things'\n[columns]\ncode = '{A'", "[columns] code has a brace without its partner."),
        ("kind = 'things'\n[columns]\ncode = '{}'", "[columns] code has a brace without its partner."),
        ("kind = 'things'\n[columns]\ncode = '{{A}}'", "[columns] code names no column."),
        ("kind = 'things'\n[lookup]\nby = '{A'\nrows = {}", "[lookup] by has a brace without its partner."),
        ("kind = 'things'\n[patterns.name]\n'(a' = 'b'", "[patterns.name] '(a' is not a regular expression that can be read"),
        ("kind = 'things'\n[periods]\n'(a' = 'b'", "[periods] '(a' is not a regular expression that can be read"),
        ("kind = 'things'\n[periods]\n'(a)' = '\\2'", "[periods] '(a)' has no group 2"),
        ("kind = 'things'\n[periods]\n'(a)' = '\\g<year>'", "[periods] '(a)' has no group year"),
        ("kind = 'things'\n[periods]\n'(a)' = '\\q'", "backslash that names no group"),
        ("kind = 'things'\n[periods]\na = 'b'\n[patterns.period]\na = 'b'", "[patterns.period] is what [periods] is for"),
        ("kind = 'things'\n[[refuse]]\ncolumn = 'A'\nvalue = 'x'", "refuse.0.reason: This is needed."),
    ],
)
def test_fault_of_a_map_is_named_with_its_place(tmp_path: Path, text: str | bytes, words: str) -> None:
    sentence = told(tmp_path, text)
    assert sentence.startswith("map.toml") and words in sentence


# ---- what each part does ---------------------------------------------------------------------------------------------


def test_column_a_template_and_a_constant(tmp_path: Path) -> None:
    text = "[columns]\ncode = 'A'\nname = '{A} of {B}, {{so}}'\n[constants]\nkind = 'x'\nvalue = 1.5"
    assert records(tmp_path, text, A="1", B="2") == [{"code": "1", "name": "1 of 2, {so}", "kind": "x", "value": "1.5"}]


def test_template_is_empty_where_all_its_columns_are(tmp_path: Path) -> None:
    text = "[columns]\ncode = '{A}-12-31'\nname = '{A} {B}'"
    assert records(tmp_path, text, A="", B="2") == [{"code": "", "name": " 2"}]


def test_values_come_before_patterns_and_both_before_the_rest(tmp_path: Path) -> None:
    text = (
        "[columns]\ncode = 'A'\n[values.code]\nx1 = 'first'\n[patterns.code]\n'x(\\d)' = 'second \\1'\n'x.*' = 'third'\n"
        "[otherwise]\ncode = 'rest'"
    )
    assert [records(tmp_path, text, A=word)[0]["code"] for word in ("x1", "x2", "xy", "y", "")] == [
        "first",
        "second 2",
        "third",
        "rest",
        "",
    ]


def test_what_no_translation_knows_stays_as_it_is(tmp_path: Path) -> None:
    assert records(tmp_path, "[columns]\ncode = 'A'\n[values.code]\nx = 'y'", A="z") == [{"code": "z"}]


def test_pattern_must_fit_the_whole_text(tmp_path: Path) -> None:
    assert records(tmp_path, "[columns]\ncode = 'A'\n[patterns.code]\nx = 'y'", A="xx") == [{"code": "xx"}]


def test_words_of_the_source_stay_with_a_period_that_was_translated(tmp_path: Path) -> None:
    text = "[columns]\nperiod = 'When'\n[periods]\n'Q(\\d) (\\d{4})' = '\\2-Q\\1'"
    assert records(tmp_path, text, When="Q1 2026") == [{"period": "2026-Q1", "period_label": "Q1 2026"}]
    assert records(tmp_path, text, When="2026") == [{"period": "2026"}]


def test_words_of_the_source_do_not_push_a_label_aside(tmp_path: Path) -> None:
    text = "[columns]\nperiod = 'When'\nperiod_label = 'Label'\n[periods]\n'Q(\\d) (\\d{4})' = '\\2-Q\\1'"
    assert records(tmp_path, text, When="Q1 2026", Label="Spring") == [{"period": "2026-Q1", "period_label": "Spring"}]


def test_lookup_gives_several_fields_and_a_column_wins(tmp_path: Path) -> None:
    text = "[columns]\nname = 'N'\n[lookup]\nby = '{A}/{B}'\n[lookup.rows]\n'1/2' = {code = 'c', name = 'n', value = 3}"
    assert records(tmp_path, text, A="1", B="2", N="mine") == [{"code": "c", "name": "mine", "value": "3"}]
    assert records(tmp_path, text, A="9", B="2", N="mine") == [FieldError("A", "The map's lookup table does not know this.")]


def test_refused_row_gives_the_reason_of_the_map(tmp_path: Path) -> None:
    text = "[columns]\ncode = 'A'\n[[refuse]]\ncolumn = 'A'\nvalue = ''\nreason = 'It has no name.'"
    assert records(tmp_path, text, A="") == [FieldError("A", "It has no name.")]
    assert records(tmp_path, text, A="x") == [{"code": "x"}]


def test_row_makes_a_record_for_each_column_that_is_filled(tmp_path: Path) -> None:
    text = (
        "[columns]\nname = 'Who'\n"
        "[[records]]\ncolumns = {code = '{Id}-1', value = 'Good'}\nconstants = {kind = 'good'}\nif_given = ['Good']\n"
        "[[records]]\ncolumns = {code = '{Id}-2', value = 'Bad'}\nconstants = {kind = 'bad'}\nif_given = ['Bad']\n"
    )
    both = records(tmp_path, text, Id="7", Who="Ann", Good="tea", Bad="rain")
    assert both == [
        {"name": "Ann", "code": "7-1", "value": "tea", "kind": "good"},
        {"name": "Ann", "code": "7-2", "value": "rain", "kind": "bad"},
    ]
    assert [one["kind"] for one in records(tmp_path, text, Id="7", Who="Ann", Good="", Bad="rain")] == ["bad"]
    [refused] = records(tmp_path, text, Id="7", Who="Ann", Good="", Bad="")
    assert isinstance(refused, FieldError) and "none of the columns filled" in refused.message


def test_json_in_a_cell_becomes_columns(tmp_path: Path) -> None:
    text = "json_columns = ['Extra']\n[columns]\ncode = 'A'\n'dimension.sex' = 'Extra.sex'"
    assert records(tmp_path, text, A="1", Extra='{"sex": "female", "n": 1}') == [{"code": "1", "dimension.sex": "female"}]
    assert records(tmp_path, text, A="1", Extra="") == [{"code": "1", "dimension.sex": ""}]
    assert records(tmp_path, text, A="1", Extra="{") == [FieldError("Extra", "This cell does not hold JSON.")]


def test_columns_that_a_file_lacks_are_named(tmp_path: Path) -> None:
    found = read(
        tmp_path, "json_columns = ['X']\n[columns]\ncode = '{A} {B}'\nname = 'X.inner'\n[[refuse]]\ncolumn = 'C'\nvalue = ''\nreason = 'r'"
    )
    assert found.missing_in(["A", "X"]) == ["B", "C"]
    assert found.forgets(["code", "name", "kind"]) == ["kind"]


def test_object_lies_flat_as_text() -> None:
    row = {"a": {"b": {"c": 1.0}}, "l": [1, True, None], "n": None, "t": " x ", "deep": [{"a": 1}], "f": 0.1}
    assert flat(row) == {"a.b.c": "1", "l": "1;true;", "n": "", "t": "x", "deep": '[{"a": 1}]', "f": "0.1"}


def test_map_that_the_handbook_explains_is_the_one_that_is_tested() -> None:
    text = (ROOT / "docs" / "imports.md").read_text("utf-8")
    shown = text.partition("```toml\n")[2].partition("```")[0]
    assert tomllib.loads(shown) == tomllib.loads((ROOT / "tests" / "data" / "swims.toml").read_text("utf-8"))


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_map_that_comes_with_the_service_fits_its_kind(path: Path) -> None:
    name = next(line.partition('"')[2].rstrip('"') for line in path.read_text("utf-8").splitlines() if line.startswith("kind"))
    kind = KINDS[name]
    found = read_map(path, name, kind.fields, kind.prefixes)
    assert found.forgets(kind.needs) == []
    assert kind.sourced is None or found.source
