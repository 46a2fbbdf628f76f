"""What nobody sends who means well: each with the status it must get, the same on both databases."""

import gzip
import json
from collections.abc import Iterator

CANARY = "canary-7f3a91"
"""Stands in everything hostile, and may come back in no answer."""

KEY = "7d1c0d5e-4a9e-4c57-9d6e-0f2f3a5b6c7d"
MIB = 1024 * 1024


def _with(value: str) -> bytes:
    return b'{"body": "' + CANARY.encode() + b'", "more": ' + value.encode("utf-8", "surrogatepass") + b"}"


UNREADABLE: dict[str, tuple[bytes, int]] = {
    "a raw NUL": (_with('"\x00"'), 400),
    "half a character": (_with('"\ud800"'), 400),
    "half a character, escaped": (_with('"\\ud800"'), 400),
    "half a character as a name": (b'{"\\udfff": "' + CANARY.encode() + b'"}', 400),
    "NaN": (_with("NaN"), 400),
    "infinity": (_with("Infinity"), 400),
    "minus infinity": (_with("-Infinity"), 400),
    "a number beyond all floats": (_with("1e999"), 400),
    "a name twice": (b'{"body": "' + CANARY.encode() + b'", "body": "x"}', 400),
    "a name twice, deep inside": (_with('[{"a": [{"b": 1, "b": 2}]}]'), 400),
    "a number of 60,000 digits": (_with("9" * 60_000), 400),
    "a number of 100,000 digits": (_with("9" * 100_000), 413),
    "lists 900 deep": (_with("[" * 900 + "]" * 900), 400),
    "lists 30,000 deep": (_with("[" * 30_000 + "]" * 30_000), 400),
    "lists 200,000 deep": (_with("[" * 200_000 + "]" * 200_000), 413),
    "objects 5,000 deep": (_with('{"a":' * 5_000 + "1" + "}" * 5_000), 400),
    "bad UTF-8": (_with('"x"')[:-2] + b'\xff\xfe"}', 400),
    "UTF-16": (_with('"x"').decode().encode("utf-16"), 400),
    "a byte order mark": (b"\xef\xbb\xbf" + _with('"x"'), 400),
    "gzip": (gzip.compress(_with('"x"'), mtime=0), 400),
    "half of it": (_with('"x"')[:-1], 400),
    "something after it": (_with('"x"') + b" " + CANARY.encode(), 400),
    "no JSON": (CANARY.encode(), 400),
    "nothing": (b"", 422),
    "null": (b"null", 422),
    "a list": (f'["{CANARY}"]'.encode(), 422),
    "a word": (f'"{CANARY}"'.encode(), 422),
    "fields that nobody knows": (f'{{"state": "{CANARY}", "received_at": "2020-01-01", "organisation_id": null}}'.encode(), 422),
}
"""Bodies that no route of the API takes, whatever it is for."""

NUL = f"{CANARY}\x00"

UNSTORABLE: dict[str, list[object]] = {
    "body": [NUL, 7, ["x"], {"a": 1}, True, CANARY + "x" * 5_000],
    "want": [NUL, CANARY + "x" * 1_000],
    "have": [NUL],
    "gap": [NUL],
    "contact": [NUL, CANARY + "x" * 200],
    "kind": [CANARY, NUL, "", 1],
    "tier": [CANARY],
    "share": [CANARY, None],
    "area": [CANARY, NUL, "hill road", CANARY + "x" * 40, "../x", 5],
    "topic": [CANARY, NUL],
    "language": [CANARY, NUL, "", "english", "x" * 13],
    "occurred_on": [CANARY, NUL, "2026-13-01", "2026-11-24", "0000-01-01", "10000-01-01", "20261122", 0, 1_700_000_000, 1e300],
    "whole_place": [CANARY, None],
    "channel": ["web", CANARY],
    "on_behalf": [True, CANARY],
    "state": ["replied"],
    "publication": ["published"],
}
"""Values that a field of a message refuses by its name, from somebody without a key."""


def shapes() -> Iterator[tuple[str, bytes, int]]:
    """Geometries over which PostgreSQL, JSON or Python would stumble later."""
    members = {
        "a NUL": (f'"{CANARY}\\u0000"', 422),
        "half a character": (f'"{CANARY}\\udc00"', 400),
        "a number beyond all floats": ("1e999", 400),
        "a number of 4,000 digits": ("9" * 4_000, 422),
        "lists 300 deep": ("[" * 300 + "]" * 300, 400),
    }
    places = {
        "as a member": '{"type": "Point", "coordinates": [0, 51], "said": %s}',
        "as a coordinate": '{"type": "Point", "coordinates": [%s, 51]}',
        "as the type": '{"type": %s, "coordinates": [0, 51]}',
    }
    for member, (text, status) in members.items():
        for place, shape in places.items():
            yield f"{member} {place}", f'{{"name": "Hill Road", "shape": {shape % text}}}'.encode(), status


URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"


def _part(header: bytes, body: bytes) -> bytes:
    return b'--x\r\nContent-Disposition: form-data; name="body"' + header + b"\r\n\r\n" + body + b"\r\n--x--\r\n"


def _form(body: bytes) -> bytes:
    return b"kind=good&idempotency_key=" + KEY.encode() + b"&body=" + CANARY.encode() + body


UNFILLED, UNREAD = {404, 422}, {400, 404, 422}
"""What a form answers that lacks what it needs, or to a thing that is not there; and to what it does not even try to read."""

FORMS: dict[str, tuple[str, bytes, set[int]]] = {
    "a NUL": (URLENCODED, _form(b"%00"), UNFILLED),
    "61 fields": (URLENCODED, b"&".join(b"f%d=x" % number for number in range(61)), {400}),
    "20,000 fields": (URLENCODED, b"&".join([b"f="] * 20_000), {400}),
    "200,000 fields": (URLENCODED, b"&".join([b"f="] * 200_000), {413}),
    "a field of 50 MiB": (URLENCODED, _form(b"x" * (50 * MIB)), {413}),
    "a part of 50 MiB": (MULTIPART, _part(b"", b"x" * (50 * MIB)), {413}),
    "a file where words belong": (MULTIPART, _part(b'; filename="a.txt"', CANARY.encode()), UNREAD),
    "a part that never ends": (MULTIPART, _part(b"", CANARY.encode())[:-8], UNREAD),
    "a part without a name": (MULTIPART, b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--\r\n", UNREAD),
    "another border": (MULTIPART, b"--y\r\n" + CANARY.encode(), UNREAD),
    "no border": ("multipart/form-data", _part(b"", CANARY.encode()), UNREAD),
    "JSON": ("application/json", json.dumps({"kind": "good", "body": CANARY, "idempotency_key": KEY}).encode(), UNREAD),
    "nothing": (URLENCODED, b"", UNFILLED),
}
"""Bodies that no form takes, and how each is announced."""

UUID7 = "0193a5c0-0000-7000-8000-000000000000"

ADDRESSES: dict[str, int] = {
    "/hill%00side/tell": 400,
    "/hillside/tell/%00": 400,
    "/hillside/tell?lang=%00": 400,
    "/%ED%A0%80/tell": 404,
    "/hillside%FF/tell": 404,
    f"/{'x' * 20_000}/tell": 404,
    "/api/v1/hill%00side/areas": 400,
    "/api/v1/%F0%9F%98%80/areas": 404,
    "/api/v1/hillside/areas?cursor=%00": 400,
    "/api/v1/hillside/areas?cursor=AAAA": 422,
    "/api/v1/hillside/areas?cursor=7aCA": 422,
    "/api/v1/hillside/areas?cursor=%ED%A0%80": 422,
    "/api/v1/hillside/areas?cursor=" + "A" * 401: 422,
    "/api/v1/hillside/areas?limit=0": 422,
    "/api/v1/hillside/areas?limit=201": 422,
    "/api/v1/hillside/areas?limit=NaN": 422,
    "/api/v1/hillside/areas?limit=" + "9" * 5_000: 422,
    "/staff/sign-in/%F0%9F%98%80": 404,
    "/staff/hillside/messages/" + CANARY: 404,
    "/staff/hillside/messages/" + UUID7: 404,
}
"""What is asked of a coordinator's browser, and the status."""

CURSORS = ["~", CANARY, f"9999-12-31T23:59:59-23:59~{UUID7}", f"0001-01-01T00:00:00+23:59~{UUID7}", f"0001-01-01~{UUID7}", "2026-11-23~x"]
"""Places in the inbox that no inbox gave."""

HEADERS: list[dict[str, bytes]] = [
    {"Origin": b"http://["},
    {"Origin": b"null"},
    {"Origin": b"\xff"},
    {"Accept-Language": b"\xff,\x00;q=x,,-,_," + b"a-" * 5_000},
    {"Authorization": b"Bearer " + CANARY.encode()},
    {"Authorization": b"Bearer sad_\x00_x"},
    {"Authorization": b"Bearer sad_\xff\xfe_" + b"x" * 9_000},
    {"Authorization": b"Basic " + CANARY.encode()},
    {"Cookie": b'said="\\000\\777; said=\xff; said'},
    {"Cookie": b"said=" + b"x" * 60_000},
    {"Idempotency-Key": b"\x00"},
    {"Idempotency-Key": b"\xff" * 16},
    {"Idempotency-Key": CANARY.encode()},
    {"Content-Length": b"1000000000000"},
    {"Content-Length": b"-1"},
    {"Content-Type": b"text/plain"},
    {"Content-Type": b"application/json; charset=utf-16"},
    {"Content-Type": b"\xff\x00"},
    {"HX-Request-Type": b"partial", "HX-Target": b"\xff#\x00" + b"[" * 5_000},
]
"""Headers that no browser sends."""
