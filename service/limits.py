"""How often a caller may fail: counted on a salted hash of the address that changes every day and is kept in memory only."""

import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from service.errors import NotFound, TooMany

WINDOW_MINUTES = 10
WRONG_CODES = RateLimitItemPerMinute(30, WINDOW_MINUTES, namespace="wrong-code")
WRONG_SIGN_INS = RateLimitItemPerMinute(20, WINDOW_MINUTES, namespace="wrong-sign-in")
LINKS_ASKED = RateLimitItemPerMinute(20, WINDOW_MINUTES, namespace="link-asked")
INVITATIONS = RateLimitItemPerMinute(60, WINDOW_MINUTES, namespace="invitation")
LOGINS_BEGUN = RateLimitItemPerMinute(60, WINDOW_MINUTES, namespace="login-begun")
PASSKEYS_ASKED = RateLimitItemPerMinute(60, WINDOW_MINUTES, namespace="passkey-asked")
MESSAGES = RateLimitItemPerMinute(30, WINDOW_MINUTES, namespace="message")
"""Messages from one address beyond which somebody looks before they are shown. None is refused: a library has one address."""
CHECKS = RateLimitItemPerMinute(600, WINDOW_MINUTES, namespace="check")
"""Checks without a code: they move nothing, and many people share an address. This only keeps a flood from filling the disk."""
LINKS_TO_ONE = RateLimitItemPerMinute(3, 15, namespace="link-to-one")
"""Letters with a link that one address may get in the 15 minutes for which the first of them works: more would only be a nuisance.
Whoever asks in somebody else's name locks nobody out, as the letters do arrive with the one who may use them."""


class Limits:
    """The counters of this process. With several processes each counts for itself."""

    def __init__(self) -> None:
        self._counters = FixedWindowRateLimiter(MemoryStorage())
        self._day: date | None = None
        self._salt = b""

    def key(self, host: str, today: date) -> str:
        """Stands for an address for one day, and cannot be turned back into it."""
        if today != self._day:
            self._day, self._salt = today, secrets.token_bytes(16)
        return hashlib.blake2b(host.encode(), key=self._salt, digest_size=12).hexdigest()

    def room(self, limit: RateLimitItemPerMinute, key: str) -> bool:
        return self._counters.test(limit, key)

    def count(self, limit: RateLimitItemPerMinute, key: str) -> None:
        self._counters.hit(limit, key)


class Caller:
    """Whoever is calling, as far as counting failures goes. What a secret opens is never counted.

    People behind one address share its failures, so the limits are wide.
    """

    def __init__(self, counters: Limits, host: str, now: datetime) -> None:
        self._counters, self._today = counters, now.date()
        self._key = counters.key(host, self._today)
        self._behind_a_proxy = host.startswith("127.") or host == "::1"

    def ask(self, limit: RateLimitItemPerMinute) -> None:
        """Counts something that anybody may ask for, but not without end. Raises: TooMany."""
        if not self._counters.room(limit, self._key):
            raise TooMany(WINDOW_MINUTES * 60)
        self._counters.count(limit, self._key)

    def may_reach(self, limit: RateLimitItemPerMinute, address: str) -> bool:
        """Counts something that is sent to an address, whoever asks for it, and whether or not it is known here."""
        key = self._counters.key(address, self._today)
        found = self._counters.room(limit, key)
        self._counters.count(limit, key)
        return found

    def is_one_of_many(self, limit: RateLimitItemPerMinute) -> bool:
        """Counts something that is never refused; answers whether it is one of very many.

        An address of this machine is a proxy's whose word is not believed, and stands for everybody: it says nothing.
        """
        if self._behind_a_proxy:
            return False
        many = not self._counters.room(limit, self._key)
        self._counters.count(limit, self._key)
        return many

    def must_have_room(self, limit: RateLimitItemPerMinute) -> None:
        """Something that only a secret opens, and that takes longer than one transaction. Raises: TooMany."""
        if not self._counters.room(limit, self._key):
            raise TooMany(WINDOW_MINUTES * 60)

    def failed(self, limit: RateLimitItemPerMinute) -> None:
        """Counts that it opened nothing."""
        self._counters.count(limit, self._key)

    @contextmanager
    def opening(self, limit: RateLimitItemPerMinute, words: str) -> Iterator[None]:
        """Something that only a secret opens. What opens nothing is counted, and answered with these words.

        Raises: TooMany after too many failures in the window, NotFound.
        """
        if not self._counters.room(limit, self._key):
            raise TooMany(WINDOW_MINUTES * 60)
        try:
            yield
        except NotFound:
            self._counters.count(limit, self._key)
            raise NotFound(words) from None


class Allowance:
    """What the keys of one holder may ask for in a minute: so many requests, and so many rows in batches.

    Fair: a batch counts by its rows, so that a thousand rows cost the same however they are cut. Rows are counted when they were read;
    who has used them up waits with the next batch. Units: of this process; with several processes each counts for itself.
    """

    def __init__(self, *, requests: int, rows: int) -> None:
        self._counters = FixedWindowRateLimiter(MemoryStorage())
        self.requests = RateLimitItemPerMinute(requests, namespace="key-requests")
        self.rows = RateLimitItemPerMinute(rows, namespace="key-rows")

    def ask(self, holder: str) -> list[tuple[bytes, bytes]]:
        """Counts one request; answers the headers that say what is left. Raises: TooMany."""
        if not self._counters.hit(self.requests, holder) or not self._counters.test(self.rows, holder):
            empty = self.requests if not self._left(self.requests, holder)[0] else self.rows
            refusal = TooMany(max(1, self._left(empty, holder)[1]))
            refusal.headers |= {name.decode(): value.decode() for name, value in self.headers(holder)}
            raise refusal
        return self.headers(holder)

    def count_rows(self, holder: str, rows: int) -> None:
        """Counts the rows of a batch; more than are left leave none."""
        left, _seconds = self._left(self.rows, holder)
        if min(rows, left):
            self._counters.hit(self.rows, holder, cost=min(rows, left))

    def headers(self, holder: str) -> list[tuple[bytes, bytes]]:
        """RateLimit-Policy and RateLimit, as draft-ietf-httpapi-ratelimit-headers-10 has them."""
        named = {"requests": self.requests, "rows": self.rows}
        policy = ", ".join(f'"{name}";q={item.amount};w=60' for name, item in named.items())
        left = {name: self._left(item, holder) for name, item in named.items()}
        now = ", ".join(f'"{name}";r={number};t={seconds}' for name, (number, seconds) in left.items())
        return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", now.encode())]

    def _left(self, item: RateLimitItem, holder: str) -> tuple[int, int]:
        """How much is left, and in how many seconds all of it is there again."""
        stats = self._counters.get_window_stats(item, holder)
        return stats.remaining, max(0, round(stats.reset_time - time.time()))
