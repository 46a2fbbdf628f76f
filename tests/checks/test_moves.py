"""Every forbidden move is answered 409 with what is allowed, and no maker keeps its own promise: tried on the database."""

from collections.abc import Callable
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from service.database import WriteSession
from service.errors import Conflict, Invalid, NotFound, Refused
from service.journal.actions import Actor
from service.journal.models import ActorKind
from service.partners.models import Scope
from service.people.models import Role
from service.places.models import Organisation
from service.places.queries import find_organisation
from service.promises import rules
from service.promises.actions import Speaker, report_progress, speaker_of
from service.promises.models import OURS, YOURS, ProgressIn, Promise, Side, Standing
from service.promises.queries import count_parts
from service.promises.rules import Mover
from service.promises.words import MOVES, cannot_go
from service.tables import new_id
from tests.checks.conftest import Town

TODAY = date(2026, 11, 23)


def standing_at(writes: WriteSession, town: Town, maker: Organisation, standing: Standing, side: Side) -> Promise:
    """A promise that stands there, however it came to."""
    facts: dict[str, Any] = {"successor_id": None, "community_agreed": None, "released_by": "x", "released_on": TODAY}
    now = town.make.clock()
    facts |= {"side": side, "standing": standing, "maker_id": maker.id}
    row = Promise(collaboration_id=town.place.id, text="x", due_on=TODAY, added_at=now, changed_at=now, **facts)
    if standing == Standing.CHANGED:
        row.id = new_id()
        row.successor_id, row.community_agreed = row.id, False
    writes.add(row)
    writes.flush()
    return row


def speakers(town: Town, maker: Organisation) -> dict[Mover, Speaker]:
    """One of each, seen from the maker."""
    key = Speaker(Actor(ActorKind.KEY, new_id()), frozenset({maker.id}), whole_place=False)
    people = {Mover.MAKER: town.council, Mover.PLACE: town.sam, Mover.OTHER: town.hub}
    return {Mover.KEY: key, **{mover: speaker_of(who) for mover, who in people.items()}}


def test_every_forbidden_move_is_a_conflict_that_names_what_is_allowed(town: Town) -> None:
    tried = 0
    with town.make.database.write() as writes:
        maker = find_organisation(writes, town.place.id, "council")
        assert maker is not None
        every = [(Side.OUR_PART, standing) for standing in OURS] + [(Side.YOUR_PART, standing) for standing in YOURS]
        for (side, standing), (mover, speaker) in product(every, speakers(town, maker).items()):
            row = standing_at(writes, town, maker, standing, side)
            allowed = rules.moves(standing, mover, side)
            unseen = standing in rules.UNPUBLISHED and mover in (Mover.KEY, Mover.OTHER)
            for to in set(Standing) - allowed:
                tried += 1
                with pytest.raises(NotFound if unseen else Conflict) as caught:
                    report_progress(writes, speaker, town.place, row.id, ProgressIn(note="x", to=to), town.make.clock())
                if not unseen:
                    assert caught.value.extra["allowed"] == sorted(allowed)
                    assert all(word in caught.value.detail for word in sorted(allowed) or ["none"])
            assert row.standing == standing
    assert tried > 800


def test_page_says_in_words_what_is_allowed_and_keeps_what_was_typed(town: Town, signed_in: Callable[..., TestClient]) -> None:
    assert set(MOVES) | {Standing.DRAFT} == set(Standing)
    promise = town.claimed()
    council = signed_in(town.place, Role.COORDINATOR, organisation="council")
    answer = council.post(f"/staff/hillside/promises/{promise}/updates", data={"to": "kept", "note": "I saw <it>."})
    page = LexborHTMLParser(answer.text)
    assert answer.status_code == 409 and page.css("#note")[0].text() == "I saw <it>."
    assert "What you can say: It was not done." in page.css(".govuk-error-summary")[0].text()
    assert cannot_go([]).endswith("nothing else is left for you to say.")


def test_api_says_what_is_allowed(town: Town, with_key: Callable[..., TestClient]) -> None:
    with town.make.database.read() as reads:
        council = find_organisation(reads, town.place.id, "council")
    key = with_key(town.place, Scope.PROMISES_WRITE, organisation=council)
    answer = key.post(f"/api/v1/hillside/promises/{town.claimed()}/updates", json={"note": "x", "to": "kept"})
    assert (answer.status_code, answer.json()["allowed"]) == (409, ["broken"]) and "What is allowed: broken." in answer.json()["detail"]


STEPS = st.lists(st.tuples(st.sampled_from(["maker", "key", "tap", "invite"]), st.sampled_from(Standing), st.booleans()), max_size=12)


@given(steps=STEPS, due_on=st.sampled_from([date(2026, 11, 1), date(2027, 5, 1), None]))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_sequence_of_the_maker_s_own_moves_keeps_a_promise_or_takes_it_out_of_the_count(
    town: Town, steps: list[tuple[str, Standing, bool]], due_on: date | None
) -> None:
    promise = town.promise(due_on=due_on, review_by=date(2027, 6, 1))
    other = town.promise(due_on=date(2028, 1, 1))
    with town.make.database.read() as reads:
        council = find_organisation(reads, town.place.id, "council")
        assert council is not None
        before = count_parts(reads, town.place.id, TODAY)
    due = before.due
    who = {"maker": speaker_of(town.council), "key": Speaker(Actor(ActorKind.KEY, new_id()), frozenset({council.id}), whole_place=False)}
    for act, to, agreed in steps:
        more = {"reason": "x", "successor": other, "community_agreed": agreed, "released_by": "x", "released_on": TODAY}
        try:
            if act == "tap":
                town.check(promise, "yes" if agreed else "no")
            elif act == "invite":
                town.invitations(promise, 5, by=town.council)
            else:
                with town.make.database.write() as writes:
                    report_progress(writes, who[act], town.place, promise, ProgressIn(note="x", to=to, **more), town.make.clock())
        except (Conflict, Invalid, Refused):
            continue
        assert town.standing(promise) not in (Standing.KEPT, Standing.PARTLY_KEPT, Standing.RELEASED, Standing.DISPUTED)
        with town.make.database.read() as reads:
            parts = count_parts(reads, town.place.id, TODAY)
        assert parts.kept == before.kept and parts.due >= due
        due = parts.due
