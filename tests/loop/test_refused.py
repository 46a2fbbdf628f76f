"""Whatever cannot be done as things stand answers 409 with a sentence that says what can be, and nothing that was typed is lost."""

from collections.abc import Callable
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select
from starlette.testclient import TestClient

from service.assets.actions import count_access, move_transfer, propose_transfer
from service.assets.models import AccessIn, MoveIn, TransferIn
from service.assets.models import Standing as Step
from service.checks.actions import check_promise
from service.checks.models import CheckIn, PromiseCheck, Verdict, Wish
from service.feedback.draft_models import Unsent
from service.feedback.models import Outcome
from service.people.models import Member
from service.places.queries import PlaceCard
from service.promises.actions import make_promise, report_progress, speaker_of
from service.promises.models import ProgressIn, PromiseIn, Standing
from service.themes.actions import give_answer, name_theme, return_answer, show_theme, write_answer
from service.themes.models import ThemeForm
from tests.make import Make

SignedIn = Callable[..., TestClient]
KEPT = "Long words that somebody typed, and would be sorry to lose."
PROMISE = {
    "side": "our_part",
    "maker": "council",
    "text": "We will lay a hard path.",
    "kept_when": "A pushchair gets there.",
    "made_on": "2026-11-01",
    "due_on": "2027-05-01",
}


@pytest.fixture
def sam(make: Make, hillside: PlaceCard) -> Member:
    """A coordinator for the whole place."""
    for code in ("council", "neighbours"):
        make.organisation(hillside, code, name=code.title())
    return make.at_work(hillside)


def refused(client: TestClient, path: str, typed: dict[str, str], sentence: str, *lost_would_be: str) -> None:
    """The answer is 409, says this, and every field that was typed is in the page still."""
    answer = client.post(path, data=typed)
    assert answer.status_code == 409, (path, answer.status_code)
    page = LexborHTMLParser(answer.text)
    assert sentence in " ".join(page.css_first("main").text().split()), (path, sentence)
    for words in lost_would_be or (KEPT,):
        assert words in answer.text, (path, words)


def promised(make: Make, sam: Member, *moves: Standing) -> UUID:
    """A promise of the council, and where the council moved it."""
    council = make.at_work(sam.place, organisation="council", email="ana@council.example")
    with make.database.write() as writes:
        promise = make_promise(writes, speaker_of(sam), sam.place, PromiseIn.model_validate(PROMISE), make.clock())
        for to in moves:
            report_progress(writes, speaker_of(council), sam.place, promise.id, ProgressIn(note="It is so.", to=to), make.clock())
        return promise.id


def test_promise_goes_nowhere_else_from_any_standing(make: Make, sam: Member, signed_in: SignedIn) -> None:
    bea, made = signed_in(sam.place, organisation="council", name="Bea Lee"), Standing.MADE
    typed = {
        "note": KEPT,
        "evidence": "Go and see.",
        "reason": "Why not.",
        "released_by": "The street meeting",
        "released_on": "2026-11-20",
    }
    for moves in ([], [Standing.UNDER_WAY], [Standing.STALLED], [Standing.CLAIMED_KEPT], [Standing.BROKEN]):
        path = f"/staff/hillside/promises/{promised(make, sam, *moves)}"
        offered = {node.attributes["value"] for node in LexborHTMLParser(bea.get(path).text).css("input[name=to]")}
        away = [to for to in Standing if to not in offered]
        assert len(away) > 6 and made in away and Standing.KEPT in away, "a maker never settles it"
        for to in (Standing.KEPT, away[0], away[-1]):
            refused(bea, f"{path}/updates", {**typed, "to": to}, "cannot go there from where it stands now.", *typed.values())


