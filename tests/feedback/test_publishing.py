"""Which words everybody may read: offered by the sender, decided by somebody who is not of the organisation they are about."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import update
from sqlmodel import select
from starlette.testclient import TestClient

from service import verification
from service.database import Database
from service.errors import Conflict, NotFound, Refused
from service.feedback.actions import Received, withdraw
from service.feedback.desk_actions import publish, reply, withhold
from service.feedback.message_queries import get_message
from service.feedback.models import Feedback, Outcome, Publication, ReplyIn, State, WithheldReason
from service.feedback.queries import find_last_replied
from service.inbox.models import Part, Wanted
from service.inbox.queries import find_inbox
from service.people.models import Grant, Member, Role
from service.places.queries import PlaceCard, find_organisation
from tests.make import Make, SettableClock

URL = "/api/v1/hillside/feedback"
AtWork = Callable[..., Member]
NAMES = WithheldReason.NAMES_SOMEBODY


@pytest.fixture
def coordinator(at_work: AtWork, hillside: PlaceCard) -> Member:
    return at_work(hillside)


def offered(make: Make, place: PlaceCard, words: str = "The bench has gone.", **fields: Any) -> Received:
    return make.message(place, words, share="words_public", **fields)


def shown(make: Make, member: Member, message: Received) -> bool:
    with make.database.write() as writes:
        return publish(writes, member, make.message_id(message), make.clock())


def kept_back(make: Make, member: Member, message: Received, reason: WithheldReason = NAMES) -> bool:
    with make.database.write() as writes:
        return withhold(writes, member, make.message_id(message), reason, make.clock())


def answered(make: Make, member: Member, message: Received, body: str = "There is a new bench.") -> None:
    with make.database.write() as writes:
        given = ReplyIn(outcome=Outcome.CANNOT_DO, body=body, reason="The land is not ours.")
        reply(writes, member, make.message_id(message), given, make.clock())


def row_of(database: Database, message: Received) -> Feedback:
    with database.read() as reads:
        return reads.exec(select(Feedback).where(Feedback.public_id == message.public_id)).one()


def listed(client: TestClient, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(URL, params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def bodies(client: TestClient, **query: Any) -> set[str]:
    return {item["body"] for item in listed(client, **query)}


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_nobody_of_the_organisation_that_it_is_with_decides(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    for code in ("council", "nhs"):
        make.organisation(hillside, code)
        make.topic(hillside, code, organisation=code)
    message = offered(make, hillside, topic="council")
    for role in ("coordinator", "moderator", "frontline"):
        for code, refusal in (("council", Refused), ("nhs", NotFound)):
            member = at_work(hillside, role, organisation=code)
            for act in (shown, kept_back):
                with pytest.raises(refusal):
                    act(make, member, message)
    with pytest.raises(Refused):
        shown(make, at_work(hillside, "frontline"), message)
    for role in ("admin", "viewer"):
        with pytest.raises(NotFound):
            shown(make, at_work(hillside, role), message)
    assert row_of(make.database, message).publication == Publication.WAITING
    assert shown(make, at_work(hillside, "moderator"), message)


def test_role_for_the_whole_place_does_not_outweigh_one_of_the_organisation(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    council = make.organisation(hillside, "council")
    make.topic(hillside, "council", organisation="council")
    message, another = offered(make, hillside, topic="council"), offered(make, hillside)
    moderator = at_work(hillside, "moderator")
    both = Member(moderator.person, moderator.place, (*moderator.grants, Grant(Role.FRONTLINE, council.id)))
    with pytest.raises(Refused):
        shown(make, both, message)
    with make.database.read() as reads:
        card = get_message(reads, make.keys, both, make.message_id(message), make.clock())
        assert not card.may_publish and not card.may_withhold
        inbox = find_inbox(reads, both, Wanted(Part.OFFERED), make.clock())
        assert ([row.message.id for row in inbox.rows if row.message], inbox.counts[Part.OFFERED]) == ([make.message_id(another)], 1)
    assert shown(make, both, another)


def test_words_that_were_not_offered_are_never_shown(make: Make, hillside: PlaceCard, coordinator: Member) -> None:
    message = make.message(hillside, share="team_only")
    for act in (shown, kept_back):
        with pytest.raises(Conflict):
            act(make, coordinator, message)
    assert row_of(make.database, message).publication == Publication.NOT_OFFERED


# ---- deciding --------------------------------------------------------------------------------------------------------


def test_shown_in_the_week_in_which_it_was_first_shown(
    make: Make, hillside: PlaceCard, coordinator: Member, clock: SettableClock, visitor: TestClient
) -> None:
    message = offered(make, hillside)
    clock.at("2026-11-29T23:30Z")  # Sunday
    assert shown(make, coordinator, message) and not shown(make, coordinator, message)
    assert row_of(make.database, message).published_on == date(2026, 11, 23)
    clock.advance(days=9)
    assert kept_back(make, coordinator, message) and not kept_back(make, coordinator, message)
    row = row_of(make.database, message)
    assert (row.publication, row.withheld_reason, row.published_on) == (Publication.WITHHELD, NAMES, None)
    assert listed(visitor) == []
    assert kept_back(make, coordinator, message, WithheldReason.ABUSIVE)
    assert shown(make, coordinator, message)
    assert [item["week"] for item in listed(visitor)] == ["2026-11-23"]
    with make.database.read() as reads:
        assert verification.differences(reads) == []


def test_taken_back_is_gone_and_final(make: Make, hillside: PlaceCard, coordinator: Member, visitor: TestClient) -> None:
    message = offered(make, hillside)
    shown(make, coordinator, message)
    assert len(listed(visitor)) == 1
    with make.database.write() as writes:
        withdraw(writes, make.keys, hillside, message.code, make.clock())
    assert listed(visitor) == []
    for act in (shown, kept_back):
        with pytest.raises(NotFound):
            act(make, coordinator, message)
    row = row_of(make.database, message)
    assert (row.publication, row.published_on, row.first_published_on) == (Publication.WITHDRAWN, None, None)


@pytest.mark.parametrize("state", [State.SAFEGUARDING_HOLD, State.NOT_FEEDBACK])
def test_what_is_held_back_to_keep_someone_safe_is_not_shown(
    make: Make, hillside: PlaceCard, coordinator: Member, visitor: TestClient, state: State
) -> None:
    before, after = offered(make, hillside), offered(make, hillside, "Another.")
    shown(make, coordinator, before)
    with make.database.write() as writes:
        writes.execute(update(Feedback).values(state=state))
    assert listed(visitor) == []
    with pytest.raises(Conflict):
        shown(make, coordinator, after)


# ---- what everybody reads --------------------------------------------------------------------------------------------


def test_nothing_of_a_message_that_is_not_published_is_ever_listed(
    make: Make, hillside: PlaceCard, coordinator: Member, visitor: TestClient, clock: SettableClock
) -> None:
    """A canary in every field of messages in every publication but one."""
    make.area(hillside, "hill-road")
    make.topic(hillside, "canary-topic", name="canary topic")
    for publication in ("not_offered", "waiting", "withheld", "withdrawn"):
        share = "team_only" if publication == "not_offered" else "words_public"
        said = {name: f"canary {name}" for name in ("want", "have", "gap", "contact")}
        message = make.message(hillside, f"canary {publication}", share=share, topic="canary-topic", area="hill-road", **said)
        answered(make, coordinator, message, "canary reply")
        if publication == "withheld":
            shown(make, coordinator, message)
            kept_back(make, coordinator, message)
        if publication == "withdrawn":
            shown(make, coordinator, message)
            with make.database.write() as writes:
                withdraw(writes, make.keys, hillside, message.code, make.clock())
    plain = offered(make, hillside, contact="canary contact", area="hill-road", kind="good", language="en")
    shown(make, coordinator, plain)
    clock.advance(days=7)
    answered(make, coordinator, plain)
    for query in ({}, {"q": "canary"}, {"area": "hill-road"}, {"state": "replied"}, {"since": "2020-01-01"}):
        assert "canary" not in visitor.get(URL, params=query).text
    [item] = listed(visitor)
    assert item == {
        "id": str(plain.public_id),
        "week": "2026-11-23",
        "kind": "good",
        "body": "The bench has gone.",
        "want": None,
        "have": None,
        "gap": None,
        "tier": None,
        "photos": [],
        "area": "hill-road",
        "whole_place": False,
        "topic": None,
        "language": "en",
        "state": "replied",
        "replies": [
            {
                "outcome": "cannot_do",
                "body": "There is a new bench.",
                "reason": "The land is not ours.",
                "no_kind": "other",
                "organisation": None,
                "promise": None,
                "task": None,
                "week": "2026-11-30",
            }
        ],
    }
    assert str(make.message_id(plain)) not in visitor.get(URL).text


def test_list_is_narrowed_and_another_place_s_words_are_not_in_it(
    make: Make, hillside: PlaceCard, at_work: AtWork, clock: SettableClock, visitor: TestClient
) -> None:
    make.area(hillside, "hill-road")
    there = make.collaboration("riverbank")
    member = at_work(hillside)
    shown(make, at_work(there), offered(make, there, "In another place."))
    shown(make, member, offered(make, hillside, "The Bench has 50% gone.", area="hill-road", kind="not_good"))
    clock.advance(days=14)
    later = offered(make, hillside, "The path is wet.", kind="idea", want="A bench_too.")
    shown(make, member, later)
    answered(make, member, later)
    assert bodies(visitor) == {"The Bench has 50% gone.", "The path is wet."}
    bench, path = {"The Bench has 50% gone."}, {"The path is wet."}
    assert bodies(visitor, area="hill-road") == bodies(visitor, kind="not_good") == bodies(visitor, state="acknowledged") == bench
    assert bodies(visitor, since="2026-12-11") == bodies(visitor, kind="idea") == bodies(visitor, state="replied") == path
    assert bodies(visitor, q="bench") == bench | path
    assert bodies(visitor, q="50%") == bench and bodies(visitor, q="PÁTH too") == path and bodies(visitor, q="%_") == set()
    assert bodies(visitor, area="nowhere") == bodies(visitor, q="nothing like it") == set()
    for query in ({"state": "x"}, {"since": "1700000000"}, {"kind": "x"}, {"q": "x" * 101}, {"limit": 0}):
        assert visitor.get(URL, params=query).status_code == 422


def test_pages_hold_every_message_once_by_week_and_public_id(
    make: Make, hillside: PlaceCard, coordinator: Member, clock: SettableClock, visitor: TestClient
) -> None:
    for number in range(7):
        shown(make, coordinator, offered(make, hillside, f"Message {number}."))
        clock.advance(days=3)
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        body = visitor.get(URL, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        found += body["items"]
        if (cursor := body["next"]) is None:
            break
    assert len(found) == 7 == len({item["id"] for item in found})
    keys = [(item["week"], item["id"]) for item in found]
    assert keys == sorted(keys)
    assert visitor.get(URL, params={"cursor": "bm90LWEta2V5"}).status_code == 200


# ---- the person who wrote it -----------------------------------------------------------------------------------------


def test_sender_reads_what_was_decided_and_why(make: Make, hillside: PlaceCard, coordinator: Member, resident: TestClient) -> None:
    def page(message: Received) -> str:
        return " ".join(LexborHTMLParser(resident.post("/hillside/answer", data={"code": message.code}).text).css("main")[0].text().split())

    message = offered(make, hillside)
    assert "You said others may read this. We have not decided yet." in page(message)
    shown(make, coordinator, message)
    assert "Others can read this, without your name." in page(message)
    kept_back(make, coordinator, message)
    assert "We do not show it to them. This is why: It names somebody." in page(message)
    became = resident.post("/api/v1/hillside/receipts", json={"code": message.code}).json()
    assert (became["publication"], became["withheld_reason"]) == ("withheld", "names_somebody")
    assert "Only the team can read this." in page(make.message(hillside))


# ---- the page of staff -----------------------------------------------------------------------------------------------


def words_of(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(LexborHTMLParser(answer.text).css("main")[0].text().split())


def test_staff_show_it_and_take_it_back_with_a_reason(make: Make, hillside: PlaceCard, staff: TestClient, visitor: TestClient) -> None:
    message = offered(make, hillside)
    path = f"/staff/hillside/messages/{make.message_id(message)}"
    assert "is somebody named" in words_of(staff, path)
    answer = staff.post(f"{path}/publish")
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, path)
    assert staff.post(f"{path}/publish").status_code == 303
    assert "since the week of 23 November 2026" in words_of(staff, path) and len(listed(visitor)) == 1
    for sent in ({}, {"withheld_reason": ""}, {"withheld_reason": "nonsense"}):
        answer = staff.post(f"{path}/withhold", data=sent)
        page = LexborHTMLParser(answer.text)
        assert answer.status_code == 422
        assert [node.attributes["href"] for node in page.css(".govuk-error-summary a")] == ["#withheld_reason"]
        assert page.css("select#withheld_reason") and len(listed(visitor)) == 1
    assert staff.post(f"{path}/withhold", data={"withheld_reason": "could_tell_who"}).status_code == 303
    assert "Not shown to others. People could tell who it is about" in words_of(staff, path) and listed(visitor) == []


def test_page_says_plainly_that_it_was_not_offered_or_that_others_decide(
    make: Make, hillside: PlaceCard, staff: TestClient, signed_in: Callable[..., TestClient]
) -> None:
    path = f"/staff/hillside/messages/{make.message_id(make.message(hillside))}"
    assert "It was not offered to others, so nobody can show it." in words_of(staff, path)
    assert staff.post(f"{path}/publish").status_code == 409
    make.organisation(hillside, "council")
    make.topic(hillside, "paths", organisation="council")
    path = f"/staff/hillside/messages/{make.message_id(offered(make, hillside, topic='paths'))}"
    own = signed_in(hillside, "coordinator", organisation="council")
    assert "nobody of the organisation that it is with" in words_of(own, path)
    assert "/publish" not in own.get(path).text and own.post(f"{path}/publish").status_code == 403


def test_inbox_has_a_part_for_those_who_decide(
    make: Make, hillside: PlaceCard, staff: TestClient, signed_in: Callable[..., TestClient]
) -> None:
    message = offered(make, hillside, "May be read.")
    make.message(hillside, "For the team.")
    path = "/staff/hillside/inbox?part=offered"
    assert "May others read it? 1" in words_of(staff, path) and "For the team." not in words_of(staff, path)
    frontline = signed_in(hillside, "frontline")
    assert "May others read it?" not in words_of(frontline, path) and "For the team." in words_of(frontline, path)
    staff.post(f"/staff/hillside/messages/{make.message_id(message)}/publish")
    assert "Nothing waits to be shown." in words_of(staff, path)


# ---- who answered last -----------------------------------------------------------------------------------------------


def test_each_organisation_s_last_answer_is_known(make: Make, hillside: PlaceCard, coordinator: Member, clock: SettableClock) -> None:
    for code in ("council", "nhs"):
        make.organisation(hillside, code)
        make.topic(hillside, code, organisation=code)
    for _time in range(2):
        at = clock.advance(days=1)
        answered(make, coordinator, make.message(hillside, topic="council"))
    answered(make, coordinator, make.message(hillside))
    with make.database.read() as reads:
        council = find_organisation(reads, hillside.id, "council")
        assert council is not None and find_last_replied(reads, hillside.id) == {council.id: at}
