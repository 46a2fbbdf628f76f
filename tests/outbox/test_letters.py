"""Letters that could not be sent, as administrators see them; and letters in the place's own words, from which nothing is left out."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser as Html
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.language import Language, speaking
from service.outbox import rules
from service.outbox.actions import claim, done_with, give_up, post
from service.outbox.models import Claimed, For, Letter, LetterWording, Posted, Purpose, Written
from service.people.letters import invitation_letter, sign_in_letter
from service.people.models import Role
from service.people.queries import find_staff
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

AT = "/staff/hillside/settings/letters"
SAM = "sam@example.org"
OPENING, CLOSING = "Hello from all of us in {place}.", "Questions? Ring the hub: 01234 567890."

SignIn = Callable[..., TestClient]


@pytest.fixture
def admin(hillside: PlaceCard, signed_in: SignIn) -> TestClient:
    """Who sets hillside up."""
    return signed_in(hillside, Role.ADMIN)


def posted(make: Make, place: PlaceCard, failure: str | None = "SMTPRecipientsRefused", email: str = SAM) -> UUID:
    """A letter to somebody who is invited; with a failure, one that was given up."""
    make.person(place, Role.FRONTLINE, email=email, name="Sam Okoro")
    with make.database.write() as writes:
        staff = find_staff(writes, email)
        assert staff is not None
        post(writes, Purpose.INVITATION, email, "en", make.clock(), For(place.id, staff.id))
        letter = claim(writes, make.clock())
        assert letter is not None
        if failure:
            give_up(writes, letter, make.clock(), failure)
        else:
            done_with(writes, letter)
        return letter.id


def rows(database: Database, table: type[Letter] | type[Posted]) -> list[Letter | Posted]:
    with database.read() as reads:
        return list(reads.exec(select(table)))  # type: ignore[arg-type]


# ---- could not be sent -----------------------------------------------------------------------------------------------


def test_letter_that_was_sent_leaves_nothing_and_one_that_was_not_is_listed_without_what_it_said(
    make: Make, hillside: PlaceCard, admin: TestClient, database: Database
) -> None:
    posted(make, hillside, failure=None)
    assert rows(database, Posted) == [] and "No letter is stuck." in admin.get(AT).text
    posted(make, hillside)
    page = admin.get(AT).text
    assert "Sam Okoro" in page and SAM in page and "did not take it for this address" in page and "tried 1 time" in page
    for where in ("/staff/hillside/settings", "/staff/hillside/people"):
        assert "1 letter could not be sent." in admin.get(where).text
    assert all(letter.address is None for letter in rows(database, Letter) if isinstance(letter, Letter))


def test_letter_is_sent_again_to_the_address_that_the_person_has_now(
    make: Make, hillside: PlaceCard, admin: TestClient, database: Database
) -> None:
    letter = posted(make, hillside)
    assert admin.post(f"{AT}/given-up/{letter}/send").status_code == 303
    waiting = [one.address for one in rows(database, Letter) if isinstance(one, Letter) and one.given_up_at is None]
    assert waiting == [SAM] and "No letter is stuck" in admin.get(AT).text
    assert admin.post(f"{AT}/given-up/{letter}/send").status_code == 404, "once is enough"


def test_letter_that_nobody_needs_leaves_the_list(make: Make, hillside: PlaceCard, admin: TestClient, database: Database) -> None:
    letter = posted(make, hillside)
    assert admin.post(f"{AT}/given-up/{letter}/let-go").status_code == 303
    assert rows(database, Posted) == [] and "No letter is stuck" in admin.get(AT).text


def test_letter_to_somebody_who_may_not_sign_in_any_more_is_not_sent(
    make: Make, hillside: PlaceCard, admin: TestClient, database: Database, clock: SettableClock
) -> None:
    letter = posted(make, hillside)
    with database.write() as writes:
        staff = find_staff(writes, SAM)
        assert staff is not None
        staff.disabled_at = clock()
        writes.add(staff)
    assert "Send it again" not in admin.get(AT).text
    assert admin.post(f"{AT}/given-up/{letter}/send").status_code == 409


def test_letters_of_another_place_and_those_that_still_wait_are_nobodys_here(make: Make, hillside: PlaceCard, admin: TestClient) -> None:
    riverbank = make.collaboration("riverbank")
    theirs = posted(make, riverbank, email="theirs@example.org")
    assert "theirs@example.org" not in admin.get(AT).text
    for act in ("send", "let-go"):
        assert admin.post(f"{AT}/given-up/{theirs}/{act}").status_code == 404
    assert hillside.slug == "hillside"


# ---- in the place's own words ----------------------------------------------------------------------------------------


def written(make: Make, purpose: Purpose, language: str = "en") -> str:
    """The letter to Sam as it is sent."""
    writer = {Purpose.INVITATION: invitation_letter, Purpose.SIGN_IN: sign_in_letter}[purpose]("https://said.example")
    with make.database.write() as writes, speaking(Language(language)):
        now = make.clock()
        letter = writer(writes, Claimed(UUID(int=1), purpose, SAM, language, now, 1), now)
    assert isinstance(letter, Written)
    return re.sub(r"sign-in/\S+", "sign-in/...", letter.body)


def test_own_words_stand_around_the_letter_and_nothing_of_it_is_left_out(make: Make, hillside: PlaceCard, admin: TestClient) -> None:
    make.person(hillside, Role.FRONTLINE, email=SAM)
    for purpose in (Purpose.INVITATION, Purpose.SIGN_IN):
        before = written(make, purpose)
        assert admin.post(f"{AT}/{purpose}/en", data={"opening": OPENING, "closing": CLOSING}).status_code == 303
        after = written(make, purpose)
        assert after == f"Hello from all of us in Hillside.\n\n{before.rstrip()}\n\n{CLOSING}\n"
        assert "https://said.example/staff/sign-in/..." in after and "Do not pass it on." in after
        assert admin.post(f"{AT}/{purpose}/en", data={}).status_code == 303
        assert written(make, purpose) == before
    assert "with words of yours" not in admin.get(AT).text


def test_who_works_for_two_places_reads_the_words_of_neither(make: Make, hillside: PlaceCard, admin: TestClient) -> None:
    make.person(hillside, Role.FRONTLINE, email=SAM)
    admin.post(f"{AT}/sign_in/en", data={"opening": OPENING})
    make.person(make.collaboration("riverbank"), Role.FRONTLINE, email=SAM)
    assert "Hello from all of us" not in written(make, Purpose.SIGN_IN)


def test_letter_is_looked_at_before_it_is_kept(admin: TestClient, database: Database) -> None:
    looked = admin.post(f"{AT}/urgent/en", data={"opening": OPENING, "closing": CLOSING, "act": "look"})
    shown = " ".join(node.text() for node in Html(looked.text).css("blockquote p"))
    assert looked.status_code == 200 and shown.startswith("Hello from all of us in Hillside.") and shown.endswith(CLOSING)
    assert "This letter holds nothing of what was said" in shown
    with database.read() as reads:
        assert reads.exec(select(LetterWording)).all() == []


MISLEADING = ("Go to www.example.org.", "https://example.org", "Dear {name},", "Up to 100% of you", "[[place]]", "x" * 401, "{place")


def test_what_could_mislead_is_refused_and_nothing_typed_is_lost(admin: TestClient, database: Database) -> None:
    for wrong in MISLEADING:
        answer = admin.post(f"{AT}/invitation/en", data={"opening": wrong, "closing": CLOSING})
        assert answer.status_code == 422 and "There is a problem" in answer.text, wrong
        box = Html(answer.text).css_first("#opening")
        assert box is not None and wrong in box.text() and CLOSING in answer.text
    with database.read() as reads:
        assert reads.exec(select(LetterWording)).all() == []


def test_only_what_is_written_in_a_language_of_the_place_is_said_otherwise(admin: TestClient) -> None:
    for path in ("invitation/ur", "invitation/xx", "everything/en"):
        assert admin.get(f"{AT}/{path}").status_code == 404
        assert admin.post(f"{AT}/{path}", data={"opening": "x"}).status_code == 404
    assert rules.wrong_words("Ask us in {place}.") is None
