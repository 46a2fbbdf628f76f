"""Bodies that drip come to an end, only so many large ones come in at once, and a small one waits for none of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive

from service import arriving
from service.arriving import LARGE, Arrivals
from service.errors import TooBusy, TooSlow
from service.places.queries import PlaceCard

SMALL, HUGE = {"headers": [(b"content-length", b"20")]}, {"headers": [(b"content-length", str(LARGE + 1).encode())]}
UNSAID: dict[str, Any] = {"headers": []}


def arrives(*parts: bytes, each_after: float = 0.0, ends: bool = True) -> Receive:
    """A body that comes in these parts."""

    async def messages() -> AsyncIterator[Message]:
        for number, part in enumerate(parts, start=1):
            await asyncio.sleep(each_after)
            yield {"type": "http.request", "body": part, "more_body": number < len(parts) or not ends}
        while True:
            await asyncio.sleep(60)

    return aiter(messages()).__anext__


async def taken(arrivals: Arrivals, scope: dict[str, Any], receive: Receive) -> int:
    """Reads a body to its end; answers how long it is."""
    with arrivals.watched(scope, receive) as next_part:
        return await _length(next_part)


async def _length(receive: Receive) -> int:
    length, more = 0, True
    while more:
        message = await receive()
        length, more = length + len(message["body"]), message["more_body"]
    return length


def test_body_that_stops_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "STALL_SECONDS", 0.05)

    async def stopping() -> None:
        with Arrivals().watched(SMALL, arrives(b"half", ends=False)) as receive:
            with pytest.raises(TooSlow):
                await _length(receive)
            with pytest.raises(TooSlow):  # at once: whoever looks again for what was typed waits no second time
                await asyncio.wait_for(receive(), 0.01)

    asyncio.run(stopping())


def test_body_that_drips_is_ended_though_it_never_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "FREE_SECONDS", 0.1)
    with pytest.raises(TooSlow):
        asyncio.run(taken(Arrivals(), UNSAID, arrives(*[b"x"] * 1_000, each_after=0.01)))
    quick = [b"x" * 1_000] * 20
    assert asyncio.run(taken(Arrivals(), UNSAID, arrives(*quick, each_after=0.01))) == 20_000, "as quick as the slowest telephone"


def test_large_bodies_take_turns_and_small_ones_wait_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "WAIT_SECONDS", 0.1)

    async def together() -> None:
        arrivals = Arrivals(most=1)
        with ExitStack() as first:
            receive = first.enter_context(arrivals.watched(HUGE, arrives(b"x" * LARGE, b"x")))
            assert await _length(receive) == LARGE + 1
            assert await asyncio.wait_for(taken(arrivals, SMALL, arrives(b"x" * 20)), 0.05) == 20
            assert await asyncio.wait_for(taken(arrivals, UNSAID, arrives(b"x" * 20)), 0.05) == 20
            for kind in (HUGE, UNSAID):  # said or not, it is as large as it is
                with pytest.raises(TooBusy) as refused:
                    await taken(arrivals, kind, arrives(b"x" * (LARGE + 1), b"x"))
                assert refused.value.headers["Retry-After"]
            waits = asyncio.create_task(taken(arrivals, HUGE, arrives(b"x", b"x")))
            await asyncio.sleep(0.02)
            assert not waits.done()
        assert await waits == 2, "it has the room of the one before"
        assert await taken(arrivals, HUGE, arrives(b"x")) == 1, "and has given it back"

    asyncio.run(together())


def test_resident_and_program_are_told_that_nothing_was_stored(
    visitor: TestClient, hillside: PlaceCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "STALL_SECONDS", 0.02)

    def answered(path: str, kind: bytes, body: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def ask() -> None:
            headers = [(b"host", b"testserver"), (b"content-type", kind), (b"content-length", b"5000")]
            scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": headers}
            more = {"http_version": "1.1", "scheme": "http", "server": ("testserver", 80), "client": ("127.0.0.1", 1), "root_path": ""}
            await visitor.app({**scope, **more}, arrives(body, ends=False), send)  # type: ignore[arg-type]

        run: Callable[..., Any] = visitor.portal.call  # type: ignore[union-attr]
        run(ask)
        return sent[0]["status"], dict(sent[0]["headers"]), b"".join(part.get("body", b"") for part in sent[1:])

    for path, kind, body in (
        (f"/api/v1/{hillside.slug}/feedback", b"application/json", b'{"body": "The be'),
        (f"/{hillside.slug}/tell", b"application/x-www-form-urlencoded", b"body=The+be"),
        (f"/{hillside.slug}/tell", b"multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=body\r\n\r\nThe"),
    ):
        status, headers, text = answered(path, kind, body)
        assert (status, headers[b"connection"]) == (408, b"close"), path
        assert b"nothing was stored" in text
