"""Routes of the API that are going: since when, until when, and where the way on is described."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime


@dataclass(frozen=True, slots=True)
class Going:
    """A route that will go. Both moments in UTC."""

    since: datetime
    until: datetime
    read: str

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """Deprecation (RFC 9745), Sunset (RFC 8594), and where to read on."""
        return [
            (b"deprecation", f"@{int(self.since.timestamp())}".encode()),
            (b"sunset", format_datetime(self.until, usegmt=True).encode()),
            (b"link", f'<{self.read}>; rel="deprecation"; type="text/html"'.encode()),
        ]


GOING: dict[str, Going] = {}
"""By the name of the route. Nothing is going now."""
