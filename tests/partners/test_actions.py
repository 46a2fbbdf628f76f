"""Giving keys to partner systems and taking them back."""

import re
from datetime import timedelta

import pytest
from sqlmodel import col, select

from service.database import Database
from service.errors import Conflict, Invalid, NotFound
from service.journal.actions import OPERATOR
from service.partners.actions import Grants, add_key, revoke_key
from service.partners.models import Holder, HolderPlace, Key, Scope
from service.partners.queries import find_caller, split_key
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

FEEDBACK = frozenset({Scope.FEEDBACK_WRITE})
HUB = "Hill Road Hub"


def works(database: Database, clock: SettableClock, key: str) -> bool:
    with database.read() as reads:
        return find_caller(reads, key, clock()) is not None


def revoke(database: Database, clock: SettableClock, key: str) -> None:
    with database.write() as writes:
        revoke_key(writes, OPERATOR, key, clock())


def wrong_keys(key: str) -> list[str]:
    """What is nearly this key."""
    _sad, key_id, secret = key.split("_", 2)
    return [
        "", "sad", "sad_", "sad__", f"sad_{key_id}", f"sad_{key_id}_", f"sad__{secret}", f"sad_{key_id}_{secret}x", key[:-1], key[1:],
        key.upper(), key.swapcase(), f" {key}", f"{key} ", f"said_{key_id}_{secret}", f"sad_{key_id[:-1]}_{secret}",
        f"sad_{key_id}xxxx_{secret}", f"sad_{secret}_{key_id}", f"sad_{key_id}_{secret[::-1]}", f"sad_%_{secret}", f"sad_{key_id}_%",
    ]  # fmt: skip


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_nothing_but_the_whole_key_opens(make: Make, database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    key = make.key(hillside)
    assert works(database, clock, key)
    assert [wrong for wrong in wrong_keys(key) if works(database, clock, wrong)] == []


def test_secret_of_one_key_does_not_open_another(make: Make, database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    (_, one, mine), (_, other, theirs) = (make.key(hillside).split("_", 2) for _again in range(2))
    assert not works(database, clock, f"sad_{one}_{theirs}")
    assert not works(database, clock, f"sad_{other}_{mine}")


def test_key_that_is_over_opens_nothing(make: Make, database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    key = make.key(hillside, lasts=timedelta(days=30))
    clock.advance(days=30, seconds=-1)
    assert works(database, clock, key)
    clock.advance(seconds=1)
    assert not works(database, clock, key)


@pytest.mark.parametrize("named", ["by its id", "whole"])
def test_key_that_was_taken_back_opens_nothing(
    make: Make, database: Database, hillside: PlaceCard, clock: SettableClock, named: str
) -> None:
    key, other = make.key(hillside, name=HUB), make.key(hillside, name=HUB)
    revoke(database, clock, key if named == "whole" else key.split("_")[1])
    assert not works(database, clock, key)
    assert works(database, clock, other)


def test_key_that_was_taken_back_twice_keeps_the_first_moment(
    make: Make, database: Database, hillside: PlaceCard, clock: SettableClock
) -> None:
    key, first = make.key(hillside), clock()
    revoke(database, clock, key)
    clock.advance(days=1)
    revoke(database, clock, key)
    with database.read() as reads:
        assert reads.exec(select(Key.revoked_at)).all() == [first]


@pytest.mark.parametrize("named", ["", "sad_", "2345678923", "sad_2345678923_secret", "%"])
def test_key_that_there_is_not_cannot_be_taken_back(database: Database, clock: SettableClock, named: str) -> None:
    with pytest.raises(NotFound):
        revoke(database, clock, named)


def test_holder_has_two_live_keys_at_most(make: Make, database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    first, second = make.key(hillside, name=HUB, lasts=timedelta(days=5)), make.key(hillside, name=HUB)
    with pytest.raises(Conflict):
        make.key(hillside, name=HUB)
    revoke(database, clock, second)
    third = make.key(hillside, name=HUB)
    with pytest.raises(Conflict):
        make.key(hillside, name=HUB)
    clock.advance(days=5)  # the first one is over
    fourth = make.key(hillside, name=HUB)
    assert [works(database, clock, key) for key in (first, second, third, fourth)] == [False, False, True, True]


def test_second_key_of_a_name_cannot_do_more_than_the_first(
    make: Make, database: Database, hillside: PlaceCard, clock: SettableClock
) -> None:
    vale, council = make.collaboration("amber-vale"), make.organisation(hillside, "council")
    make.key(hillside, Scope.FEEDBACK_WRITE, name=HUB)
    wider = [
        Grants(frozenset(Scope), [(hillside.id, None)]),
        Grants(FEEDBACK, [(hillside.id, None), (vale.id, None)]),
        Grants(FEEDBACK, [(vale.id, None)]),
        Grants(FEEDBACK, [(hillside.id, council.id)]),
        Grants(frozenset(), [(hillside.id, None)]),
    ]
    for grants in wider:
        with pytest.raises(Conflict), database.write() as writes:
            add_key(writes, OPERATOR, HUB, grants, clock())
    with database.read() as reads:
        assert len(reads.exec(select(Key)).all()) == 1
        assert len(reads.exec(select(HolderPlace)).all()) == 1


# ---- what a key is ---------------------------------------------------------------------------------------------------


def test_key_is_written_as_partners_expect(make: Make, hillside: PlaceCard) -> None:
    keys = {make.key(hillside) for _again in range(20)}
    assert len(keys) == 20
    for key in keys:
        found = re.fullmatch(r"sad_([a-z2-9]{10})_([A-Za-z0-9_-]{43})", key)
        assert found, "256 random bits are 43 characters"
        assert split_key(key) == found.groups()


def test_only_a_hash_of_a_key_is_stored(make: Make, database: Database, hillside: PlaceCard) -> None:
    key = make.key(hillside)
    _sad, key_id, secret = key.split("_", 2)
    with database.read() as reads:
        row = reads.exec(select(Key)).one()
        everything = str([found.model_dump() for table in (Key, Holder, HolderPlace) for found in reads.exec(select(table))])
    assert row.id == key_id
    assert re.fullmatch(r"[0-9a-f]{64}", row.secret_hash)
    assert secret not in everything


def test_key_says_what_its_holder_may_do_and_where(make: Make, database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    vale, council = make.collaboration("amber-vale"), make.organisation(hillside, "council")
    grants = Grants(frozenset({Scope.FEEDBACK_WRITE, Scope.OUTCOMES_WRITE}), [(hillside.id, council.id), (vale.id, None)])
    with database.write() as writes:
        key = add_key(writes, OPERATOR, HUB, grants, clock())
    with database.read() as reads:
        caller = find_caller(reads, key, clock())
    assert caller is not None
    assert caller.scopes == {"feedback:write", "outcomes:write"}
    assert caller.places == {hillside.id: council.id, vale.id: None}


def test_both_keys_of_a_holder_are_the_same_caller(make: Make, database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    first, second = make.key(hillside, name=HUB), make.key(hillside, name=HUB)
    with database.read() as reads:
        one, other = find_caller(reads, first, clock()), find_caller(reads, second, clock())
        assert len(reads.exec(select(Holder).where(col(Holder.name) == HUB)).all()) == 1
    assert one is not None and other is not None
    assert one.holder_id == other.holder_id and one.key_id != other.key_id
    assert one.actor == other.actor


def test_name_that_cannot_be_kept_is_refused_alike_on_both_databases(database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    for name in ("", " ", "n" * 201, "a\x00b"):
        with pytest.raises(Invalid), database.write() as writes:
            add_key(writes, OPERATOR, name, Grants(FEEDBACK, [(hillside.id, None)]), clock())
