"""What the page and the API do alike before a check is counted: how often, and once only."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from service import limits
from service.checks.actions import WrongCode
from service.checks.models import CheckIn
from service.idempotency import Asked
from service.places.queries import PlaceCard


@contextmanager
def counted(tries: limits.Caller, code: str | None) -> Iterator[None]:
    """Counts wrong codes, and checks that come without one. Raises: TooMany."""
    if not code:
        tries.ask(limits.CHECKS)
    else:
        tries.must_have_room(limits.WRONG_CODES)
    try:
        yield
    except WrongCode:
        tries.failed(limits.WRONG_CODES)
        raise


def once_of(place: PlaceCard, promise_id: UUID, key: str | None, given: CheckIn) -> Asked | None:
    """The request, so that two taps are one check. What is kept of it names no check and no verdict."""
    return Asked(place.id, promise_id, key, ("check", given.model_dump_json())) if key else None
