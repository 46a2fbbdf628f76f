"""The log: one line per event, with no address, no code, no words. An unforeseen error shows where, never with what."""

import logging
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from service.later import later

if TYPE_CHECKING:
    import structlog
else:
    structlog = later("structlog")  # most services write lines of requests only, which need no library

OWN = "service/"
"""Only frames of our own code are shown."""


def where(error: BaseException) -> list[str]:
    """Where an error arose, without its message: that may repeat what somebody sent."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"{OWN}{frame.filename.rpartition(OWN)[2]}:{frame.lineno} {frame.name}" for frame in frames if OWN in frame.filename]
    cause = error.__cause__ or error.__context__
    return [*(where(cause) if cause and cause is not error else []), *lines, type(error).__name__]


def _only_where(_logger: Any, _method: str, event: "structlog.typing.EventDict") -> "structlog.typing.EventDict":
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


class _Log:
    """A logger that is there from the first line that is written to it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, word: str) -> Any:
        _Style.must_be_known()
        return getattr(structlog.get_logger(self._name), word)


def named(name: str) -> "structlog.stdlib.BoundLogger":
    """Where a part of the service writes what an operator must know."""
    log: Any = _Log(name)
    return log  # type: ignore[no-any-return]


class _Style(logging.Formatter):
    """How a line is written: `json` for machines, `plain` for a terminal. The library is set up for the first line that needs it."""

    waiting: "_Style | None" = None

    def __init__(self, style: str) -> None:
        super().__init__()
        self.style = style
        self.whole: Any = None

    def set_up(self) -> None:
        """From here on the library writes in this style."""
        last = structlog.processors.JSONRenderer() if self.style == "json" else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
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
        self.whole = structlog.stdlib.ProcessorFormatter(foreign_pre_chain=steps, processor=last)

    @classmethod
    def must_be_known(cls) -> None:
        """Sets up the style that was chosen, if it was not yet."""
        style, cls.waiting = cls.waiting, None
        if style is not None:
            style.set_up()

    def format(self, record: logging.LogRecord) -> str:
        if self.whole is None:
            self.set_up()
        line: str = self.whole.format(record)
        return line


def configure(style: str) -> None:
    """`json` for machines, `plain` for a terminal. Other libraries' messages come through at warning and above."""
    handler, _Style.waiting = logging.StreamHandler(sys.stderr), _Style(style)
    handler.setFormatter(_Style.waiting)
    if "structlog" in sys.modules:
        _Style.must_be_known()
    root = logging.getLogger()
    root.handlers = [handler]
    _Line.handler, _Line.plain = handler, style != "json"
    root.setLevel(logging.WARNING)
    logging.getLogger("said").setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
