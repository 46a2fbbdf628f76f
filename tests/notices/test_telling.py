"""Whoever asked for it is told that there is news, by their browser or by text message: never a word of theirs, and never the code."""

import hashlib
import hmac
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from sqlmodel import select

from service.consents.actions import forget_contact
from service.database import Database
from service.errors import Conflict, Invalid, NotFound
from service.feedback.actions import withdraw
from service.feedback.code_actions import go_without_code
from service.feedback.contact_queries import unseal_contact, unseal_push
from service.feedback.models import Contact
from service.notices.actions import leave_contact, leave_push
from service.outbox.models import Letter
from service.outbox.push import public_key
from tests.loop.conftest import Talk
from tests.notices.conftest import SECRET, SERVICE, TEMPLATE, Peer, Phone, unplain

GoRound = Callable[[], None]


def leaves(talk: Talk, code: str, contact: str) -> bool:
    with talk.make.database.write() as writes:
        return leave_contact(writes, talk.make.keys, talk.place, code, contact, talk.make.clock())


def asks_to_be_told(talk: Talk, code: str, phone: Phone) -> bool:
    with talk.make.database.write() as writes:
        return leave_push(writes, talk.make.keys, talk.place, code, phone.subscription, talk.make.clock(), loopback=True)


def contacts(database: Database) -> list[Contact]:
    with database.read() as reads:
        return list(reads.exec(select(Contact)))


# ---- a browser -------------------------------------------------------------------------------------------------------


def test_browser_is_told_that_there_is_news_and_nothing_else(talk: Talk, phone: Phone, goes_round: GoRound) -> None:
    code, message = talk.says()
    assert asks_to_be_told(talk, code, phone) and not asks_to_be_told(talk, code, phone)
    talk.answers(message)
    goes_round()
    goes_round()
    [(path, headers, body)] = phone.peer.got
    assert path == "/push/1" and headers["content-encoding"] == "aes128gcm" and int(headers["ttl"]) > 0
    assert phone.reads(body) == {"title": "There is news about what you told us", "to": "/hillside/answer?lang=en"}
    said, mark = headers["authorization"].removeprefix("vapid t=").split(", k=")[0].rpartition(".")[::2]
    assert headers["authorization"].endswith(f", k={public_key(talk.make.keys.current.push)}")
    sign = unplain(mark)
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unplain(public_key(talk.make.keys.current.push)))
    pair = encode_dss_signature(int.from_bytes(sign[:32], "big"), int.from_bytes(sign[32:], "big"))
    point.verify(pair, said.encode(), ec.ECDSA(hashes.SHA256()))
    claims = json.loads(unplain(said.partition(".")[2]))
    assert claims["aud"] == phone.peer.url and 0 < claims["exp"] - talk.make.clock().timestamp() <= 86_400
    with talk.make.database.read() as reads:
        assert reads.exec(select(Letter)).all() == []


def test_what_a_browser_takes_is_sealed_and_goes_with_the_words(talk: Talk, phone: Phone, goes_round: GoRound) -> None:
    code, message = talk.says()
    asks_to_be_told(talk, code, phone)
    [row] = contacts(talk.make.database)
    assert phone.peer.url not in str(row) and row.sealed == ""
    talk.answers(message)
    with talk.make.database.write() as writes:
        withdraw(writes, talk.make.keys, talk.place, code, talk.make.clock())
    goes_round()
    assert contacts(talk.make.database) == [] and phone.peer.got == []


def test_browser_that_is_gone_is_forgotten_at_once(talk: Talk, phone: Phone, goes_round: GoRound) -> None:
    code, message = talk.says()
    asks_to_be_told(talk, code, phone)
    phone.peer.status = 410
    talk.answers(message)
    goes_round()
    talk.follows_up(message)
    goes_round()
    assert len(phone.peer.got) == 1 and contacts(talk.make.database) == []


def test_push_service_that_is_away_is_tried_again(talk: Talk, phone: Phone, goes_round: GoRound) -> None:
    code, message = talk.says()
    asks_to_be_told(talk, code, phone)
    phone.peer.status = 503
    talk.answers(message)
    goes_round()
    phone.peer.status = 201
    talk.make.clock.advance(minutes=1)
    goes_round()
    goes_round()
    assert len(phone.peer.got) == 2 and len(contacts(talk.make.database)) == 1


