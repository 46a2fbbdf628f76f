"""What is taken for an address, a number that can get a text message, and a browser that can be told."""

import json

import pytest

from service.notices.rules import contact_in, email_in, mobile_in, phone_in, subscription_in

POINT = "B" + "A" * 86
GOOD = {"endpoint": "https://push.example.org/send/1", "keys": {"p256dh": POINT, "auth": "A" * 22}}


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("07700 900 123", "+447700900123"),
        ("+44 (0)7700 900123", "+447700900123"),
        ("0044 7700-900123", "+447700900123"),
        ("447700900123", "+447700900123"),
        ("01632 960 001", "+441632960001"),
        ("07624 900123", "+447624900123"),
        ("+353 87 123 4567", "+353871234567"),
    ],
)
def test_number_is_kept_as_the_world_dials_it(typed: str, dialled: str) -> None:
    assert phone_in(typed) == contact_in(typed) == dialled


@pytest.mark.parametrize("typed", ["", "12", "07700", "0770 not a number", "+44 7700 900 123 456", "+0 123", "07000 900123", "0" * 40])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert phone_in(typed) is None and contact_in(typed) is None


def test_text_messages_go_to_mobiles_only() -> None:
    assert mobile_in("07700 900123") == "+447700900123" and mobile_in("+353 87 123 4567")
    assert mobile_in("01632 960001") is None and mobile_in("jo@example.org") is None


def test_address_is_left_as_it_was_typed() -> None:
    assert email_in(" Jo.Bloggs@Example.org ") == contact_in("Jo.Bloggs@Example.org") == "Jo.Bloggs@Example.org"
    assert email_in(f"{'x' * 64}@{'a' * 130}.example.org") is None, "longer than what a message takes"
    assert [email_in(one) for one in ("jo@", "@example.org", "jo@example", "a b@example.org", "jo@example.org, sam@b.org")] == [None] * 5


def test_browser_that_can_be_told_is_known_by_what_it_sends() -> None:
    found = subscription_in(json.dumps({**GOOD, "expirationTime": None}))
    assert found and found.endpoint == GOOD["endpoint"]


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "[]",
        "null",
        "[" * 5_000,
        json.dumps({"endpoint": GOOD["endpoint"]}),
        json.dumps({**GOOD, "endpoint": 7}),
        json.dumps({**GOOD, "endpoint": "http://push.example.org/1"}),
        json.dumps({**GOOD, "endpoint": "https://127.0.0.1/1"}),
        json.dumps({**GOOD, "endpoint": "https://169.254.169.254/latest"}),
        json.dumps({**GOOD, "endpoint": "https://push.internal/1"}),
        json.dumps({**GOOD, "endpoint": "https://push.example.org:22/1"}),
        json.dumps({**GOOD, "endpoint": "https://push.example.org/" + "x" * 1_000}),
        json.dumps({**GOOD, "keys": {"p256dh": "short", "auth": "A" * 22}}),
        json.dumps({**GOOD, "keys": {"p256dh": POINT, "auth": "short"}}),
        json.dumps({**GOOD, "keys": {"p256dh": "\u00e4" * 87, "auth": "A" * 22}}),
    ],
)
def test_what_is_no_browser_or_names_a_machine_inside_is_refused(wrong: str) -> None:
    assert subscription_in(wrong) is None
