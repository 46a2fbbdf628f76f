"""Names are taken out everywhere at once; the original stays sealed, and every opening of it is kept."""

from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborHTMLParser as Html
from sqlmodel import select
from starlette.testclient import TestClient

from service.audit.models import Reading, What
from service.errors import Invalid, NotFound, Refused
from service.feedback.actions import withdraw
from service.feedback.desk_actions import publish
from service.moderation.models import Redaction
from service.moderation.redaction_actions import open_original, put_back, redact_message, redact_story
from service.people.models import Member
from service.places.queries import PlaceCard
from tests.make import Make
from tests.moderation.conftest import offered, row

AtWork = Callable[..., Member]
SAID = "Anna Bloggs took the bench. I saw ANNA  BLOGGS, and Joanna Bloggsworth too. Her number is 01632 960001."
LEFT = "[name removed] took the bench. I saw [name removed], and Joanna Bloggsworth too. Her number is [name removed]."


def test_names_go_everywhere_and_the_original_stays_sealed(
    make: Make, hillside: PlaceCard, at_work: AtWork, visitor: TestClient, resident: TestClient
) -> None:
    sam, sent = at_work(hillside), offered(make, hillside, SAID, want="To ask Anna Bloggs.")
    message = make.message_id(sent)
    with make.database.write() as writes:
        assert redact_message(writes, make.keys, sam, message, ["anna bloggs", "01632 960001"], make.clock()) == 4
        publish(writes, sam, message, make.clock())
    assert (row(make, message).body, row(make, message).want) == (LEFT, "To ask [name removed].")
    for page in ("/api/v1/hillside/feedback", "/hillside/community-reporting", "/hillside/search?q=bench"):
        assert "Anna" not in visitor.get(page).text.replace("Joanna", "")
    assert "took the bench" not in visitor.get("/hillside/search?q=anna").text
    told = resident.post("/hillside/answer", data={"code": sent.code}).text
    assert "We took out 4 pieces that name somebody." in told and "[name removed]" in told
    with make.database.read() as reads:
        sealed = reads.exec(select(Redaction)).all()
    assert sum(one.pieces for one in sealed) == 4 and not any("Anna" in one.sealed for one in sealed)


def test_original_opens_for_a_reason_that_is_kept(
    make: Make, hillside: PlaceCard, at_work: AtWork, signed_in: Callable[..., TestClient]
) -> None:
    sam, message = at_work(hillside), make.message_id(offered(make, hillside, SAID))
    with make.database.write() as writes:
        redact_message(writes, make.keys, sam, message, ["Anna Bloggs"], make.clock())
    browser, names = signed_in(hillside, "moderator"), f"/staff/hillside/messages/{message}/names"
    action = Html(browser.get(names).text).css_first("form[action*='/originals/']").attributes["action"] or ""
    refused = browser.post(action, data={"why": ""})
    assert refused.status_code == 422 and "ANNA" not in refused.text
    assert "ANNA" in browser.post(action, data={"why": "A complaint was made."}).text
    with make.database.read() as reads:
        assert [(one.what, one.why) for one in reads.exec(select(Reading))] == [(What.ORIGINAL, "A complaint was made.")]
    for who in (signed_in(hillside, "frontline"), signed_in(hillside, "viewer"), signed_in(make.collaboration("riverbank"))):
        assert who.post(action, data={"why": "x"}).status_code in (403, 404)


def test_organisation_takes_nothing_out_of_what_is_about_it(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    make.organisation(hillside, "council")
    make.topic(hillside, "council", organisation="council")
    message = make.message_id(offered(make, hillside, SAID, topic="council"))
    with pytest.raises(Refused), make.database.write() as writes:
        redact_message(writes, make.keys, at_work(hillside, organisation="council"), message, ["bench"], make.clock())
    sam = at_work(hillside)
    with make.database.write() as writes:
        redact_message(writes, make.keys, sam, message, ["bench"], make.clock())
    with make.database.read() as reads:
        redaction = reads.exec(select(Redaction.id)).one()
    own = at_work(hillside, organisation="council")
    with pytest.raises(Refused), make.database.write() as writes:
        open_original(writes, make.keys, own, redaction, "x", make.clock())


@pytest.mark.parametrize("pieces", [[], [" "], ["Bloggsw"], ["nobody"], ["Bloggs"] * 1 + [f"x{number}" for number in range(50)]])
def test_what_does_not_stand_there_is_not_taken_out(make: Make, hillside: PlaceCard, at_work: AtWork, pieces: list[str]) -> None:
    message = make.message_id(offered(make, hillside, SAID))
    with pytest.raises(Invalid), make.database.write() as writes:
        redact_message(writes, make.keys, at_work(hillside), message, pieces, make.clock())
    assert row(make, message).body == SAID


def test_too_much_is_put_back_and_withdrawal_forgets_the_original(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam, sent = at_work(hillside), offered(make, hillside, SAID)
    message = make.message_id(sent)
    for pieces in (["Anna Bloggs"], ["bench"]):
        with make.database.write() as writes:
            redact_message(writes, make.keys, sam, message, pieces, make.clock())
    with make.database.read() as reads:
        first, second = sorted(reads.exec(select(Redaction.id)))
    with make.database.write() as writes:
        put_back(writes, make.keys, sam, second, make.clock())
    assert "the bench" in (row(make, message).body or "") and "Anna" not in (row(make, message).body or "").replace("Joanna", "")
    with make.database.write() as writes:
        put_back(writes, make.keys, sam, first, make.clock())
        redact_message(writes, make.keys, sam, message, ["Anna Bloggs"], make.clock())
    with make.database.write() as writes:
        withdraw(writes, make.keys, hillside, sent.code, make.clock())
    with make.database.read() as reads:
        assert reads.exec(select(Redaction)).all() == []


def test_names_are_taken_out_of_stories(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    story = make.story(hillside, SAID, title="Anna Bloggs")
    with pytest.raises((NotFound, Refused)), make.database.write() as writes:
        redact_story(writes, make.keys, at_work(hillside, "frontline"), story, ["Anna Bloggs"], make.clock())
    with make.database.write() as writes:
        assert redact_story(writes, make.keys, at_work(hillside), story, ["Anna Bloggs"], make.clock()) == 3
