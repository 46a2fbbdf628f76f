"""Which moves a barrier allows, and who may make them.

Source: docs/measures.md#barriers-open.
"""

from service.people.models import AT_THE_DESK, Role
from service.system_health.models import Finding, Standing

S = Standing

READERS = AT_THE_DESK
MOVERS = (Role.COORDINATOR,)
"""Who reads the register, and who says what became of a barrier."""

FINDINGS = frozenset({S.REAL_RULE, S.CUSTOM_NOT_RULE, S.UNCLEAR})
ENDED = frozenset({S.WORKED_ROUND, S.CHANGED, S.ACCEPTED})
"""Standings in which nobody has to do anything more. One that was passed up still waits for somebody."""

OPEN = frozenset(Standing) - ENDED
_LATER = FINDINGS | ENDED | {S.ESCALATED}

_MOVES: dict[Standing, frozenset[Standing]] = {
    S.REPORTED: frozenset({S.LOOKED_INTO}),
    S.LOOKED_INTO: FINDINGS,
    **{finding: frozenset({S.WORKED_ROUND, S.ESCALATED, S.CHANGED, S.ACCEPTED, S.LOOKED_INTO}) for finding in FINDINGS},
    **{later: frozenset({S.LOOKED_INTO}) for later in _LATER - FINDINGS},
}
"""Whatever was found, somebody may look into it once more."""


def moves(standing: Standing) -> tuple[Standing, ...]:
    """Where a barrier may go from here, in the order of the lifecycle."""
    return tuple(to for to in Standing if to in _MOVES[standing])


def finding_after(finding: Finding | None, to: Standing) -> Finding | None:
    """What is known of it after this move: a finding holds until there is another."""
    return Finding(to.value) if to in FINDINGS else finding
