"""The same request twice at the same moment: its work is done once, and both are answered alike."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import pytest

from service.errors import Invalid
from service.idempotency import Asked, Kept, KeyUsed, once
from service.places.queries import PlaceCard
from tests.make import Make


def test_twin_waits_and_is_given_the_first_one_s_answer(make: Make, hillside: PlaceCard) -> None:
    asked, begun, done = Asked(hillside.id, uuid4(), "key", ("promise", "words")), Event(), []

    def work() -> Kept:
        begun.set()
        time.sleep(0.3)
        done.append(uuid4())
        return Kept(201, str(done[-1]))

    def send() -> tuple[Kept, bool]:
        with make.database.write() as writes:
            return once(writes, asked, make.clock(), work)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(send)
        begun.wait(5)
        second = threads.submit(send)
        assert first.result() == (Kept(201, str(done[0])), False)
        assert second.result() == (first.result()[0], True)
    assert len(done) == 1


def test_key_is_given_back_when_the_work_is_refused_and_kept_for_its_own_request(make: Make, hillside: PlaceCard) -> None:
    holder = uuid4()

    def refuse() -> Kept:
        raise Invalid

    with make.database.write() as writes:
        asked = Asked(hillside.id, holder, "key", ("promise", "words"))
        with pytest.raises(Invalid):
            once(writes, asked, make.clock(), refuse)
        assert once(writes, asked, make.clock(), lambda: Kept(201, "made")) == (Kept(201, "made"), False)
        with pytest.raises(KeyUsed):
            once(writes, Asked(hillside.id, holder, "key", ("promise", "other words")), make.clock(), refuse)
        assert once(writes, Asked(hillside.id, uuid4(), "key", ("x",)), make.clock(), lambda: Kept(201, "x"))[1] is False
