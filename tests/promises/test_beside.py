"""What stands beside a promise: steps that move nothing, and numbers and words that everybody sees only as far as they may anyway."""

from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from service.feedback.actions import withdraw
from service.feedback.desk_actions import publish
from service.journal.actions import OPERATOR
from service.places.queries import PlaceCard
from service.results.actions import put_indicator
from service.results.models import IndicatorIn
from tests.make import Make, SettableClock
from tests.promises.test_deals import id_of
from tests.promises.test_desk_pages import made, standing, wrong_in

STEP = {"title": "The stone is ordered", "due_on": "2026-12-01"}


def main(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(LexborHTMLParser(answer.text).css_first("main").text().split())


def stepped(client: TestClient, path: str) -> str:
    """A milestone of a promise; answers its id."""
    assert client.post(f"{path}/beside/milestones", data=STEP).status_code == 303
    return str(LexborHTMLParser(client.get(f"{path}/beside").text).css("#milestone option")[-1].attributes["value"])


def test_nobody_writes_beside_another_organisation_s_promise(at_council: TestClient, at_hub: TestClient) -> None:
    path = made(at_council)
    step = stepped(at_council, path)
    assert "The stone is ordered" in main(at_hub, f"{path}/beside")
    for where, sent in (
        ("milestones", STEP),
        ("milestones", {}),
        ("reached", {"milestone": step, "done_on": "2026-11-20", "note": "x"}),
        ("things", {"indicator": "school"}),
    ):
        assert at_hub.post(f"{path}/beside/{where}", data=sent).status_code == 404, where
    assert not LexborHTMLParser(at_hub.get(f"{path}/beside").text).css("main form")


def test_late_step_is_said_and_moves_nothing(
    hillside: PlaceCard, at_council: TestClient, visitor: TestClient, signed_in: Callable[..., TestClient], clock: SettableClock
) -> None:
    path = made(at_council)
    step, public = stepped(at_council, path), f"/hillside/promises/{id_of(path)}"
    assert "Still to come." in main(visitor, public)
    clock.advance(days=30)
    assert "This step is late." in main(visitor, public)
    assert (
        standing(visitor, path) == "made" and "Late" not in LexborHTMLParser(visitor.get("/hillside/promises").text).css_first(".st").text()
    )
    at_council = signed_in(hillside, organisation="council")  # a session does not last so long
    wrong = at_council.post(f"{path}/beside/reached", data={"milestone": step, "note": "It lies there.", "done_on": "2027-02-01"})
    assert wrong.status_code == 422 and wrong_in(wrong) == ["#done_on"] and "It lies there." in wrong.text
    done = {"milestone": step, "note": "It lies there.", "done_on": "2026-12-20"}
    assert at_council.post(f"{path}/beside/reached", data=done).status_code == 303
    assert at_council.post(f"{path}/beside/reached", data=done).status_code == 409
    assert "Done, says its maker. It lies there." in main(visitor, public)
    assert standing(visitor, path) == "made", "who reaches every step has kept nothing yet"


def test_step_without_a_day_is_asked_for_one(at_council: TestClient) -> None:
    path = made(at_council)
    answer = at_council.post(f"{path}/beside/milestones", data={"title": "<kept>"})
    assert answer.status_code == 422 and wrong_in(answer) == ["#due_on"]
    assert LexborHTMLParser(answer.text).css_first("#title").attributes["value"] == "<kept>"


def test_words_beside_a_promise_are_read_by_those_who_may_read_them_anyway(
    make: Make, hillside: PlaceCard, at_council: TestClient, staff: TestClient, visitor: TestClient
) -> None:
    path = made(at_council)
    public = f"/hillside/promises/{id_of(path)}"
    shown, secret = (make.message(hillside, words, share="words_public") for words in ("It is mud after rain.", "The mud took my shoe."))
    sam = make.at_work(hillside)
    with make.database.write() as writes:
        publish(writes, sam, make.message_id(shown), make.clock())
    found = LexborHTMLParser(staff.get(f"{path}/beside?q=mud").text)
    assert len(found.css("input[name=message]")) == 2
    for message in (shown, secret):
        assert staff.post(f"{path}/beside/things", data={"message": str(make.message_id(message))}).status_code == 303
        assert path in staff.get(f"/staff/hillside/messages/{make.message_id(message)}").text, "from the message to the promise"
    assert "The mud took my shoe." in main(staff, f"{path}/beside")
    assert "The mud took my shoe." not in main(at_council, f"{path}/beside"), "it is with nobody, so the council does not read it"
    assert at_council.post(f"{path}/beside/things", data={"message": str(make.message_id(secret))}).status_code == 404
    assert "It is mud after rain." in main(visitor, public) and "shoe" not in main(visitor, public)
    with make.database.write() as writes:
        withdraw(writes, make.keys, hillside, shown.code, make.clock())
    assert "It is mud after rain." not in main(visitor, public), "words that are taken back leave at once"


def test_story_and_number_stand_beside_and_are_taken_away(
    make: Make, hillside: PlaceCard, at_council: TestClient, staff: TestClient, visitor: TestClient
) -> None:
    path = made(at_council)
    story = make.story(hillside, "The nurse came on foot.")
    with make.database.write() as writes:
        given = IndicatorIn.model_validate({"name": "Falls in winter", "kind": "population", "unit": "falls", "good_direction": "down"})
        put_indicator(writes, OPERATOR, hillside, "falls", given, make.clock())
    for thing in ({"story": str(story)}, {"indicator": "falls"}):
        for _again in range(2):
            assert staff.post(f"{path}/beside/things", data=thing).status_code == 303
    assert main(staff, f"{path}/beside").count("The nurse came on foot.") == 1
    back = f"promises/{id_of(path)}"
    assert f"/hillside/{back}" in visitor.get("/hillside/results").text, "from the number to the promise"
    assert f"/staff/hillside/{back}" in staff.get(f"/staff/hillside/stories/{story}").text
    assert "nurse" not in main(visitor, f"/hillside/promises/{id_of(path)}"), "nobody published it"
    assert "Falls in winter" in main(visitor, f"/hillside/promises/{id_of(path)}")
    assert at_council.post(f"{path}/beside/things", data={"indicator": "falls", "away": "true"}).status_code == 303
    assert "Falls in winter" not in main(visitor, f"/hillside/promises/{id_of(path)}")
    assert staff.post(f"{path}/beside/things", data={}).status_code == 422
