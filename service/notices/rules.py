"""What is an e-mail address, what is a phone number that can get a text message, and what a browser may ask for.

Source: Ofcom's numbering plan (07 but not 070 are mobiles), E.164, RFC 8291 (the keys of a push subscription).
"""

import base64
import binascii
import json
import re

from service.notices.models import Subscription
from service.webhooks.rules import wrong_with

EMAIL = re.compile(r"[^\s@<>(),;:\"']{1,64}@[^\s@<>(),;:\"']{1,180}\.[^\s@<>(),;:\"'.]{2,}")
"""What is taken for an e-mail address."""

BETWEEN = re.compile(r"[\s().\-\u2010-\u2015/]")
UK = re.compile(r"\+44(?:7(?:[1-57-9]\d{8}|624\d{6})|[1-35689]\d{8,9})")
ABROAD = re.compile(r"\+(?!44)[1-9]\d{7,14}")
MOBILE = "+447"

MOST_OF_AN_ADDRESS = 200
"""Characters of an e-mail address."""

LONGEST = 1_000
"""Characters of a push service's address."""


def email_in(text: str) -> str | None:
    """The e-mail address that somebody typed; None where it is none."""
    typed = text.strip()
    return typed if len(typed) <= MOST_OF_AN_ADDRESS and EMAIL.fullmatch(typed) else None


def phone_in(text: str) -> str | None:
    """The phone number that somebody typed, as the world dials it; None where it is none. Without a country it is one of the UK."""
    typed = BETWEEN.sub("", text.strip().replace("(0)", ""))
    if typed.startswith("00"):
        typed = f"+{typed[2:]}"
    elif typed.startswith("0"):
        typed = f"+44{typed[1:]}"
    elif typed.startswith("447"):
        typed = f"+{typed}"
    return typed if UK.fullmatch(typed) or ABROAD.fullmatch(typed) else None


def mobile_in(text: str) -> str | None:
    """The same, where a text message can get there: of the UK's numbers only those of mobiles."""
    found = phone_in(text)
    return found if found and (found.startswith(MOBILE) or not found.startswith("+44")) else None


def contact_in(text: str) -> str | None:
    """What somebody typed, as it is kept; None where it is neither an e-mail address nor a phone number."""
    return email_in(text) or phone_in(text)


def subscription_in(text: str, *, loopback: bool = False) -> Subscription | None:
    """What a browser sent to be told something; None where it is not that, or names a machine that is not on the internet."""
    try:
        given = json.loads(text)
        endpoint, p256dh, auth = given["endpoint"], given["keys"]["p256dh"], given["keys"]["auth"]
        if len(endpoint) > LONGEST or wrong_with(endpoint, loopback=loopback):
            return None
        point, secret = (base64.b64decode(one + "=" * (-len(one) % 4), b"-_", validate=True) for one in (p256dh, auth))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, binascii.Error):
        return None
    known = len(point) == 65 and point[0] == 4 and len(secret) == 16
    return Subscription(endpoint, p256dh, auth) if known else None
