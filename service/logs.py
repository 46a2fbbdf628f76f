"""The log: one line per event, with no address, no code, no words. An unforeseen error shows where, never with what."""

import logging
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import structlog
from pydantic_core import to_json

OWN = "service/"
"""Only frames of our own code are shown."""


def where(error: BaseException) -> list[str]:
    """Where an error arose, without its message: that may repeat what somebody sent."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"{OWN}{frame.filename.rpartition(OWN)[2]}:{frame.lineno} {frame.name}" for frame in frames if OWN in frame.filename]
    cause = error.__cause__ or error.__context__
    return [*(where(cause) if cause and cause is not error else []), *lines, type(error).__name__]


def _only_where(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    raised = event.pop("exc_info", None)
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        event["where"] = where(error)
    return event


_REQUESTS = logging.getLogger("said.request")


class _Line:
    """The line of a request: there is one for each, so it is written straight to where the log goes. `plain` is for a terminal."""

    handler: logging.StreamHandler[Any] | None = None
    plain = False


def requested(request_id: str, method: str, route: str, status: int, milliseconds: float) -> None:
    """Says that a request was answered."""
    if _Line.handler is None or not _REQUESTS.isEnabledFor(logging.INFO):  # a program that serves without a log
        return
    at = datetime.now(UTC).isoformat()[:26]
    facts = {"id": request_id, "method": method, "route": route, "status": status, "ms": milliseconds}
    if _Line.plain:
        line = f"{at}Z [info     ] request  {' '.join(f'{name}={value}' for name, value in facts.items())}"
    else:
        line = to_json({**facts, "event": "request", "level": "info", "logger": "said.request", "timestamp": f"{at}Z"}).decode()
    with suppress(OSError, ValueError):  # nobody is refused because the log cannot be written
        _Line.handler.stream.write(f"{line}\n")
        _Line.handler.flush()


def configure(style: str) -> None:
    """`json` for machines, `plain` for a terminal. Other libraries' messages come through at warning and above."""
    last = structlog.processors.JSONRenderer() if style == "json" else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    steps: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _only_where,
    ]
    structlog.configure(
        processors=[*steps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=steps, processor=last))
    root = logging.getLogger()
    root.handlers = [handler]
    _Line.handler, _Line.plain = handler, style != "json"
    root.setLevel(logging.WARNING)
    logging.getLogger("said").setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
