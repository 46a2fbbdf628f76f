"""Sending letters: claimed, written, handed in to a real mail server, tried again, given up."""

import asyncio
import io
import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr, ValidationError
from sqlmodel import select

from service.database import Database, WriteSession
from service.journal.models import Entry
from service.outbox import rules
from service.outbox.actions import claim, post
from service.outbox.mail import MailServer
from service.outbox.models import Claimed, Letter, Purpose, Written
from service.outbox.worker import Worker
from service.settings import Settings
from tests.make import SettableClock
from tests.outbox.conftest import PostOffice

SAM = "sam@example.org"
Send = Callable[..., bool]


def write(_writes: WriteSession, letter: Claimed, _now: datetime) -> Written | None:
    """A letter for everybody but one."""
    return None if letter.address.startswith("nobody") else Written("Grüße", f"Dear {letter.address},\n.\nتم – done.\n")


@pytest.fixture
def send(database: Database, post_office: PostOffice, clock: SettableClock) -> Send:
    """Sends what is due longest, with this test's mail server; answers whether something was due."""

    def once(url: str = "", writer: object = write) -> bool:
        server = MailServer.at(url or post_office.url, "said@hillside.example")
        return asyncio.run(Worker(database, server, {Purpose.SIGN_IN: writer}, clock).send_one())  # type: ignore[dict-item]

    return once


def posted(database: Database, clock: SettableClock, address: str = SAM) -> None:
    with database.write() as writes:
        post(writes, Purpose.SIGN_IN, address, "en", clock())


def waiting(database: Database) -> list[Letter]:
    with database.read() as reads:
        return list(reads.exec(select(Letter)))


def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ---- what is not sent ------------------------------------------------------------------------------------------------


def test_letter_of_a_transaction_that_was_taken_back_is_never_sent(
    database: Database, clock: SettableClock, send: Send, post_office: PostOffice
) -> None:
    with suppress(RuntimeError), database.write() as writes:
        post(writes, Purpose.SIGN_IN, SAM, "en", clock())
        raise RuntimeError
    assert not send()
    assert post_office.letters == []


def test_letter_that_has_nobody_to_go_to_is_forgotten(
    database: Database, clock: SettableClock, send: Send, post_office: PostOffice
) -> None:
    posted(database, clock, "nobody@example.org")
    assert send()
    assert (post_office.letters, waiting(database)) == ([], [])


def test_letter_is_not_sent_by_two_at_once_and_not_lost_by_one_that_dies(database: Database, clock: SettableClock) -> None:
    posted(database, clock)
    with database.write() as writes:
        assert claim(writes, clock()) is not None
    with database.write() as writes:
        assert claim(writes, clock()) is None
    clock.at(clock() + rules.LEASE)
    with database.write() as writes:
        again = claim(writes, clock())
    assert again is not None and again.attempts == 2


# ---- sending ---------------------------------------------------------------------------------------------------------


def test_letter_arrives_word_for_word_and_nothing_of_it_is_kept(
    database: Database, clock: SettableClock, send: Send, post_office: PostOffice
) -> None:
    posted(database, clock)
    assert send()
    [letter] = post_office.letters
    assert post_office.envelopes == [("said@hillside.example", SAM)]
    assert (letter["Subject"], letter["To"], letter["From"]) == ("Grüße", SAM, "said@hillside.example")
    assert letter.get_content().replace("\r\n", "\n") == f"Dear {SAM},\n.\nتم – done.\n"
    assert letter["Message-ID"].endswith("@hillside.example>") and letter["Auto-Submitted"] == "auto-generated"
    assert waiting(database) == []
    assert not send()


def test_letters_go_in_the_order_in_which_they_came(database: Database, clock: SettableClock, send: Send, post_office: PostOffice) -> None:
    for number in (1, 2, 3):
        posted(database, clock, f"{number}@example.org")
        clock.advance(seconds=1)
    while send():
        pass
    assert [to for _sender, to in post_office.envelopes] == [f"{number}@example.org" for number in (1, 2, 3)]


