"""What is left on the machine when residents and staff have used the service: no code, no address, no browser, no secret."""

import contextlib
import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import text
from sqlmodel import SQLModel

from service.database import Database
from service.places.queries import PlaceCard
from service.settings import Settings
from tests.faults.serving import served
from tests.make import Make

pytestmark = pytest.mark.slow

TELL, LOOK = "/api/v1/hillside/feedback", "/api/v1/hillside/receipts"
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}")

ADDRESS = "127.0.77.91"
"""From where the people of this test call: every address in 127/8 is this machine."""
FORWARDED, BROWSER = "198.51.100.77", "CanaryBrowser/77.91"
KEPT, TAKEN_BACK, REFUSED, ANSWERED = (f"canary {word} words" for word in ("kept", "withdrawn", "refused", "reply"))
MAIL, PHONE = "canary.person@example.org", "07700 900077"


class Slice:
    """The whole slice, driven by people whose every trace is known; remembers each secret it was given."""

    def __init__(self, address: str) -> None:
        self.secrets: set[str] = set()
        headers = {"User-Agent": BROWSER, "X-Forwarded-For": FORWARDED, "Forwarded": f"for={FORWARDED}", "Referer": f"https://{FORWARDED}/"}
        headers["Accept-Language"] = "en-CA,en;q=0.77"
        transport = httpx.HTTPTransport(local_address=ADDRESS)
        self.person = httpx.Client(base_url=address, headers=headers, transport=transport, timeout=30)

    def close(self) -> None:
        self.person.close()

    def tells(self, words: str, contact: str | None = None) -> str:
        """One message and its repeat; answers its code."""
        key = str(uuid4())
        sent = {"body": words, "kind": "not_good", "share": "words_public"} | ({"contact": contact} if contact else {})
        first, again = (self.person.post(TELL, json=sent, headers={"Idempotency-Key": key}) for _time in range(2))
        assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
        self.secrets |= {key, key.replace("-", ""), first.json()["receipt"]}
        return str(first.json()["receipt"])

    def fills_the_form_in(self, words: str) -> str:
        page = self.person.get("/hillside/tell").text
        [key] = re.findall(r'name="idempotency_key" value="([^"]+)"', page)
        answer = self.person.post("/hillside/tell", data={"body": words, "share": "team_only", "idempotency_key": key})
        code = CODE.search(LexborHTMLParser(answer.text).css("main")[0].text())
        assert answer.status_code == 200 and code
        self.secrets |= {key, code[0]}
        return code[0]

    def goes_wrong(self) -> None:
        """Everything that is refused, with words in it."""
        wrong = [
            self.person.post(TELL, json={"body": REFUSED, "area": REFUSED, "kind": REFUSED}),
            self.person.post(TELL, json={"body": REFUSED * 500}),
            self.person.post(TELL, content=f'{{"body": "{REFUSED}", NaN'.encode(), headers={"Content-Type": "application/json"}),
            self.person.post(TELL, json={"body": REFUSED}, headers={"Idempotency-Key": REFUSED}),
            self.person.post(TELL, json={"body": REFUSED}, headers={"Authorization": f"Bearer sad_x_{REFUSED}"}),
            self.person.post(TELL, json={"body": REFUSED, "area": "nowhere"}),
            self.person.post("/hillside/tell", data={"body": REFUSED, "kind": REFUSED}),
            self.person.post("/hillside/tell", data={"body": REFUSED, "idempotency_key": "1"}),
            self.person.post("/hillside/answer", data={"code": REFUSED}),
            self.person.post(LOOK, json={"code": "K7QF-2M9X-TR4D-W8ZP5"}),
            self.person.get(f"/{REFUSED}/tell", params={"q": REFUSED}),
            self.person.get(f"/staff/sign-in/{REFUSED}"),
            self.person.post(f"/staff/sign-in/{REFUSED}"),
            self.person.request(REFUSED.replace(" ", "").upper(), "/hillside"),
        ]
        assert [answer for answer in wrong if not 400 <= answer.status_code < 500] == []
        self.secrets |= {"K7QF-2M9X-TR4D-W8ZP5"}

    def staff_answers(self, link: str, message: str) -> None:
        answer = self.person.post(f"/staff/sign-in/{link}")
        assert answer.status_code == 303
        self.secrets |= {link, *self.person.cookies.values()}
        for act, data in (("read", {}), ("reply", {"outcome": "done", "body": ANSWERED})):
            assert self.person.post(f"{message}/{act}", data=data).status_code == 303
        assert self.person.get("/staff/hillside/inbox").status_code == self.person.get(message).status_code == 200
        assert self.person.post("/staff/sign-out").status_code == 303


