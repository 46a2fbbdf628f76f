"""One letter by SMTP. The only module that speaks to a mail server."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from service.outbox.models import Claimed, Written

TIMEOUT = 20.0
"""Seconds that a mail server may take for one answer."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PORTS = {"smtp": 587, "smtps": 465}


class NotSentError(Exception):
    """A letter was not taken; says the kind of failure and nothing of the letter."""


class NobodyThereError(NotSentError):
    """Nobody will ever take it: whoever it was for is not there any more."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed in, and from whom they come."""

    scheme: str
    host: str
    port: int
    user: str | None
    password: str | None
    sender: str

    @classmethod
    def at(cls, address: str, sender: str) -> "MailServer":
        """Reads smtp://user:password@host:port (STARTTLS) or smtps://... (TLS from the first byte). Raises: ValueError."""
        parts = urlsplit(address)
        if parts.scheme not in PORTS or not parts.hostname or parts.path not in ("", "/"):
            raise ValueError("SAID_SMTP_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465")
        user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
        return cls(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme], user, password, sender)

    def send(self, letter: Claimed, written: Written) -> None:
        """Hands one letter in. Raises: NotSentError."""
        try:
            with self._connection() as connection:
                if self.user is not None:
                    connection.login(self.user, self.password or "")
                connection.send_message(self._message(letter, written), from_addr=self.sender, to_addrs=[written.to or letter.address])
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise NotSentError(type(error).__name__) from None  # what the server said may repeat the address

    def _connection(self) -> smtplib.SMTP:
        secure = ssl.create_default_context()
        if self.scheme == "smtps":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=secure)
        connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        if self.host not in LOOPBACK:  # a server on this machine may do without; any other must be able to
            try:
                connection.starttls(context=secure)
            except BaseException:
                connection.close()
                raise
        return connection

    def _message(self, letter: Claimed, written: Written) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, written.to or letter.address, written.subject
        message["Date"] = format_datetime(letter.made_at)
        message["Message-ID"] = f"<{letter.id}.{letter.attempts}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(written.body)  # which throws away what was said of the content before
        message["Content-Language"] = written.language or letter.language
        return message
