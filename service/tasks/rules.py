"""When a small thing that was said is late."""

from datetime import date


def is_late(due_on: date, done_on: date | None, today: date) -> bool:
    """Whether its day has passed and it is not done."""
    return done_on is None and due_on < today
