"""What the log of a whole test holds: nothing by which somebody could be known, and nothing that somebody said."""

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qsl

from httpx2 import RequestNotRead

from service import logs
from service.feedback.receipts import typed

ADDRESS = "203.0.113.7"
"""From where the people of the tests call: an address that is set aside for examples."""

CODE = re.compile(r"(?<![0-9A-Za-z-])(?:[0-9A-Z]{4}-?){3}[0-9A-Z]{5}(?![0-9A-Za-z-])")
KEY = re.compile(r"sad_[a-z0-9]+_[\w-]{8}")
SHORTEST = 12
"""Characters of what counts as words: shorter ones, as `good`, are the program's own."""


class Heard:
    """What was sent while a test ran."""

    def __init__(self) -> None:
        self.words: set[str] = set()

    def listen(self, request: Any) -> None:
        """Remembers the words in a request's body, and the secret in a sign-in link."""
        try:
            body = request.content.decode("utf-8", "replace")
        except RequestNotRead:  # a body that is sent piece by piece
            return
        with suppress(ValueError):
            self.take(json.loads(body))
        self.take([value for _name, value in parse_qsl(body)])
        before, _link, secret = request.url.path.partition("/sign-in/")
        self.take([secret] if before else [])

    def take(self, value: Any) -> None:
        """Remembers the words anywhere in this value."""
        if isinstance(value, str) and len(value.strip()) >= SHORTEST:
            self.words.add(value.strip())
        elif isinstance(value, dict | list):
            for inner in value.values() if isinstance(value, dict) else value:
                self.take(inner)

    def leaked(self, log: str) -> list[str]:
        """What stands in a log and must not."""
        found = [f"the address {ADDRESS}"] if ADDRESS in log else []
        found += [f"the code {code}" for code in CODE.findall(log) if typed(code)]
        found += [f"the key {key}" for key in KEY.findall(log)]
        plain = log.encode().decode("unicode_escape", "replace") if "\\" in log else log
        return found + [f"the words {words[:60]!r}" for words in sorted(self.words) if words in log or words in plain]


@contextmanager
def listening(heard: Heard) -> Iterator[None]:
    """Keeps the service's log while a test runs, and fails the test for what it holds."""
    logs.configure("json")
    kept = io.StringIO()
    for handler in logging.getLogger().handlers:
        if type(handler) is logging.StreamHandler:
            handler.setStream(kept)
    yield
    leaked = heard.leaked(kept.getvalue())
    assert not leaked, f"The log holds {'; '.join(leaked)}."