# ---- when it fails ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["away", "refuses", "cannot be written"])
def test_letter_that_fails_is_tried_again_and_again_and_then_given_up_without_its_address(
    database: Database, clock: SettableClock, send: Send, post_office: PostOffice, fault: str
) -> None:
    def broken(_writes: WriteSession, letter: Claimed, _now: datetime) -> Written:
        raise LookupError(letter.address)

    posted(database, clock)
    post_office.refuses = "451" if fault == "refuses" else ""
    log = logging.getLogger().handlers[0]
    assert isinstance(log, logging.StreamHandler)
    heard = io.StringIO()
    before = log.setStream(heard)
    tries = 0
    for _second in range(20 * 60):
        while send(f"smtp://127.0.0.1:{closed_port()}" if fault == "away" else "", broken if fault.startswith("cannot") else write):
            tries += 1
        if waiting(database)[0].given_up_at:
            break
        clock.advance(seconds=15)
    log.setStream(before) if before else None
    [letter] = waiting(database)
    assert (tries, letter.address, letter.given_up_at) == (1 + len(rules.WAITS), None, clock())
    with database.read() as reads:
        assert [(entry.verb, entry.subject, entry.subject_id) for entry in reads.exec(select(Entry))] == [("given_up", "letter", letter.id)]
    assert post_office.letters == []
    assert heard.getvalue().count("letter not sent") == tries
    assert SAM not in heard.getvalue(), "the log holds no address"


def test_letter_that_failed_once_arrives_when_the_server_is_back(
    database: Database, clock: SettableClock, send: Send, post_office: PostOffice
) -> None:
    posted(database, clock)
    post_office.refuses = "451"
    assert send()
    post_office.refuses = ""
    assert not send(), "not at once"
    clock.at(clock() + rules.WAITS[0])
    assert send()
    assert len(post_office.letters) == 1
    assert waiting(database) == []


def test_one_letter_that_fails_keeps_no_other_from_going(
    database: Database, clock: SettableClock, send: Send, post_office: PostOffice
) -> None:
    def picky(_writes: WriteSession, letter: Claimed, _now: datetime) -> Written:
        if letter.address == SAM:
            raise LookupError
        return Written("x", "x")

    posted(database, clock)
    posted(database, clock, "other@example.org")
    assert [send(writer=picky), send(writer=picky), send(writer=picky)] == [True, True, False]
    assert [to for _sender, to in post_office.envelopes] == ["other@example.org"]


def test_letter_is_given_up_when_it_would_come_too_late(clock: SettableClock) -> None:
    now = clock()
    assert rules.next_try(Purpose.SIGN_IN, now, 1, now) == now + rules.WAITS[0]
    assert rules.next_try(Purpose.SIGN_IN, now - timedelta(minutes=15), 1, now) is None
    assert rules.next_try(Purpose.SIGN_IN, now, 1 + len(rules.WAITS), now) is None


# ---- settings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["http://127.0.0.1", "127.0.0.1:25", "smtp://", "smtp://a b", "smtp://host:port", "smtp://host/path"])
def test_address_of_no_mail_server_is_refused_by_name_at_the_start(url: str) -> None:
    with pytest.raises(ValidationError, match="SAID_SMTP_URL"):
        Settings(mode="test", smtp_url=SecretStr(url), mail_from="said@example.org")


def test_mail_comes_from_somebody() -> None:
    with pytest.raises(ValidationError, match="SAID_MAIL_FROM"):
        Settings(mode="test", smtp_url=SecretStr("smtp://127.0.0.1"))


def test_address_of_the_mail_server_may_stand_in_a_file(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    file = f"{tmp_path}/smtp"
    with open(file, "w") as secret:  # noqa: PTH123
        secret.write("smtps://said:p%40ss@mail.example.org\n")
    monkeypatch.setenv("SAID_SMTP_URL_FILE", file)
    monkeypatch.setenv("SAID_MAIL_FROM", "said@example.org")
    settings = Settings(mode="test")
    assert settings.sends_mail and settings.smtp_url is not None
    found = MailServer.at(settings.smtp_url.get_secret_value(), settings.mail_from)
    assert (found.host, found.port, found.user, found.password) == ("mail.example.org", 465, "said", "p@ss")
    assert "p%40ss" not in repr(settings)