def test_machine_inside_is_never_told(talk: Talk, phone: Phone) -> None:
    code, _message = talk.says()
    with talk.make.database.write() as writes, pytest.raises(Invalid):
        leave_push(writes, talk.make.keys, talk.place, code, phone.subscription, talk.make.clock())
    assert contacts(talk.make.database) == []


# ---- a text message --------------------------------------------------------------------------------------------------


def test_text_message_goes_out_by_notify_once(talk: Talk, peer: Peer, goes_round: GoRound) -> None:
    code, message = talk.says()
    assert leaves(talk, code, "07700 900123") and not leaves(talk, code, "+44 7700 900 123")
    talk.answers(message)
    goes_round()
    goes_round()
    [(path, headers, body)] = peer.got
    sent = json.loads(body)
    assert path == "/v2/notifications/sms" and sent["phone_number"] == "+447700900123" and sent["template_id"] == TEMPLATE
    text = sent["personalisation"]["message"]
    assert text.startswith("Hillside: there is news") and text.endswith("/hillside/answer") and "bench" not in text and code not in text
    said, _dot, mark = headers["authorization"].removeprefix("Bearer ").rpartition(".")
    assert hmac.compare_digest(unplain(mark), hmac.new(SECRET.encode(), said.encode(), hashlib.sha256).digest())
    assert json.loads(unplain(said.partition(".")[2]))["iss"] == SERVICE


def test_notify_that_is_away_is_tried_again_and_a_number_that_it_refuses_is_not(talk: Talk, peer: Peer, goes_round: GoRound) -> None:
    code, message = talk.says()
    leaves(talk, code, "07700 900123")
    peer.status = 500
    talk.answers(message)
    goes_round()
    peer.status = 400
    talk.make.clock.advance(minutes=1)
    goes_round()
    talk.make.clock.advance(hours=1)
    goes_round()
    assert len(peer.got) == 2
    with talk.make.database.read() as reads:
        [letter] = reads.exec(select(Letter)).all()
    assert letter.given_up_at and letter.address is None


def test_landline_gets_no_text_message_and_nobody_is_told_who_did_not_ask(talk: Talk, peer: Peer, goes_round: GoRound) -> None:
    code, message = talk.says()
    leaves(talk, code, "01632 960001")
    _other, silent = talk.says("A second message.")
    talk.answers(message)
    talk.answers(silent)
    goes_round()
    assert peer.got == []


# ---- leaving and forgetting ------------------------------------------------------------------------------------------


def test_only_the_holder_of_a_code_leaves_something_and_only_an_address_or_a_number(talk: Talk) -> None:
    code, message = talk.says()
    with pytest.raises(NotFound):
        leaves(talk, "K7QF-2M9X-TR4D-W8ZP5", "jo@example.org")
    with pytest.raises(Invalid):
        leaves(talk, code, "knock twice")
    assert contacts(talk.make.database) == []
    assert leaves(talk, code, "jo@example.org") and leaves(talk, code, "sam@example.org")
    with talk.make.database.read() as reads:
        assert unseal_contact(reads, talk.make.keys, talk.place.id, message) == "sam@example.org"


def test_both_ways_stand_beside_each_other_and_are_forgotten_together(talk: Talk, phone: Phone) -> None:
    code, message = talk.says()
    leaves(talk, code, "jo@example.org")
    asks_to_be_told(talk, code, phone)
    with talk.make.database.read() as reads:
        assert unseal_contact(reads, talk.make.keys, talk.place.id, message) == "jo@example.org"
        assert unseal_push(reads, talk.make.keys, talk.place.id, message)
    with talk.make.database.write() as writes:
        assert forget_contact(writes, talk.make.keys, talk.place, code, talk.make.clock())
    assert contacts(talk.make.database) == []


def test_who_took_the_words_back_leaves_nothing(talk: Talk) -> None:
    code, _message = talk.says()
    with talk.make.database.write() as writes:
        withdraw(writes, talk.make.keys, talk.place, code, talk.make.clock())
    with pytest.raises(Conflict):
        leaves(talk, code, "jo@example.org")


def test_without_a_code_nobody_is_told_anything(talk: Talk, phone: Phone, goes_round: GoRound) -> None:
    code, message = talk.says(contact="07700 900123")
    asks_to_be_told(talk, code, phone)
    with talk.make.database.write() as writes:
        go_without_code(writes, talk.make.keys, talk.place, code, talk.make.clock())
    talk.answers(message)
    goes_round()
    assert phone.peer.got == [] and contacts(talk.make.database) == []
    with pytest.raises(NotFound):
        leaves(talk, code, "jo@example.org")
