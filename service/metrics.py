"""What the operator's monitoring reads: how many requests, how they were answered, how long they took; by route, never by whom."""

import time
from collections import Counter
from collections.abc import Iterator

Name = tuple[str, str, str]
"""Method, pattern of the route, status: 2xx and so on."""


class Metrics:
    """The counts of this process."""

    def __init__(self) -> None:
        self._began = time.time()
        self._requests: Counter[Name] = Counter()
        self._seconds: Counter[Name] = Counter()

    def count(self, method: str, route: str, status: int, milliseconds: float) -> None:
        """One request was answered."""
        name = (method if method in METHODS else "OTHER", route, f"{status // 100}xx")
        self._requests[name] += 1
        self._seconds[name] += milliseconds / 1000  # type: ignore[assignment]  # (a Counter adds any number)

    def text(self, version: str) -> str:
        """The counts as Prometheus reads them (text format 0.0.4)."""
        return "\n".join(self._lines(version)) + "\n"

    def _lines(self, version: str) -> Iterator[str]:
        yield "# HELP said_info The version that runs."
        yield "# TYPE said_info gauge"
        yield f'said_info{{version="{version}"}} 1'
        yield "# HELP said_started_seconds When this process began, in seconds since 1970."
        yield "# TYPE said_started_seconds gauge"
        yield f"said_started_seconds {self._began:.3f}"
        yield "# HELP said_requests_total Requests that were answered."
        yield "# TYPE said_requests_total counter"
        yield from (f"said_requests_total{{{_labels(name)}}} {number}" for name, number in sorted(self._requests.items()))
        yield "# HELP said_request_seconds_total How long answering them took, together."
        yield "# TYPE said_request_seconds_total counter"
        yield from (f"said_request_seconds_total{{{_labels(name)}}} {number:.6f}" for name, number in sorted(self._seconds.items()))


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


def _labels(name: Name) -> str:
    method, route, status = name
    return f'method="{method}",route="{route}",status="{status}"'