def dumped(database: Database) -> str:
    """Every value of every table, as text."""
    with database.read() as reads:
        tables = SQLModel.metadata.sorted_tables
        return "\n".join(str(row) for table in tables for row in reads.execute(text(f"select * from {table.name}")))  # noqa: S608


def found(traces: set[str], where: str) -> list[str]:
    """Which traces are there, in any spelling of a code."""
    low = where.lower()
    spellings = {trace: {trace.lower(), trace.lower().replace("-", ""), trace.lower().replace("-", " ")} for trace in traces}
    return sorted(trace for trace, spelt in spellings.items() if any(one in low for one in spelt))


def files_in(folder: Path) -> str:
    return "\n".join(path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def left(make: Make, hillside: PlaceCard, settings: Settings, database: Database) -> Callable[[], tuple[Slice, dict[str, str]]]:
    """Drives the slice against a real server, stops it, and answers what is left where."""

    def drive() -> tuple[Slice, dict[str, str]]:
        link, key = make.person(hillside), make.key(hillside)
        answered = make.message(hillside, "answered words")
        with served(settings) as service, contextlib.closing(Slice(service.address)) as slice_:
            slice_.secrets |= {answered.code, key, key.split("_", 2)[2]}
            slice_.tells(KEPT, contact=MAIL)
            taken = [slice_.tells(TAKEN_BACK, contact=PHONE), slice_.fills_the_form_in(f"{TAKEN_BACK} again")]
            slice_.goes_wrong()
            slice_.staff_answers(link, f"/staff/hillside/messages/{make.message_id(answered)}")
            assert slice_.person.post(f"{LOOK}/withdraw", json={"code": taken[0]}).status_code == 200
            assert slice_.person.post("/hillside/answer", data={"code": taken[1], "act": "withdraw"}).status_code == 200
            slice_.person.get("/", headers={"Authorization": f"Bearer {key}"})
            running = {"the tables": dumped(database), "the log": service.log.read_text()}
            database.reader.dispose()
            database.writer.dispose()
            service.stop()
        folder = Path(settings.database.removeprefix("sqlite:///")).parent if database.is_sqlite else settings.var
        return slice_, {**running, "the files": files_in(folder) + (dumped(database) if not database.is_sqlite else "")}

    return drive


def test_nothing_is_left_by_which_anybody_could_be_known_and_no_words_in_the_log(
    left: Callable[[], tuple[Slice, dict[str, str]]], settings: Settings
) -> None:
    slice_, places = left()
    known_by = {ADDRESS, FORWARDED, BROWSER, "CanaryBrowser", "en-CA", MAIL, PHONE, *slice_.secrets}
    assert {name: found(known_by, where) for name, where in places.items()} == {name: [] for name in places}
    words = {KEPT, TAKEN_BACK, REFUSED, REFUSED.replace(" ", ""), REFUSED.replace(" ", "%20"), ANSWERED, "answered words", MAIL, PHONE}
    assert found(words, places["the log"]) == []
    assert found({REFUSED, TAKEN_BACK}, places["the tables"]) == []
    assert found({TAKEN_BACK}, places["the files"]) == [], "Words that were taken back stand in a page of the file that was let go."
    # The traces are looked for where they could be: what may stay is found, and the log did hear of the requests.
    assert found({KEPT, ANSWERED}, places["the tables"]) == found({KEPT, ANSWERED}, places["the files"]) == sorted({KEPT, ANSWERED})
    assert places["the log"].count('"route":"/api/v1/{c}/feedback"') >= 10
    assert oct((settings.var / "keys").stat().st_mode)[-3:] == "700"
    assert {oct(file.stat().st_mode)[-3:] for file in (settings.var / "keys").iterdir()} == {"600"}
