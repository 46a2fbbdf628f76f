"""Keys on the pages of the settings: made and shown once, changed with an overlap, taken back; nobody reaches another's."""

import re
from collections.abc import Callable

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.journal.actions import OPERATOR
from service.journal.models import Entry
from service.partners.actions import Grants, add_key
from service.partners.models import Holder, Scope
from service.partners.queries import find_caller
from service.people.models import Role
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

KEYS = "/staff/hillside/settings/keys"
KEY = re.compile(r"sad_[a-z0-9]{10}_[\w-]{43}")
NEW = {"name": "Case system", "feedback": "yes", "days": "365"}

SignIn = Callable[..., TestClient]


@pytest.fixture
def admin(hillside: PlaceCard, signed_in: SignIn) -> TestClient:
    """Who sets hillside up."""
    return signed_in(hillside, Role.ADMIN)


def key_in(page: str) -> str:
    found = KEY.search(page)
    assert found is not None, page
    return found[0]


def works(database: Database, clock: SettableClock, key: str) -> bool:
    with database.read() as reads:
        return find_caller(reads, key, clock()) is not None


def holder(database: Database, name: str = "hillside: Case system") -> str:
    with database.read() as reads:
        return str(reads.exec(select(Holder.id).where(Holder.name == name)).one())


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_administrator_of_one_organisation_keeps_its_own_keys_and_no_other(
    make: Make, hillside: PlaceCard, signed_in: SignIn, database: Database, clock: SettableClock
) -> None:
    council, hub = make.organisation(hillside, "council"), make.organisation(hillside, "hub")
    theirs = make.key(hillside, name="hillside: Hub kiosk", organisation=hub)
    make.key(hillside, name="hillside: Everybody's")
    mine = signed_in(hillside, Role.ADMIN, organisation=council.code)
    for sent in (NEW, {**NEW, "organisation": "hub"}, {**NEW, "organisation": "nobody"}):
        assert mine.post(KEYS, data=sent).status_code == 422
    made = mine.post(KEYS, data={**NEW, "organisation": "council"})
    assert works(database, clock, key_in(made.text))
    page = mine.get(KEYS).text
    assert "Case system" in page and "Hub kiosk" not in page and "Everybody" not in page
    other = holder(database, "hillside: Hub kiosk")
    for act in ("rotate", "revoke", "close"):
        assert mine.post(f"{KEYS}/{other}/{act}", data={"key": theirs.split("_")[1], "overlap": "7"}).status_code == 404
    assert works(database, clock, theirs)


def test_key_of_another_place_is_out_of_reach_and_its_name_is_not_told(
    make: Make, admin: TestClient, database: Database, clock: SettableClock
) -> None:
    riverbank = make.collaboration("riverbank")
    theirs = make.key(riverbank, name="riverbank: Case system")
    other = holder(database, "riverbank: Case system")
    for act in ("rotate", "revoke", "close"):
        assert admin.post(f"{KEYS}/{other}/{act}", data={"key": theirs.split("_")[1], "overlap": "7"}).status_code == 404
    made = admin.post(KEYS, data=NEW)
    assert made.status_code == 200, "the same name in another place is no hindrance"
    own = holder(database)
    assert admin.post(f"{KEYS}/{own}/revoke", data={"key": theirs.split("_")[1]}).status_code == 404
    assert works(database, clock, theirs)


def test_place_lets_a_program_that_works_elsewhere_in_no_more_and_ends_none_of_its_keys(
    make: Make, hillside: PlaceCard, admin: TestClient, database: Database, clock: SettableClock
) -> None:
    riverbank = make.collaboration("riverbank")
    with database.write() as writes:
        grants = Grants(frozenset({Scope.FEEDBACK_WRITE}), [(hillside.id, None), (riverbank.id, None)])
        key = add_key(writes, OPERATOR, "The county", grants, clock())
    shared = holder(database, "The county")
    for act in ("rotate", "revoke"):
        assert admin.post(f"{KEYS}/{shared}/{act}", data={"key": key.split("_")[1], "overlap": "7"}).status_code == 409
    assert admin.post(f"{KEYS}/{shared}/close").status_code == 303
    with database.read() as reads:
        caller = find_caller(reads, key, clock())
    assert caller is not None and set(caller.places) == {riverbank.id}
    assert "The county" not in admin.get(KEYS).text


# ---- making, changing, taking back -----------------------------------------------------------------------------------


def test_key_is_shown_once_kept_nowhere_and_not_made_twice(admin: TestClient, database: Database, clock: SettableClock) -> None:
    made = admin.post(KEYS, data=NEW)
    key = key_in(made.text)
    assert made.headers["cache-control"] == "no-store" and works(database, clock, key)
    assert key not in admin.get(KEYS).text
    again = admin.post(KEYS, data=NEW)
    assert again.status_code == 422 and KEY.search(again.text) is None
    clock.advance(days=364, hours=23)
    assert works(database, clock, key)
    clock.advance(hours=1)
    assert not works(database, clock, key)


def test_another_key_opens_beside_the_old_one_which_ends(admin: TestClient, database: Database, clock: SettableClock) -> None:
    old = key_in(admin.post(KEYS, data=NEW).text)
    rotate = f"{KEYS}/{holder(database)}/rotate"
    new = key_in(admin.post(rotate, data={"overlap": "1"}).text)
    assert works(database, clock, old) and works(database, clock, new)
    assert admin.post(rotate, data={"overlap": "7"}).status_code == 409
    clock.advance(days=1)
    assert [works(database, clock, key) for key in (old, new)] == [False, True]


def test_key_that_is_taken_back_opens_nothing_and_the_place_finds_it_in_its_history(
    admin: TestClient, hillside: PlaceCard, database: Database, clock: SettableClock
) -> None:
    key = key_in(admin.post(KEYS, data=NEW).text)
    assert admin.post(f"{KEYS}/{holder(database)}/revoke", data={"key": key.split("_")[1]}).status_code == 303
    assert not works(database, clock, key) and "Taken back on" in admin.get(KEYS).text
    with database.read() as reads:
        verbs = reads.exec(select(Entry.verb).where(Entry.subject == "holder", Entry.collaboration_id == hillside.id)).all()
    assert sorted(verbs) == ["key_made", "key_revoked"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Say which system it is for."),
        ({"feedback": ""}, "Tick one thing at least"),
        ({"outcomes": "yes"}, "Figures are some organisation"),
        ({"organisation": "elsewhere"}, "Choose an organisation."),
        ({"days": "99999"}, "There is a problem"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(admin: TestClient, database: Database, wrong: dict[str, str], words: str) -> None:
    answer = admin.post(KEYS, data={**NEW, **wrong})
    assert answer.status_code == 422 and words in answer.text
    assert wrong.get("name") == "" or "Case system" in answer.text
    with database.read() as reads:
        assert reads.exec(select(Holder)).all() == []
