"""The page that says who read what and who changed what: for administrators, of what is theirs, in sentences that hold no words."""

import ast
import csv
import io
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser as Html
from starlette.testclient import TestClient

from service.audit.actions import record_reading
from service.audit.models import DONE, LEFT_OUT, NOT_TOLD, What
from service.journal.actions import OPERATOR, Actor
from service.journal.models import ActorKind
from service.partners.models import Scope
from service.people.actions import disable, invite
from service.people.models import InviteIn, Role
from service.people.queries import find_staff
from service.places.actions import set_collaboration
from service.places.queries import PlaceCard
from service.settings import ROOT
from tests.make import Make, SettableClock

SignIn = Callable[..., TestClient]
AUDIT = "/staff/hillside/audit"


def lines(browser: TestClient, **asked: Any) -> list[str]:
    """The sentences of the page, the newest first."""
    answer = browser.get(AUDIT, params=asked)
    assert answer.status_code == 200, answer.text
    return [" ".join(one.text().split()) for one in Html(answer.text).css(".audit .item > div + div > p:first-child")]


def staff_id(make: Make, email: str) -> UUID:
    with make.database.read() as reads:
        found = find_staff(reads, email)
    assert found is not None
    return found.id


def reading(make: Make, place: PlaceCard, by: UUID, what: What = What.CONTACT, **more: Any) -> None:
    with make.database.write() as writes:
        record_reading(writes, Actor(ActorKind.STAFF, by), what, "feedback", uuid4(), at=make.clock(), collaboration_id=place.id, **more)


@pytest.mark.parametrize("role", ["frontline", "coordinator", "moderator", "viewer"])
def test_nobody_but_administrators_reads_it(hillside: PlaceCard, signed_in: SignIn, visitor: TestClient, role: str) -> None:
    for path in (AUDIT, f"{AUDIT}/file"):
        assert signed_in(hillside, role).get(path).status_code == 404
        assert visitor.get(path).status_code == 303


def test_administrator_of_an_organisation_reads_what_is_its_own(
    make: Make, hillside: PlaceCard, signed_in: SignIn, clock: SettableClock
) -> None:
    council, hub, riverbank = make.organisation(hillside, "council"), make.organisation(hillside, "hub"), make.collaboration("riverbank")
    make.person(hillside, Role.COORDINATOR, email="bea@council.example", name="Bea of the council", organisation="council")
    make.person(hillside, Role.COORDINATOR, email="cem@hub.example", name="Cem of the hub", organisation="hub")
    make.person(riverbank, Role.COORDINATOR, email="ola@river.example", name="Ola of riverbank")
    make.key(hillside, Scope.FEEDBACK_WRITE, organisation=hub, name="Hub's own system")
    bea, cem, ola = (staff_id(make, email) for email in ("bea@council.example", "cem@hub.example", "ola@river.example"))
    clock.advance(minutes=1)
    reading(make, hillside, bea, organisation_id=council.id)
    reading(make, hillside, cem, organisation_id=hub.id)
    reading(make, hillside, cem)
    reading(make, riverbank, ola)
    whole, own = lines(signed_in(hillside, "admin", name="Dee")), lines(signed_in(hillside, "admin", organisation="council", name="Ed"))
    assert len([line for line in whole if "how to reach" in line]) == 3 and not [line for line in whole if "Ola" in line]
    assert len([line for line in own if "how to reach" in line]) == 1
    assert any("made a key for Hub's own system" in line for line in whole)
    assert any("Bea of the council" in line for line in own)
    assert not [line for line in own if "Cem" in line or "Hub" in line or "Dee" in line], own


