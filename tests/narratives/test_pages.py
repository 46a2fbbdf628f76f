"""Stories as staff meet them: the log, the shelf, one story. Over HTTP and without JavaScript."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select
from starlette.testclient import TestClient

from service.consents.models import Consent
from service.database import Database
from service.journal.actions import OPERATOR
from service.narratives.actions import share_narrative, withdraw_narrative
from service.narratives.models import Narrative, Visibility
from service.narratives.rules import WORDING_VERSION
from service.people.models import Member
from service.places.queries import PlaceCard
from service.promises.actions import Speaker, make_promise
from service.promises.models import PromiseIn, Side
from service.results.actions import put_indicator
from service.results.models import IndicatorIn
from tests.make import Make, SettableClock
from tests.narratives.conftest import YES

LOG, SHELF = "/staff/hillside/log", "/staff/hillside/stories"
API = "/api/v1/hillside/narratives"
SignedIn = Callable[..., TestClient]
Do = Callable[..., None]


def typed(**fields: str) -> dict[str, str]:
    """The form as somebody fills it in."""
    said = {"body": "The key was not there.", "kind": "did_not_work", "occurred_on": "2026-11-20", "visibility": "private"}
    return {**said, "idempotency_key": str(uuid4()), **fields}


def page_of(browser: TestClient, path: str, **query: str) -> LexborHTMLParser:
    answer = browser.get(path, params=query or None)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def words_in(page: LexborHTMLParser, selector: str = "main") -> str:
    return " ".join(" ".join(node.text() for node in page.css(selector)).split())


def listed(browser: TestClient, **query: str) -> list[str]:
    return [node.text() for node in page_of(browser, SHELF, **query).css(".ilist .words")]


def stories(database: Database) -> list[Narrative]:
    with database.read() as reads:
        return list(reads.exec(select(Narrative).order_by(Narrative.id)))  # type: ignore[arg-type]


def deeds_on(page: LexborHTMLParser) -> set[str]:
    """What the page offers to do: the ends of the addresses of its forms."""
    return {(node.attributes["action"] or "").rpartition("/")[2] for node in page.css("main form")}


def choices_on(page: LexborHTMLParser) -> set[str]:
    return {node.attributes["value"] or "" for node in page.css("input[name=visibility]")}


# ---- who may ---------------------------------------------------------------------------------------------------------


def test_who_is_not_signed_in_or_does_not_work_here_sees_nothing(
    make: Make, hillside: PlaceCard, visitor: TestClient, signed_in: SignedIn, database: Database
) -> None:
    story = f"{SHELF}/{make.story(hillside, 'They shouted.')}"
    stranger, viewer = signed_in(make.collaboration("riverbank")), signed_in(hillside, "viewer")
    for path in (LOG, SHELF, story):
        answer = visitor.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
        assert {browser.get(path).status_code for browser in (stranger, viewer)} == {404}
    for path, sent in (
        (LOG, typed()),
        *((f"{story}/{deed}", {"visibility": "private", "sure": "yes"}) for deed in ("share", "withdraw", "pause")),
    ):
        assert visitor.post(path, data=sent).status_code == 401
        assert {browser.post(path, data=sent).status_code for browser in (stranger, viewer)} == {404}
    assert [row.state for row in stories(database)] == ["submitted"]


# ---- the log ---------------------------------------------------------------------------------------------------------


def test_story_is_stored_as_it_was_typed(make: Make, hillside: PlaceCard, signed_in: SignedIn, database: Database) -> None:
    council, area = make.organisation(hillside, "council"), make.area(hillside, "linden")
    with database.write() as writes:
        writes.expire_on_commit = False
        number = IndicatorIn.model_validate({"name": "Damp homes", "kind": "population", "unit": "%", "good_direction": "down"})
        indicator, _is_new = put_indicator(writes, OPERATOR, hillside, "damp", number, make.clock())
        path = PromiseIn(
            text="A hard path.", side=Side.OUR_PART, maker="council", made_on=date(2026, 11, 1), due_on=date(2027, 5, 1), kept_when="Dry."
        )
        promise = make_promise(writes, Speaker(OPERATOR, frozenset({council.id}), whole_place=True), hillside, path, make.clock())
    front = signed_in(hillside, "frontline", organisation="council")
    page = page_of(front, LOG, promise=str(promise.id), indicator="damp")
    assert [node.attributes["value"] for node in page.css(".if-promise option[selected], .if-outcome option[selected]")] == [
        str(promise.id),
        "damp",
    ]
    assert page.css("#occurred_on")[0].attributes["value"] == page.css("#given_on")[0].attributes["value"] == "2026-11-23"
    assert [node.attributes["value"] for node in page.css("input[name=visibility][checked]")] == ["private"]
    sent = typed(
        area="linden",
        barrier="another_service",
        visibility="public",
        consent="yes",
        given_on="2026-11-21",
        title="A key",
        promise=str(promise.id),
        add_promise="yes",
        indicator="damp",
        add_outcome="yes",
    )
    answer = front.post(LOG, data=sent)
    [row] = stories(database)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{SHELF}/{row.public_id}")
    assert (row.body, row.kind, row.area_id, row.barrier, row.occurred_on) == (
        sent["body"],
        "did_not_work",
        area.id,
        "another_service",
        date(2026, 11, 20),
    )
    assert (row.wish, row.title, row.promise_id, row.indicator_id) == ("public", "A key", promise.id, indicator.id)
    assert (row.organisation_id, row.captured_by, row.state) == (council.id, "frontline", "submitted")
    with database.read() as reads:
        [yes] = reads.exec(select(Consent)).all()
    assert (yes.given_on, yes.wording_version) == (date(2026, 11, 21), WORDING_VERSION)


def test_everything_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(staff: TestClient, database: Database) -> None:
    for fields, wrong in (
        ({"body": " ", "kind": "", "occurred_on": ""}, ["body", "kind", "occurred_on"]),
        ({"visibility": "public"}, ["consent"]),
        ({"consent": "yes", "given_on": ""}, ["given_on"]),
        ({"consent": "yes", "given_on": "2026-11-24", "occurred_on": "2026-11-24", "area": "gone"}, ["area", "occurred_on", "given_on"]),
        ({"promise": str(uuid4()), "indicator": "gone", "add_promise": "yes", "add_outcome": "yes"}, ["promise", "indicator"]),
        ({"add_promise": "yes", "add_outcome": "yes", "add_barrier": "yes", "barrier": "nothing"}, ["promise", "indicator", "barrier"]),
        ({"body": "x" * 5_001, "kind": "nonsense", "occurred_on": "yesterday"}, ["body", "kind", "occurred_on"]),
    ):
        sent = typed(title="A <title>", barrier="money", **fields) if "body" in fields else typed(body="We <waited>.", **fields)
        answer = staff.post(LOG, data=sent)
        page = LexborHTMLParser(answer.text)
        assert answer.status_code == 422, fields
        assert [node.attributes["href"] for node in page.css(".govuk-error-summary a")] == [f"#{name}" for name in wrong], fields
        assert all(page.css(f"#{name}") and page.css(f"#{name}-error") for name in wrong), fields
        assert page.css("textarea")[0].text() == sent["body"]
        assert (page.css("#title")[0].attributes["value"] or "") == sent.get("title", "")
        assert page.css("#occurred_on")[0].attributes["value"] == sent["occurred_on"]
        assert {node.attributes["value"] for node in page.css("input[checked]")} >= {
            sent["visibility"],
            *([sent["barrier"]] if "barrier" in sent else []),
        }
        hidden = {"visibility", "consent", "given_on", "occurred_on"} & set(wrong)
        assert bool(page.css("details[open]")) == bool(hidden or sent.get("title") or sent["visibility"] != "private")
        assert page.css("input[name=idempotency_key]")[0].attributes["value"] != sent["idempotency_key"]
    assert stories(database) == []


def test_second_tap_of_send_is_the_same_story(staff: TestClient, database: Database) -> None:
    sent = typed()
    first, second = (staff.post(LOG, data=sent) for _tap in range(2))
    assert first.status_code == second.status_code == 303 and first.headers["location"] == second.headers["location"]
    other = staff.post(LOG, data={**sent, "body": "Another story."})
    assert other.status_code == 409 and "You sent a story from this page before" in other.text and "Another story." in other.text
    again = LexborHTMLParser(other.text).css("input[name=idempotency_key]")[0].attributes["value"] or ""
    assert staff.post(LOG, data={**sent, "body": "Another story.", "idempotency_key": again}).status_code == 303
    assert [row.body for row in stories(database)] == [sent["body"], "Another story."]


def test_send_then_the_next_comes_back_to_an_empty_form(staff: TestClient) -> None:
    answer = staff.post(LOG, data=typed(act="next"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{LOG}?sent=yes")
    page = page_of(staff, LOG, sent="yes")
    assert "We have got it" in words_in(page, ".note") and page.css("textarea")[0].text() == ""


def test_who_works_for_several_says_for_which(make: Make, hillside: PlaceCard, signed_in: SignedIn, database: Database) -> None:
    for code in ("council", "hub", "nhs"):
        make.organisation(hillside, code)
    both = signed_in(hillside, "frontline", organisation="council", email="b@example.org")
    make.person(hillside, "coordinator", organisation="hub", email="b@example.org")
    assert [node.attributes["value"] for node in page_of(both, LOG).css("#organisation option")] == ["", "council", "hub"]
    for wrong in ("", "nhs"):
        answer = both.post(LOG, data=typed(organisation=wrong))
        assert answer.status_code == 422 and LexborHTMLParser(answer.text).css("#organisation-error")
    for code, teller in (("council", "frontline"), ("hub", "coordinator")):
        assert both.post(LOG, data=typed(organisation=code)).status_code == 303
        assert stories(database)[-1].captured_by == teller
    assert not page_of(signed_in(hillside, "frontline"), LOG).css("#organisation")


# ---- one story -------------------------------------------------------------------------------------------------------


def test_story_goes_from_the_log_to_everybody_by_two_people(
    hillside: PlaceCard, staff: TestClient, signed_in: SignedIn, visitor: TestClient
) -> None:
    at = staff.post(LOG, data=typed(visibility="public", consent="yes", given_on="2026-11-20")).headers["location"]
    mine = page_of(staff, at)
    assert "A second person must decide this" in words_in(mine)
    assert deeds_on(mine) == {"consent", "end", "severity", "withdraw"} and not choices_on(mine)
    assert staff.post(f"{at}/share", data={"visibility": "public"}).status_code == 403
    second = signed_in(hillside, "moderator")
    theirs = page_of(second, at)
    assert "A second person" not in words_in(theirs)
    assert deeds_on(theirs) == {"check", "consent", "end", "severity", "share", "withdraw"}
    assert choices_on(theirs) == {"public", "partners", "private"}
    assert second.post(f"{at}/check").headers["location"] == at
    assert "Somebody is checking it" in words_in(page_of(second, at), ".lead")
    assert visitor.get(API).json()["items"] == []
    assert second.post(f"{at}/share", data={"visibility": "public"}).status_code == 303
    assert "Everybody can read it" in words_in(page_of(second, at), ".lead")
    assert [item["body"] for item in visitor.get(API).json()["items"]] == ["The key was not there."]


def test_without_a_yes_public_is_not_offered_and_the_page_says_why(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    at = f"{SHELF}/{make.story(hillside)}"
    page = page_of(staff, at)
    assert choices_on(page) == {"partners", "private"} and "Nobody wrote down a yes" in words_in(page)
    assert staff.post(f"{at}/share", data={"visibility": "public"}).status_code == 409
    for sent, wrong in (({}, {"consent", "how", "given_on"}), ({"consent": "yes", "how": "phone", "given_on": "2026-11-24"}, {"given_on"})):
        answer = staff.post(f"{at}/consent", data=sent)
        hrefs = {node.attributes["href"] for node in LexborHTMLParser(answer.text).css(".govuk-error-summary a")}
        assert answer.status_code == 422 and hrefs == {f"#{name}" for name in wrong}
    assert staff.post(f"{at}/consent", data={"consent": "yes", "how": "phone", "given_on": "2026-11-23"}).status_code == 303
    page = page_of(staff, at)
    assert choices_on(page) == {"public", "partners", "private"} and "said yes on 23 November 2026" in words_in(page)


def test_yes_that_ended_is_said_and_can_be_renewed(
    make: Make, hillside: PlaceCard, signed_in: SignedIn, checker: Member, do: Do, clock: SettableClock, visitor: TestClient
) -> None:
    story = make.story(hillside, consent={**YES, "expires_on": "2026-11-23"})
    do(share_narrative, checker, story, Visibility.PUBLIC)
    clock.at("2026-11-24T09:00Z")
    staff = signed_in(hillside)
    words = words_in(page_of(staff, f"{SHELF}/{story}"))
    assert "The yes has ended, so nobody else sees it" in words and "has ended, so it cannot be shown" in words
    assert "The yes has ended" in words_in(page_of(staff, SHELF, part="shared"), ".ilist")
    assert visitor.get(API).json()["items"] == []
    staff.post(f"{SHELF}/{story}/consent", data={"consent": "yes", "how": "in_person", "given_on": "2026-11-24"})
    assert len(visitor.get(API).json()["items"]) == 1


def test_decision_that_came_too_late_is_told_and_changes_nothing(
    make: Make, hillside: PlaceCard, staff: TestClient, checker: Member, do: Do
) -> None:
    story = make.story(hillside)
    do(share_narrative, checker, story, Visibility.PRIVATE)
    answer = staff.post(f"{SHELF}/{story}/share", data={"visibility": "private"})
    assert answer.status_code == 409 and "in the meantime" in answer.text and "Kept private" in answer.text
    assert staff.post(f"{SHELF}/{story}/share", data={}).status_code == 422
    assert staff.post(f"{SHELF}/{story}/pause").status_code == 409


def test_all_staff_may_pause_what_others_share(
    make: Make, hillside: PlaceCard, signed_in: SignedIn, checker: Member, do: Do, visitor: TestClient
) -> None:
    make.organisation(hillside, "hub")
    story = make.story(hillside, consent=YES)
    do(share_narrative, checker, story, Visibility.PUBLIC)
    hub = signed_in(hillside, "frontline", organisation="hub")
    assert deeds_on(page_of(hub, f"{SHELF}/{story}")) == {"pause"}
    assert hub.post(f"{SHELF}/{story}/pause").headers["location"] == SHELF
    assert hub.get(f"{SHELF}/{story}").status_code == visitor.get(f"{API}/{story}").status_code == 404


def test_taking_back_asks_once_and_then_the_words_are_gone(
    make: Make, hillside: PlaceCard, staff: TestClient, checker: Member, do: Do, visitor: TestClient, signed_in: SignedIn
) -> None:
    story = make.story(hillside, "They shouted.", consent=YES)
    do(share_narrative, checker, story, Visibility.PUBLIC)
    at = f"{SHELF}/{story}"
    front = signed_in(hillside, "frontline")
    assert front.post(f"{at}/withdraw").status_code == front.post(f"{at}/withdraw", data={"sure": "yes"}).status_code == 403
    asked = staff.post(f"{at}/withdraw")
    assert asked.status_code == 200 and "Remove them?" in asked.text and visitor.get(f"{API}/{story}").status_code == 200
    done = staff.post(f"{at}/withdraw", data={"sure": "yes"})
    assert (done.status_code, done.headers["location"]) == (303, f"{SHELF}?part=all")
    assert {staff.get(at).status_code, visitor.get(f"{API}/{story}").status_code} == {404}
    assert listed(staff, part="all") == [] and "shouted" not in visitor.get(API).text


def test_public_page_shows_a_story_as_long_as_it_may_be_read(
    make: Make, hillside: PlaceCard, checker: Member, do: Do, visitor: TestClient, clock: SettableClock
) -> None:
    """The page is kept between two requests; a story that is taken back or whose yes ends is gone from it all the same."""
    words = {"gone": "They shouted.", "ends": "They came at once."}
    told = {name: make.story(hillside, said, consent={**YES, "expires_on": "2026-11-24"}) for name, said in words.items()}

    def shown() -> set[str]:
        return {name for _look in range(2) for name, said in words.items() if said in visitor.get("/hillside/narratives").text}

    assert shown() == set()
    for story in told.values():
        do(share_narrative, checker, story, Visibility.PUBLIC)
    assert shown() == {"gone", "ends"}
    do(withdraw_narrative, checker, told["gone"])
    assert shown() == {"ends"}
    clock.at("2026-11-25T00:30Z")
    assert shown() == set()


# ---- the shelf -------------------------------------------------------------------------------------------------------


@pytest.fixture
def told(make: Make, hillside: PlaceCard, checker: Member, do: Do) -> list[UUID]:
    """One that waits, one that is shared, one that is kept private."""
    found = [
        make.story(hillside, words, kind=kind, occurred_on=day, consent=YES)
        for words, kind, day in (("waits", "worked", "2026-11-01"), ("shared", "mixed", "2026-11-03"), ("kept", "worked", "2026-11-02"))
    ]
    do(share_narrative, checker, found[1], Visibility.PUBLIC)
    do(share_narrative, checker, found[2], Visibility.PRIVATE)
    return found


@pytest.mark.usefixtures("told")
def test_parts_and_kinds_narrow_the_shelf_and_its_counts(staff: TestClient) -> None:
    assert listed(staff) == listed(staff, part="nonsense") == ["waits"]
    assert listed(staff, part="shared") == ["shared"]
    assert listed(staff, part="all") == ["shared", "kept", "waits"]
    assert listed(staff, part="all", kind="worked") == ["kept", "waits"]
    assert listed(staff, part="shared", kind="surprise") == []
    page = page_of(staff, SHELF, part="all", kind="worked")
    assert [words_in(page, f"#part-{part}") for part in ("waiting", "shared", "all")] == ["Waiting 1", "Shared 0", "All 2"]
    assert {node.attributes["id"] for node in page.css("[aria-current=true]")} == {"part-all", "kind-worked"}
    assert "1 story waits for somebody to decide" in words_in(page, "h1")


@pytest.mark.usefixtures("told")
def test_part_of_the_page_is_the_same_as_in_the_page(staff: TestClient) -> None:
    part = staff.get(SHELF, headers={"HX-Request-Type": "partial", "HX-Target": "div#story-list"})
    assert part.text.strip() and part.text.strip() in staff.get(SHELF).text and "<html" not in part.text


def test_pages_of_the_shelf_hold_every_story_once(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    for number in range(53):
        make.story(hillside, str(number), occurred_on=date(2026, 11, 1 + number % 3))
    found, path = [], SHELF
    while path:
        page = page_of(staff, path)
        found += [node.text() for node in page.css(".ilist .words")]
        following = [node.attributes["href"] or "" for node in page.css("a") if "after=" in (node.attributes["href"] or "")]
        path = following[0] if following else ""
    assert sorted(found, key=int) == [str(number) for number in range(53)]


def test_words_are_shown_as_text_and_pages_kept_by_no_cache(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    words = "<script>alert(1)</script> {{ 7*7 }}"
    fields: dict[str, Any] = {"title": words, "barrier": words, "consent": YES}
    at = f"{SHELF}/{make.story(hillside, words, **fields)}"
    for answer in (
        staff.get(SHELF),
        staff.get(at),
        staff.post(f"{at}/withdraw"),
        staff.post(LOG, data=typed(body=words, kind="")),
        staff.get(LOG),
    ):
        assert answer.headers["cache-control"] == "no-store"
        page = LexborHTMLParser(answer.text)
        assert not page.css("main script") and (words in page.text() or answer.url.path == LOG)


def test_another_site_s_form_does_nothing(make: Make, hillside: PlaceCard, staff: TestClient, database: Database) -> None:
    at = f"{SHELF}/{make.story(hillside)}"
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        for path, sent in ((LOG, typed()), (f"{at}/withdraw", {"sure": "yes"}), (f"{at}/share", {"visibility": "partners"})):
            assert staff.post(path, data=sent, headers=headers).status_code == 403
    assert [row.state for row in stories(database)] == ["submitted"]
