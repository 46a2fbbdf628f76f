"""Whatever anybody does in whatever order: the public sums balance, and what is said of a worker never finds a way out.

Source: decisions.md 7, security.md T8 and T21.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from service import verification
from service.database import WriteSession
from service.errors import Refusal
from service.feedback.actions import Received, withdraw
from service.feedback.desk_actions import mark_read, publish, reply, withhold
from service.feedback.models import Feedback, Outcome, Publication, ReplyIn
from service.feedback.routing_actions import give_back, pass_on
from service.feedback.rules import OFFERED_REASONS
from service.moderation.actions import appeal, bring_back, set_aside, set_severity, uphold
from service.moderation.models import AsideReason
from service.moderation.redaction_actions import redact_message
from service.moderation.rules import BY_HAND
from service.people.models import Member
from service.places.queries import PlaceCard
from service.safeguarding.actions import close, open_as_well, raise_message, set_apart_for_good, take
from service.safeguarding.models import Concern, Ending, Lane, RaiseIn
from tests.make import Make

AtWork = Callable[..., Member]
Act = Callable[[WriteSession, random.Random, Member, Received, UUID], Any]
WORDS = ("The bench by the surgery has gone.", "There is violence on Hill Road.", "My father hits me every night.", "Anna Bloggs knows.")


def acts(make: Make, place: PlaceCard) -> dict[str, Act]:
    """Everything that can be done to a message."""
    now, given = make.clock, ReplyIn(outcome=Outcome.CANNOT_DO, body="No.", reason="It is not ours.")

    def concern(writes: WriteSession, message: UUID) -> UUID:
        found = writes.exec(select(Concern.id).where(Concern.feedback_id == message).order_by(col(Concern.id).desc())).first()
        return found or message

    return {
        "read": lambda w, _r, who, _s, m: mark_read(w, who, m, now()),
        "reply": lambda w, _r, who, _s, m: reply(w, who, m, given, now()),
        "publish": lambda w, _r, who, _s, m: publish(w, who, m, now()),
        "withhold": lambda w, r, who, _s, m: withhold(w, who, m, r.choice(OFFERED_REASONS), now()),
        "rate": lambda w, r, who, _s, m: set_severity(w, who, m, r.choice(BY_HAND), now()),
        "aside": lambda w, r, who, _s, m: set_aside(w, who, [m], r.choice(list(AsideReason)), now()),
        "back": lambda w, _r, who, _s, m: bring_back(w, who, m, now()),
        "redact": lambda w, _r, who, _s, m: redact_message(w, make.keys, who, m, ["bench", "Anna Bloggs"], now()),
        "appeal": lambda w, _r, _who, s, _m: appeal(w, make.keys, place, s.code, "You are wrong.", now()),
        "uphold": lambda w, _r, who, _s, m: uphold(w, who, m, "It stays so.", now()),
        "raise": lambda w, r, who, _s, m: raise_message(w, who, m, RaiseIn(lane=r.choice(list(Lane))), now()),
        "take": lambda w, _r, who, _s, m: take(w, who, concern(w, m), now()),
        "open": lambda w, _r, who, _s, m: open_as_well(w, who, concern(w, m), now()),
        "apart": lambda w, _r, who, _s, m: set_apart_for_good(w, who, concern(w, m), now()),
        "close": lambda w, r, who, _s, m: close(w, who, concern(w, m), r.choice(list(Ending)), None, now()),
        "pass_on": lambda w, _r, who, _s, m: pass_on(w, who, m, "council", now()),
        "give_back": lambda w, _r, who, _s, m: give_back(w, who, m, now()),
        "withdraw": lambda w, r, _who, s, _m: withdraw(w, make.keys, place, s.code, now()) if r.random() < 0.2 else None,
    }


@pytest.mark.parametrize("seed", range(3))
def test_sums_balance_and_no_allegation_is_ever_public(
    make: Make, hillside: PlaceCard, at_work: AtWork, visitor: TestClient, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 (which acts follow each other, not a secret)
    make.organisation(hillside, "council")
    make.topic(hillside, "council", organisation="council")
    staff = [at_work(hillside), at_work(hillside, "moderator"), at_work(hillside, "moderator"), at_work(hillside, organisation="council")]
    sent = [
        make.message(
            hillside, chance.choice(WORDS), share=chance.choice(["team_only", "words_public"]), topic=chance.choice([None, "council"])
        )
        for _one in range(8)
    ]
    ids = {one.public_id: make.message_id(one) for one in sent}
    every, done, accused = acts(make, hillside), set[str](), set[UUID]()
    for _step in range(160):
        make.clock.advance(minutes=7)
        name, message = chance.choice(list(every)), chance.choice(sent)
        with suppress(Refusal), make.database.write() as writes:
            every[name](writes, chance, chance.choice(staff), message, ids[message.public_id])
            done.add(name)
        with make.database.read() as reads:
            rows = reads.exec(select(Feedback)).all()
        accused |= {one.id for one in rows if one.lane == Lane.ALLEGATION}
        for one in rows:
            assert one.lane is None or one.publication != Publication.PUBLISHED, name
            shut = (Publication.WITHHELD, Publication.NOT_OFFERED, Publication.WITHDRAWN)
            assert one.id not in accused or one.publication in shut, name
    with make.database.read() as reads:
        assert verification.differences(reads) == []
    figures = visitor.get("/api/v1/hillside/account/community-reporting").json()["figures"]
    received = next(one["value"] for one in figures if one["figure"] == "messages_received" and not one["by"])
    by_publication = [one["value"] for one in figures if one["figure"] == "messages_by_publication"]
    assert received == len(sent) == sum(by_publication)
    assert len(done) > 10, "most of what can be done was done"
