"""Files: what is said of one that cannot be read, then what each form becomes."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from service.errors import FieldError, Invalid
from service.imports.reading import CHUNK, Form, open_source


def written(tmp_path: Path, content: bytes, name: str = "file.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def rows(path: Path) -> list[Any]:
    return list(open_source(path).rows(lambda _position: None))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty."),
        (b" \n\n", "is empty."),
        (b"a;b\n1;2\n", "parts its columns with semicolons. Save it with commas."),
        (b"a\tb\n1\t2\n", "parts its columns with tabs."),
        (b"a,,c\n1,2,3\n", "has no name over column 2."),
        (b"a,b,a\n1,2,3\n", "has two columns called a."),
        (b"a,b\n\xff,2\n", "is not UTF-8."),
        ("a,b\n1,2\n".encode("utf-16"), "is not UTF-8."),
        (b'a,b\n1,"2\n', "cannot be read as CSV from line"),
        (b'a,b\n1,"2"x\n', "cannot be read as CSV from line 2 on"),
        (gzip.compress(b"a,b\n1,2\n" * 999, mtime=0)[:-9], "is damaged, or broke off"),
        (b"\x1f\x8b nothing", "is damaged, or broke off"),
        (b"[{}", "is not a valid JSON list of objects."),
        (b"[{} {}]", "is not a valid JSON list of objects."),
        (b"[{}] x", "is not a valid JSON list of objects."),
        (b"[,]", "is not a valid JSON list of objects."),
        (b'{"a": 1}', "is neither a GeoJSON collection of features nor a JSON list of objects."),
        (b'{"features": 7}', "is neither a GeoJSON collection"),
        (b"{", "is neither a GeoJSON collection"),
    ],
)
def test_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(Invalid) as refused:
        rows(path)
    assert refused.value.detail.startswith("file.csv ") and words in refused.value.detail


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_csv_with_and_without_its_mark(tmp_path: Path, start: bytes, end: bytes) -> None:
    content = start + end.join([b"a, b ", b' x ,"y, ""z"""', b"", b",", b"1,2"])
    assert rows(written(tmp_path, content)) == [{"a": "x", "b": 'y, "z"'}, {"a": "1", "b": "2"}]


def test_line_of_another_length_is_refused_alone(tmp_path: Path) -> None:
    assert rows(written(tmp_path, b"a,b\n1\n1,2\n1,2,3\n")) == [
        FieldError("row", "This row has 1 cells, the header has 2."),
        {"a": "1", "b": "2"},
        FieldError("row", "This row has 3 cells, the header has 2."),
    ]


def test_zipped_file_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    assert rows(written(tmp_path, gzip.compress(b"a\n\xc3\xa9\n"), "file")) == [{"a": "é"}]


def test_header_without_rows_has_none(tmp_path: Path) -> None:
    source = open_source(written(tmp_path, b"a,b\n"))
    assert (source.columns, list(source.rows(lambda _position: None))) == (("a", "b"), [])


def test_json_list_is_read_element_by_element(tmp_path: Path) -> None:
    long = "é" * CHUNK
    path = written(tmp_path, f' [ {{"a": 1, "b": {{"c": [1, 2]}}}} , 7,\n{{"a": "{long}"}}, {{"a": 1, "a": 2}}, {{"a": NaN}} ] \n'.encode())
    found = rows(path)
    assert found[0] == {"a": 1, "b": {"c": [1, 2]}}
    assert found[1] == FieldError("row", "This is not an object with fields.")
    assert found[2] == {"a": long}
    assert [type(one) for one in found[3:]] == [FieldError, FieldError], "what programs read differently is refused"
    assert rows(written(tmp_path, b"[]")) == []


def test_json_list_longer_than_what_is_read_at_once(tmp_path: Path) -> None:
    content = "[" + ",".join(f'{{"n": {number}, "t": "[]{{}},"}}' for number in range(9_999)) + "]"
    assert [row["n"] for row in rows(written(tmp_path, content.encode()))] == list(range(9_999))


def test_feature_has_its_properties_and_its_shape(tmp_path: Path) -> None:
    point = b'{"type": "Point", "coordinates": [1, 2], "crs": 7}'
    content = b'{"type": "FeatureCollection", "features": [{"properties": {"a": "x"}, "geometry": %s}, {"properties": null}, 7]}' % point
    source = open_source(written(tmp_path, content))
    assert source.form == Form.GEOJSON
    assert list(source.rows(lambda _position: None)) == [
        {"a": "x", "shape": {"type": "Point", "coordinates": [1, 2]}},
        {"shape": None},
        FieldError("row", "This is not a GeoJSON feature."),
    ]


def test_how_far_it_was_read_is_told(tmp_path: Path) -> None:
    told: list[int] = []
    path = written(tmp_path, b"a\n" + b"x\n" * 200_000)
    assert len(list(open_source(path).rows(told.append))) == 200_000
    assert told == sorted(told) and told[-1] == path.stat().st_size
