"""Which addresses may be told, how a telling is signed, and when it is tried again."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as any_

from service.news import ALSO, LATER, NEW, QUIET, Event, events_of
from service.webhooks import rules
from service.webhooks.models import Fault
from tests.make import MONDAY

INSIDE = [
    *("127.0.0.1", "127.8.9.1", "0.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.2.1"),
    *("198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.0.8", "203.0.113.7"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::10.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::1"),
    "2001:0:7f00:1::1",
]
OUTSIDE = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", INSIDE)
def test_machine_that_is_not_on_the_internet_is_never_told(address: str) -> None:
    assert not rules.may_be_told([address])
    assert not rules.may_be_told([OUTSIDE[0], address]), "one address inside is reason enough"
    host = f"[{address}]" if ":" in address else address
    assert rules.wrong_with(f"https://{host}/hook")


@pytest.mark.parametrize("address", OUTSIDE)
def test_machine_on_the_internet_may_be_told(address: str) -> None:
    assert rules.may_be_told([address])


def test_name_that_leads_nowhere_is_not_told() -> None:
    assert not rules.may_be_told([])


@pytest.mark.parametrize("where", ["10.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "192.168.0.1"])
def test_test_setting_opens_loopback_and_nothing_else_inside(where: str) -> None:
    assert rules.may_be_told(["127.0.0.1", "::1"], loopback=True)
    assert not rules.may_be_told([where], loopback=True)


@pytest.mark.parametrize(
    "address",
    [
        *("", "cases.example.org", "ftp://cases.example.org", "http://cases.example.org", "https://", "https:///x", "https://localhost/"),
        *("https://a.example.org:22/", "https://a.example.org:80/", "https://a.example.org:0/", "https://a.example.org:99999/"),
        *("https://sam:secret@a.example.org/", "https://a@b.example.org/", "https://a.example.org/#x", "https://a.example.org/ b"),
        *("https://a.example.org\\@b.example.org/", "https://a.example.org/\nHost: b", "https://münchen.example/", "https://[::1/"),
        *("https://db/", "https://db.internal/", "https://printer.local/", "https://x.localhost/", "https://nas.home.arpa"),
        *("https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://017700000001/", "https://1.2.3.4.5/", "javascript:x"),
    ],
)
def test_address_that_is_none_or_leads_inside_is_refused_with_a_sentence(address: str) -> None:
    wrong = rules.wrong_with(address)
    assert wrong is not None and wrong.endswith(".")


@pytest.mark.parametrize("address", ["https://cases.example.org", "https://a.example.org:8443/x?y=1", "https://a.example.org:443/"])
def test_address_on_the_internet_is_taken(address: str) -> None:
    assert rules.wrong_with(address) is None


def test_signature_is_that_of_the_specification() -> None:
    """The values of the examples that came with the specification's own libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = MONDAY.fromtimestamp(1614265330, tz=MONDAY.tzinfo)
    headers = rules.headers_of("msg_p5jXN8AQM9LWM0D4loKWxJek", '{"test": 2432232314}', [secret], at)
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_library_of_other_people_knows_what_is_ours_and_refuses_what_is_not() -> None:
    """PyPI `standardwebhooks`, as docs/webhooks.md tells receivers to use it. It looks at the clock of this machine."""
    theirs = pytest.importorskip("standardwebhooks", reason="A verifier from outside: pip install standardwebhooks")
    old, new, foreign = (rules.new_secret() for _each in range(3))
    now, body = datetime.now(UTC), rules.body_of("ping", MONDAY, {"id": "7", "words": "ŵ"})
    headers = rules.headers_of("019a", body, [new, old], now)
    for secret in (old, new):
        assert theirs.Webhook(secret).verify(body, headers)["type"] == "ping"
    late = rules.headers_of("019a", body, [new], now - timedelta(minutes=6))
    wrong = [
        (foreign, body, headers),
        (new, body.replace("7", "8"), headers),
        (new, body, {**headers, "webhook-id": "019b"}),
        (new, body, late),
    ]
    for secret, said, told in wrong:
        with pytest.raises(theirs.WebhookVerificationError):
            theirs.Webhook(secret).verify(said, told)


def test_secret_has_the_form_and_the_length_of_the_specification() -> None:
    one, other = rules.new_secret(), rules.new_secret()
    assert one != other and one.startswith("whsec_") and 24 <= len(base64.b64decode(one[6:])) <= 64


def test_tries_go_on_for_about_three_days_and_then_end() -> None:
    now, tries = MONDAY, 1
    while (again := rules.next_try(tries, now, 0.0)) is not None:
        assert again > now
        now, tries = again, tries + 1
    assert tries == 1 + len(rules.WAITS)
    assert timedelta(days=3) < now - MONDAY < timedelta(days=4)


@given(any_.integers(1, len(rules.WAITS)), any_.floats(0, 1))
def test_chance_makes_a_wait_longer_by_a_fifth_at_most(tries: int, chance: float) -> None:
    wait = rules.WAITS[tries - 1]
    again = rules.next_try(tries, MONDAY, chance)
    assert again is not None and wait <= again - MONDAY <= wait * 1.2 + timedelta(seconds=1)


def test_only_2xx_says_that_it_arrived() -> None:
    assert {rules.answer_to(status).fault for status in (200, 201, 202, 204, 299)} == {None}
    assert {rules.answer_to(status).fault for status in (301, 302, 303, 307, 308, 304)} == {Fault.REDIRECTED}
    assert rules.answer_to(410).fault == Fault.GONE
    assert {rules.answer_to(status).fault for status in (400, 401, 404, 409, 429, 500, 503)} == {Fault.STATUS}


def test_acts_are_told_as_what_they_are_and_what_stays_in_the_house_is_not() -> None:
    assert events_of("feedback", "received") == (Event.FEEDBACK_CREATED,)
    assert events_of("feedback", "replied") == (Event.REPLY_PUBLISHED, Event.FEEDBACK_UPDATED)
    assert events_of("feedback", "withdrawn") == (Event.FEEDBACK_UPDATED,)
    assert events_of("promise", "moved") == (Event.PROMISE_UPDATED,)
    assert events_of("observation", "corrected") == (Event.OBSERVATIONS_STORED,)
    silent = [*QUIET, ("concern", "raised"), ("staff", "invited"), ("webhook", "added"), ("observation", "forgotten")]
    assert [act for act in silent if events_of(*act)] == []
    told = {*NEW.values(), *LATER.values(), *ALSO.values()}
    assert told | {Event.PING} == set(Event)
