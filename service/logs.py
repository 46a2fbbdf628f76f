"""The log: one line per event, with no address, no code, no words. An unforeseen error shows where, never with what."""

import logging
import sys
import traceback
from typing import Any

import structlog

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
    root.setLevel(logging.WARNING)
    logging.getLogger("said").setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
