"""Who brings letters: the mail server, GOV.UK Notify, push services. Each where it was set up."""

from collections.abc import Mapping
from typing import Protocol

from service.outbox.mail import NotSentError
from service.outbox.models import Claimed, Way, Written


class Carrier(Protocol):
    """Hands one letter in. Raises: NotSentError."""

    def send(self, letter: Claimed, written: Written) -> None: ...


class Carriers:
    """One carrier that knows the others."""

    def __init__(self, ways: Mapping[Way, Carrier]) -> None:
        self.ways = ways

    def send(self, letter: Claimed, written: Written) -> None:
        """Hands one letter to whoever brings it. Raises: NotSentError, also where nobody does."""
        carrier = self.ways.get(written.way)
        if carrier is None:
            raise NotSentError("NobodyBringsIt")
        carrier.send(letter, written)
