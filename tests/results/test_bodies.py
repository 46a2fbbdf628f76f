"""Bodies of batches: small ones, and large ones that are read row by row."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.batches import bodies
from service.batches.bodies import Sent, received, rows_in
from service.errors import BadRequest, Invalid
from service.results.batches import OBSERVATIONS


def read(content: bytes, pieces: int = 7) -> tuple[Sent, list[Any], str]:
    """What a body holds: as it says of itself, its rows (read twice), its digest."""

    async def stream() -> AsyncIterator[bytes]:
        size = max(len(content) // pieces, 1)
        for start in range(0, len(content), size):
            yield content[start : start + size]

    async def taken() -> tuple[Sent, list[Any], str]:
        async with received(stream()) as body:
            sent = rows_in(body, OBSERVATIONS.layout)
            first, second = list(sent.rows()), list(sent.rows())
            assert first == second
            return sent, first, body.digest

    return asyncio.run(taken())


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every body is a large one."""
    monkeypatch.setattr(bodies, "IN_MEMORY", 0)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(rows=st.lists(JSON, max_size=6), indent=st.sampled_from([None, 2]), ascii_only=st.booleans())
def test_large_body_has_the_same_rows_as_a_small_one(rows: list[Any], indent: int | None, ascii_only: bool) -> None:
    content = json.dumps({"observations": rows}, indent=indent, ensure_ascii=ascii_only).encode()
    small = read(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bodies, "IN_MEMORY", 0)
        large = read(content)
    assert small[1] == large[1] == rows
    assert small[2] == large[2]


def test_one_object_is_a_single_row() -> None:
    sent, rows, _digest = read(b'{"indicator": "damp"}')
    assert (sent.is_single, sent.is_short, rows) == (True, True, [{"indicator": "damp"}])


def test_few_rows_are_short() -> None:
    def is_short(count: int) -> bool:
        return read(json.dumps({"observations": [{}] * count}).encode())[0].is_short

    assert (is_short(0), is_short(250), is_short(251)) == (True, True, False)


BROKEN = [
    b"",
    b"{",
    b"[1, 2]",
    b'"observations"',
    b'{"observations": [1, 2}',
    b'{"observations": [1,, 2]}',
    b'{"observations": [1, ]}',
    b'{"observations": [,]}',
    b'{"observations": [1] "more": 2}',
    b'{"observations": [{"a": 1, "a": 2}]}',
    b'{"observations": [NaN]}',
    b'{"observations": ["\\ud800"]}',
    b'{"observations": ["\xff"]}',
    b'{"observations": [{"a": ]}',
    b'{"observations": [1]}}',
    b'{"observations": [1], "observations": [2]}',
    b'{"observations": [1], "more": 2}',
    b'{"more": 2, "observations": [1]}',
    b'{"observations": {"a": 1}}',
    b'{"observations": 1}',
    b'{"observations": null}',
]


@pytest.mark.parametrize("content", BROKEN)
def test_broken_body_is_refused(content: bytes) -> None:
    with pytest.raises((BadRequest, Invalid)):
        read(content)


@pytest.mark.parametrize("content", [content for content in BROKEN if content])
@pytest.mark.usefixtures("large")
def test_broken_large_body_is_refused(content: bytes) -> None:
    with pytest.raises((BadRequest, Invalid)):
        read(content)


@pytest.mark.usefixtures("large")
def test_one_enormous_row_is_refused() -> None:
    with pytest.raises(BadRequest):
        read(json.dumps({"observations": [{"comment": "x" * bodies.MOST_OF_A_ROW}]}).encode())


def test_no_row_of_a_large_body_is_held_after_it_was_read() -> None:
    """A body of some megabytes goes through a file, and its rows come one by one."""
    rows = [{"indicator": "damp", "period": f"{year:04}", "comment": "x" * 100} for year in range(1, 9_000)]
    content = json.dumps({"observations": rows}).encode()
    assert len(content) > bodies.IN_MEMORY

    async def stream() -> AsyncIterator[bytes]:
        yield content

    async def taken() -> list[Any]:
        async with received(stream()) as body:
            assert not isinstance(body.content, bytes)
            return [row for row, _expected in zip(rows_in(body, OBSERVATIONS.layout).rows(), rows, strict=True)]

    assert asyncio.run(taken()) == rows
