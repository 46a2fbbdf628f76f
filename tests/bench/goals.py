"""The goals of performance that one run of wrk can tell, each a ratio of two sides of the same repeat; and their table."""

from dataclasses import dataclass
from statistics import median

from tests.bench.sides import Kind, Side

STORED = Kind("stored", "durable POST, JSON", "stored")
ANSWERED = Kind("answered", "the same route, no database", "answered", stores=False)
SYNCHRONOUS = Kind("synchronous", "def route, SQLModel session", "synchronous")
BARE = Kind("bare", "bare FastAPI + pydantic", "bare", stores=False)
FORM = Kind("form", "the resident's form, HTML", "stored", style="form")
PAGE = Kind("page", "the account page, kept", "stored", style="page", stores=False)
HELLO = Kind("hello", "FastAPI hello", "hello", style="page", stores=False)
POSTGRESQL = Kind("postgresql", "durable POST on PostgreSQL", "stored", postgresql=True)


QUIET = 0.1
BUSY = "BUSY: other programs used {:.0%} of the processors during the runs; measure again when it is quiet."


@dataclass(frozen=True, slots=True)
class Goal:
    """How many times as many answers a second the one side must give as the other. Without a target it is told for comparison."""

    name: str
    side: Kind
    over: Kind
    target: float | None = None
    stretch: float | None = None


GOALS = (
    Goal("P1", STORED, ANSWERED, 0.5, 0.75),
    Goal("P3", STORED, SYNCHRONOUS, 8, 13),
    Goal("P4", FORM, STORED, 0.5, 0.8),
    Goal("P7", POSTGRESQL, ANSWERED, 0.5, 0.75),
    Goal("P9", PAGE, HELLO, 0.8, 1.3),
    Goal("-", ANSWERED, BARE),
    Goal("-", STORED, BARE),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A goal as measured: the ratio of each repeat, why it is void, if it is, and how much of the machine others used meanwhile."""

    goal: Goal
    ratios: list[float]
    void: str | None
    others_share: float

    @property
    def verdict(self) -> str:
        if self.void:
            return "VOID"
        if self.goal.target is None or self.goal.stretch is None:
            return ""
        words = "met" if median(self.ratios) >= self.goal.target else "NOT met"
        words = "stretch met" if median(self.ratios) >= self.goal.stretch else words
        return f"{words} (busy)" if self.others_share > QUIET else words

    def row(self) -> list[str]:
        """A line of the table."""
        target = "" if self.goal.target is None else f">= {self.goal.target:g}"
        ratio = "" if self.void else f"{median(self.ratios):.2f}"
        spread = "" if self.void else f"{min(self.ratios):.2f} to {max(self.ratios):.2f}"
        return [self.goal.name, f"{self.goal.side.about} / {self.goal.over.about}", target, ratio, spread, self.verdict]


def figures(sides: list[Side]) -> list[Figure]:
    """Every goal whose two sides were measured. The two runs of a ratio are neighbours in time."""
    by_kind = {side.kind: side for side in sides}
    found = []
    for goal in GOALS:
        if goal.side in by_kind and goal.over in by_kind:
            side, over = by_kind[goal.side], by_kind[goal.over]
            ratios = [one.rate / other.rate for one, other in zip(side.loads, over.loads, strict=False) if other.rate]
            faults = [f"{part.kind.about}: {part.void}" for part in (side, over) if part.void]
            void = "; ".join(faults) or (None if ratios else "nothing was measured")
            found.append(Figure(goal, ratios, void, _others([side, over])))
    return found


def report(sides: list[Side]) -> tuple[str, bool]:
    """The two tables, and whether every figure counts."""
    found = figures(sides)
    goals = [["goal", "of what / to what", "target", "ratio", "spread", "verdict"], *(figure.row() for figure in found)]
    rates = [["side", "req/s", "spread", "p50 ms", "p99 ms", "CPU us", "answers"], *(_rates(side) for side in sides)]
    notes = [BUSY.format(_others(sides))] if _others(sides) > QUIET else []
    voids = sorted({f"VOID: {figure.void}" for figure in found if figure.void})
    return "\n\n".join([_table(goals), _table(rates), *notes, *voids]), not voids


def _others(sides: list[Side]) -> float:
    return median([load.others_share or 0.0 for side in sides for load in side.loads] or [0.0])


def _rates(side: Side) -> list[str]:
    if side.void or not side.loads:
        return [side.kind.about, "VOID", "", "", "", "", ""]
    rates = [load.rate for load in side.loads]
    p50, p99 = median(load.p50 for load in side.loads), median(load.p99 for load in side.loads)
    answers = sum(load.answered for load in side.loads)
    used = [1e6 * load.server_seconds / load.answered for load in side.loads if load.server_seconds is not None]
    processor = f"{median(used):,.0f}" if used else ""
    told = f"{answers:,} stored" if side.kind.stores else f"{answers:,}"
    return [side.kind.about, f"{side.rate:,.0f}", f"{min(rates):,.0f} to {max(rates):,.0f}", f"{p50:.1f}", f"{p99:.1f}", processor, told]


def _table(rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