def test_milestones_of_what_has_ended_and_what_is_done_twice(make: Make, sam: Member, signed_in: SignedIn) -> None:
    bea, promise = signed_in(sam.place), promised(make, sam)
    path = f"/staff/hillside/promises/{promise}/beside"
    assert bea.post(f"{path}/milestones", data={"title": "The stone is ordered", "due_on": "2026-12-01"}).status_code == 303
    step = str(LexborHTMLParser(bea.get(path).text).css("#milestone option")[-1].attributes["value"])
    done = {"milestone": step, "done_on": "2026-11-20", "note": KEPT}
    assert bea.post(f"{path}/reached", data=done).status_code == 303
    refused(bea, f"{path}/reached", done, "Somebody said already that this is done.")
    ended = promised(make, sam, Standing.BROKEN)
    refused(
        bea,
        f"/staff/hillside/promises/{ended}/beside/milestones",
        {"title": KEPT, "due_on": "2026-12-01"},
        "The promise has ended",
    )


def test_deal_of_a_title_that_is_there_and_draft_that_is_published(make: Make, sam: Member, signed_in: SignedIn) -> None:
    bea = signed_in(sam.place)
    one, two = (bea.post("/staff/hillside/deals", data={"title": title}).headers["location"] for title in ("Streets", "Parks"))
    assert one != two
    refused(bea, "/staff/hillside/deals", {"title": "Streets", "said": KEPT}, "There is a deal with this title already.")
    refused(bea, two, {"title": "Streets", "said": KEPT}, "There is a deal with this title already.")
    promise = promised(make, sam)
    refused(bea, f"/staff/hillside/promises/{promise}/draft", PROMISE | {"text": KEPT}, "Say that it is changed")


def test_checks_of_what_nobody_is_asked_about(make: Make, sam: Member, visitor: TestClient, signed_in: SignedIn) -> None:
    promise = promised(make, sam)
    with make.database.write() as writes:
        for share, words in ((Wish.TEAM_ONLY, "For the team."), (Wish.WORDS_PUBLIC, "There is a knife in the bin.")):
            check_promise(writes, make.keys, sam.place, promise, CheckIn(verdict=Verdict.NO, comment=words, share=share), make.clock())
        team, held = writes.exec(select(PromiseCheck.id).order_by(PromiseCheck.share)).all()
    desk, path = signed_in(sam.place), f"/staff/hillside/promises/{promise}"
    for check, sentence in ((team, "does not want others to read it"), (held, "Somebody has to look at it first")):
        refused(desk, f"{path}/checks/{check}", {"act": "publish"}, sentence, "main")
    with make.database.write() as writes:
        given = ProgressIn(note="Let go.", to=Standing.RELEASED, released_by="The forum", released_on=make.clock().date())
        report_progress(writes, speaker_of(sam), sam.place, promise, given, make.clock())
    refused(visitor, f"/hillside/promises/{promise}/check", {"verdict": "no", "comment": KEPT}, "This promise was let go")
    answer = visitor.post(f"/api/v1/hillside/promises/{promise}/checks", json={"verdict": "no", "comment": KEPT})
    assert answer.status_code == 409 and "let go" in answer.json()["detail"]
    refused(desk, f"{path}/invitations", {"number": "5"}, "This promise was let go", "main")