def test_what_was_set_stands_beside_what_was_read(make: Make, hillside: PlaceCard, signed_in: SignIn, clock: SettableClock) -> None:
    admin = signed_in(hillside, "admin", email="dee@hillside.example", name="Dee Rahman")
    dee = Actor(ActorKind.STAFF, staff_id(make, "dee@hillside.example"))
    clock.advance(minutes=5)
    with make.database.write() as writes:
        invite(writes, dee, hillside, InviteIn(email="sam@hillside.example", name="Sam Okoro", role=Role.COORDINATOR), make.clock())
    clock.advance(minutes=5)
    with make.database.write() as writes:
        set_collaboration(writes, dee, "hillside", {"contact": "canary words"}, make.clock())
        disable(writes, OPERATOR, "sam@hillside.example", make.clock())
    clock.advance(minutes=5)
    assert dee.id is not None
    reading(make, hillside, dee.id, What.ORIGINAL, why="<b>Asked</b> by the sender")
    page = admin.get(AUDIT).text
    found = lines(admin)
    assert found[0].startswith("Dee Rahman opened words that were hidden, in number ")
    assert {"Whoever runs the service ended the access of Sam Okoro.", "Dee Rahman changed what the place says of itself."} == set(
        found[1:3]
    )
    assert found[3] == "Dee Rahman invited Sam Okoro."
    assert (
        "&lt;b&gt;Asked&lt;/b&gt; by the sender" in page
        and "canary" not in page
        and "signed in" not in page.partition("</main>")[0].lower()
    )
    people = [line for line in found if "invited" in line or "the access of" in line or "a role" in line]
    assert lines(admin, part="people") == people and len(people) >= 3
    assert lines(admin, part="originals") == found[:1]
    assert set(lines(admin, by=str(dee.id))) == {line for line in found if line.startswith("Dee Rahman")}
    assert lines(admin, since="2026-11-24") == lines(admin, until="2026-11-22") == []
    assert lines(admin, since="2026-11-23", until="2026-11-23") == found
    assert admin.get(AUDIT, params={"since": "soon"}).status_code == 422


def test_pages_and_file_hold_every_row_once_in_order(make: Make, hillside: PlaceCard, signed_in: SignIn, clock: SettableClock) -> None:
    admin = signed_in(hillside, "admin", email="dee@hillside.example", name="=Dee()")
    dee = staff_id(make, "dee@hillside.example")
    for number in range(110):
        clock.advance(minutes=0 if number % 2 else 1)
        reading(make, hillside, dee, What.ORIGINAL, why=f"reason {number}")
    seen: list[str] = []
    address: str | None = AUDIT
    while address:
        page = Html(admin.get(address).text)
        seen += [one.text() for one in page.css(".audit .meta bdi")]
        address = next((one.attributes["href"] for one in page.css("main .acts a") if "after=" in (one.attributes["href"] or "")), None)
    assert len(seen) == 110 == len(set(seen)) and seen[-1] in ("reason 0", "reason 1")
    answer = admin.get(f"{AUDIT}/file", params={"part": "originals"})
    assert answer.headers["cache-control"] == "no-store" and "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["why"] for row in rows] == seen and {row["who"] for row in rows} == {"'=Dee()"}, "no cell is a formula"


def verbs_of_the_journal() -> set[tuple[str, str]]:
    """Each (subject, verb) that the code writes down by name."""
    found = set()
    for path in (ROOT / "service").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record" and len(node.args) > 3:
                verb, subject = node.args[2], node.args[3]
                verbs = [
                    one for one in ([verb.body, verb.orelse] if isinstance(verb, ast.IfExp) else [verb]) if isinstance(one, ast.Constant)
                ]
                found |= {(str(subject.value), str(one.value)) for one in verbs if isinstance(subject, ast.Constant)}
    return found


def test_everything_that_was_set_has_a_sentence_of_its_own() -> None:
    told = (ROOT / "web" / "templates" / "audit" / "words.html").read_text(encoding="utf-8")
    subjects = {subject for those in DONE.values() for subject in those}
    written = {(subject, verb) for subject, verb in verbs_of_the_journal() if subject in subjects} - set(NOT_TOLD)
    assert len(written) > 20
    missing = sorted(f"{subject}.{verb}" for subject, verb in written if f"'{subject}.{verb}'" not in told)
    assert not missing, "web/templates/audit/words.html would say only that something was changed"
    assert subjects - {"holder"} <= {subject for subject, _verb in verbs_of_the_journal()}, "subjects that nothing writes down"


def test_every_subject_of_the_journal_is_told_or_left_out_on_purpose() -> None:
    told = {subject for those in DONE.values() for subject in those}
    written = {subject for subject, _verb in verbs_of_the_journal()}
    assert written - told == set(LEFT_OUT), "say in service/audit/models.py whether administrators read of it"
