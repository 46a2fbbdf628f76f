"""What people in Hillside say, and what they are answered: every sentence is invented, and nobody is named.

A matter is something that several people bring up, each in other words: an opening, and sometimes one thing more.
"""

from dataclasses import dataclass

from service.feedback.models import Kind, NoKind, Outcome

A, K, N = Outcome, Kind, NoKind


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it. `promise` names one of promises.py: with `will_do`, the answer makes it."""

    outcome: Outcome
    body: str
    reason: str | None = None
    promise: str | None = None
    no_kind: NoKind | None = None
    task: tuple[str, str, int] | None = None
    """Something smaller than a promise: what, who of the team, and how many days they take."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What is brought up: each message is one of `openings`, alone or with one of `more`."""

    topic: str
    kind: Kind
    openings: tuple[str, ...]
    more: tuple[str, ...]
    answers: tuple[Answer, ...]
    area: str | None = None
    """Where it is, if it is in one area only."""
    language: str = "en"