def test_transfer_goes_nowhere_else_from_any_standing(make: Make, sam: Member, signed_in: SignedIn) -> None:
    bea, now = signed_in(sam.place), make.clock()
    with make.database.write() as writes:
        transfer = propose_transfer(writes, sam, TransferIn(asset="The hall", organisation="neighbours"), now)
        count_access(writes, sam, transfer, AccessIn(people="Everybody", before=40), now)
    path = f"/staff/hillside/asset-transfers/{transfer}"
    typed = {"note": KEPT, "plan": "Two keyholders and a plumber.", "moved_on": "2026-11-20", "review_on": "2027-11-01"}
    way = [
        (None, "The checks are done", (Step.TRANSFERRED, Step.REVIEWED, Step.KEPT)),
        ({"to": Step.CHECKS_DONE, "plan": "They can."}, "It has moved", (Step.CHECKS_DONE, Step.REVIEWED, Step.HANDED_BACK)),
        ({"to": Step.TRANSFERRED, "moved_on": "2026-11-20"}, "We looked at it again", (Step.CHECKS_DONE, Step.KEPT)),
        ({"to": Step.REVIEWED}, "It stays with the community; It is handed back", (Step.TRANSFERRED, Step.CHECKS_DONE)),
        ({"to": Step.KEPT}, "You can still add a note.", tuple(Step)[1:]),
    ]
    for move, sentence, away in way:
        with make.database.write() as writes:
            if move is not None:
                if move["to"] == Step.REVIEWED:
                    count_access(writes, sam, transfer, AccessIn(people="Everybody", after=39), now)
                move_transfer(writes, sam, transfer, MoveIn.model_validate({"note": "So.", **move}), now)
        for to in away:
            refused(bea, path, {**typed, "to": to}, sentence, *typed.values())
    counted = {"people": "People over 75 years", "before": "3456", "after": "2345"}
    refused(bea, f"{path}/people", counted, "what was counted stays", *counted.values())


def test_theme_and_what_is_answered_to_all_of_it(make: Make, sam: Member, signed_in: SignedIn) -> None:
    bea, kim, now = signed_in(sam.place), make.at_work(sam.place, email="kim@hillside.example"), make.clock()
    said = Unsent(Outcome.DONE, "They shine.")
    with make.database.write() as writes:
        theme = name_theme(writes, sam, ThemeForm(name="Dark streets"), now)
        given, returned, waits = (write_answer(writes, sam, theme, said, now, waits=True) for _number in range(3))
        give_answer(writes, kim, theme, given, None, now)
        return_answer(writes, kim, theme, returned, "Which lamps?", now)
    path = f"/staff/hillside/themes/{theme}/answer"
    for answer, sentence in ((given, "Somebody gave this answer already."), (returned, "Whoever wrote it can write it anew.")):
        refused(bea, f"{path}/give", {"answer": str(answer)}, sentence, "main")
        refused(bea, f"{path}/return", {"answer": str(answer), "why": KEPT}, sentence)
    own = signed_in(sam.place, email="kim@hillside.example")
    with make.database.write() as writes:
        mine = write_answer(writes, kim, theme, said, now, waits=True)
    refused(own, f"{path}/give", {"answer": str(mine)}, "Somebody else looks at it.", "main")
    refused(own, f"{path}/return", {"answer": str(mine), "why": KEPT}, "Somebody else looks at it.")
    assert own.post(f"{path}/return", data={"answer": str(waits), "why": ""}).status_code == 422
    nobody = {"outcome": "cannot_do", "no_kind": "no_money", "body": KEPT, "reason": "There is none."}
    answer = own.post(path, data=nobody)
    assert answer.status_code == 422 and all(words in answer.text for words in (KEPT, "There is none.")), "nobody waits"
    with make.database.write() as writes:
        write_answer(writes, kim, theme, said, now, waits=False)
    refused(own, f"/staff/hillside/themes/{theme}/show", {"shown": "true"}, "Somebody else shows it", "main")
    with make.database.write() as writes:
        show_theme(writes, sam, theme, now, shown=True)
    worker = signed_in(sam.place, "frontline").post(f"/staff/hillside/themes/{theme}", data={"name": "Other", "about": KEPT})
    assert worker.status_code == 403 and KEPT in worker.text


def test_what_became_of_a_message_is_told_after_its_answer(make: Make, sam: Member, signed_in: SignedIn) -> None:
    message = make.message_id(make.message(sam.place))
    path = f"/staff/hillside/messages/{message}"
    refused(signed_in(sam.place), f"{path}/follow-up", {"body": KEPT, "done": "yes"}, "Answer it first.")
    refused(signed_in(sam.place), f"{path}/reopen", {}, "Only what was answered can be opened again.", "main")
