"""The lifecycle of a barrier: every move that is allowed, and no other."""

from service.system_health.models import Finding, Standing
from service.system_health.rules import ENDED, OPEN, finding_after, moves

S = Standing
LATER = {S.WORKED_ROUND, S.ESCALATED, S.CHANGED, S.ACCEPTED}
FINDINGS = {S.REAL_RULE, S.CUSTOM_NOT_RULE, S.UNCLEAR}


def test_barrier_goes_from_reported_to_what_became_of_it_and_can_be_reopened() -> None:
    """Said here once more, and not taken from the rules: domain 3.2."""
    allowed = {S.REPORTED: {S.LOOKED_INTO}, S.LOOKED_INTO: FINDINGS}
    allowed |= {finding: LATER | {S.LOOKED_INTO} for finding in FINDINGS} | {later: {S.LOOKED_INTO} for later in LATER}
    assert {standing: set(moves(standing)) for standing in S} == allowed


def test_what_was_found_holds_until_something_else_is() -> None:
    assert finding_after(None, S.LOOKED_INTO) is None
    found = finding_after(None, S.CUSTOM_NOT_RULE)
    assert found == Finding.CUSTOM_NOT_RULE
    assert [finding_after(found, to) for to in (S.CHANGED, S.LOOKED_INTO, S.REAL_RULE)] == [found, found, Finding.REAL_RULE]


def test_every_standing_is_open_or_ended() -> None:
    assert set(S) == OPEN | ENDED and not OPEN & ENDED and S.ESCALATED in OPEN
