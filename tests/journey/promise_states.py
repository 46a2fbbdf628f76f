"""Every state of the pages of promises."""

from datetime import date
from typing import Any
from uuid import UUID

from service.checks.actions import check_promise
from service.checks.models import CheckIn
from service.journal.actions import Actor
from service.journal.models import ActorKind
from service.places.queries import find_organisation
from service.promises.actions import Imported, Speaker, import_promise, make_promise, report_progress
from service.promises.models import ProgressIn, PromiseIn, Side, Standing
from tests.journey.resident_states import WITHOUT_A_SPACE
from tests.journey.stage import Stage, state

PATH = "We will lay a hard path from Linden to the bus stop by 1 May 2027."
PASSES = "A pushchair gets from Linden to the bus stop after rain."


def speaking(stage: Stage, code: str) -> Speaker:
    """Somebody of this organisation, signed in: another person for each."""
    with stage.make.database.read() as reads:
        organisation = find_organisation(reads, stage.hillside.id, code)
    assert organisation is not None
    return Speaker(Actor(ActorKind.STAFF, organisation.id), frozenset({organisation.id}), whole_place=False)


def promised(stage: Stage, text: str = PATH, *, due_on: str | None = "2027-05-01", **fields: Any) -> UUID:
    """A promise of the council; `fields` are those of PromiseIn."""
    words = {"text": text, "side": Side.OUR_PART, "maker": "council", "made_on": "2025-11-01", "kept_when": PASSES, "area": "linden"}
    given = PromiseIn.model_validate({**words, "due_on": due_on, **fields})
    with stage.make.database.write() as writes:
        return make_promise(writes, speaking(stage, "council"), stage.hillside, given, stage.make.clock()).id


def said(stage: Stage, promise: UUID, note: str, to: Standing | None = None, *, by: str = "council", **fields: Any) -> UUID:
    """Something was said about a promise, a day later."""
    stage.make.clock.advance(days=1)
    given = ProgressIn(note=note, to=to, **fields)
    with stage.make.database.write() as writes:
        report_progress(writes, speaking(stage, by), stage.hillside, promise, given, stage.make.clock())
    return promise


def claimed(stage: Stage, **fields: Any) -> UUID:
    return said(stage, promised(stage, **fields), "The path is laid.", Standing.CLAIMED_KEPT, evidence="Photographs of 3 November")


def kept(stage: Stage) -> UUID:
    return said(stage, claimed(stage, due_on="2026-11-02"), "We walked it after rain.", Standing.KEPT, by="hub")


def changed(stage: Stage) -> UUID:
    successor = promised(stage, "We will lay a gravel path by 1 July 2027.", due_on="2027-07-01")
    note, reason = "It will be gravel.", "Stone costs twice what we were told."
    return said(stage, promised(stage), note, Standing.CHANGED, reason=reason, successor=successor)


def released(stage: Stage) -> UUID:
    lets_go: dict[str, Any] = {"by": "neighbours", "released_by": "Linden Neighbours", "released_on": date(2026, 11, 20)}
    return said(stage, promised(stage), "The bus goes another way now.", Standing.RELEASED, **lets_go)


def imported(stage: Stage) -> None:
    given = Imported(
        "10,000 warm homes", "manifesto", "12", maker="council", due_on=date(2026, 9, 30), source="https://example.org/manifesto"
    )
    with stage.make.database.write() as writes:
        assert import_promise(writes, stage.sam.actor, stage.hillside, given, stage.make.clock())


def shows(stage: Stage, promise: UUID) -> None:
    stage.goes_to(f"/{stage.hillside.slug}/promises/{promise}")


def checked(stage: Stage, promise: UUID, *verdicts: str, code: bool = True, **said: Any) -> UUID:
    """Residents say whether it happened, each with the code of a message, or all without one."""
    for number, verdict in enumerate(verdicts):
        receipt = stage.message(f"Message number {number} about the path.").code if code else None
        given = CheckIn.model_validate({"verdict": verdict, "receipt": receipt, **said})
        with stage.make.database.write() as writes:
            check_promise(writes, stage.make.keys, stage.hillside, promise, given, stage.make.clock())
    return promise


# ---- the list --------------------------------------------------------------------------------------------------------


@state("promises.list")
def promises_none(stage: Stage) -> None:
    stage.goes_to(f"/{stage.hillside.slug}/promises")


@state("promises.list")
def promises_none_due(stage: Stage) -> None:
    promised(stage)
    promises_none(stage)


@state("promises.list")
def promises(stage: Stage) -> None:
    for play in (claimed, kept, changed, released):
        play(stage)
    promised(stage, "Every street light mended within five days.", due_on="2026-10-31", summary="Street lights")
    promised(stage, "The warm room opens on Sundays.", due_on=None, review_by="2026-12-01", area=None, whole_place=True)
    said(stage, promised(stage), "The contractor has gone.", Standing.STALLED, reason="Nobody else bid.")
    said(stage, promised(stage, due_on="2026-11-01"), "It was not done.", Standing.BROKEN)
    promised(stage, "We sweep our own steps.", side=Side.YOUR_PART, maker=None, due_on=None, review_by="2027-01-01")
    promised(stage, WITHOUT_A_SPACE)
    imported(stage)
    promises_none(stage)


# ---- one promise -----------------------------------------------------------------------------------------------------


@state("promises.show")
def promise_said(stage: Stage) -> None:
    shows(stage, promised(stage, summary="A hard path from Linden", deal="The Linden deal", source="Council meeting of 1 November 2025"))


@state("promises.show")
def promise_late(stage: Stage) -> None:
    shows(stage, said(stage, promised(stage, due_on="2026-11-01"), "The stone is ordered."))


@state("promises.show")
def promise_claimed(stage: Stage) -> None:
    shows(stage, claimed(stage))


@state("promises.show")
def promise_kept(stage: Stage) -> None:
    shows(stage, kept(stage))


@state("promises.show")
def promise_disputed(stage: Stage) -> None:
    disputed = said(stage, claimed(stage), "The last part is still mud.", Standing.DISPUTED, by="neighbours")
    shows(stage, said(stage, disputed, "Two thirds are laid.", Standing.PARTLY_KEPT, by="hub"))


@state("promises.show")
def promise_changed(stage: Stage) -> None:
    shows(stage, changed(stage))


@state("promises.show")
def promise_let_go(stage: Stage) -> None:
    shows(stage, released(stage))


@state("promises.show")
def promise_of_the_community(stage: Stage) -> None:
    shows(stage, promised(stage, "We sweep our own steps.", side=Side.YOUR_PART, maker=None, due_on=None, review_by="2027-01-01"))


@state("promises.show")
def promise_in_long_words(stage: Stage) -> None:
    shows(stage, said(stage, promised(stage, WITHOUT_A_SPACE, kept_when=WITHOUT_A_SPACE), WITHOUT_A_SPACE, evidence=WITHOUT_A_SPACE))


# ---- what residents say ----------------------------------------------------------------------------------------------


@state("promises.show")
def promise_that_residents_dispute(stage: Stage) -> None:
    promise = claimed(stage, due_on="2026-11-02")
    checked(stage, promise, *["no"] * 7, area="linden")
    checked(stage, promise, *["yes"] * 6, "do_not_know", area="hill-road")
    checked(stage, promise, *["no"] * 3, "yes", code=False)
    stage.make.clock.at("2026-12-02T10:00:00+00:00")
    shows(stage, promise)


@state("promises.show")
def promise_that_residents_settled(stage: Stage) -> None:
    shows(stage, checked(stage, claimed(stage), *["yes"] * 5))


@state("checks.form")
def check_of_a_claim(stage: Stage) -> None:
    shows_check(stage, claimed(stage))


@state("checks.form")
def check_of_what_is_under_way(stage: Stage) -> None:
    shows_check(stage, said(stage, promised(stage), "The stone is ordered.", Standing.UNDER_WAY))


@state("checks.send")
def check_with_a_wrong_code(stage: Stage) -> None:
    shows_check(stage, claimed(stage))
    stage.page.get_by_label("Partly").check()
    stage.page.get_by_label("Your code, if you have one").fill("0000-0000")
    stage.page.get_by_label("What did you see?").fill("The last part is mud.")
    stage.presses("Send")


@state("checks.form")
def check_of_what_was_let_go(stage: Stage) -> None:
    shows_check(stage, released(stage))


@state("checks.thanks")
def checked_without_a_code(stage: Stage) -> None:
    shows(stage, claimed(stage))
    stage.presses("Partly")


@state("checks.thanks")
def checked_with_a_code(stage: Stage) -> None:
    promise = claimed(stage)
    message = stage.message("The path is mud.", promise=promise)
    stage.opens(message)
    stage.presses("No")


@state("feedback.read_answer")
def answer_that_asks_whether_it_happened(stage: Stage) -> None:
    stage.opens(stage.message("The path is mud.", promise=claimed(stage)))


@state("checks.poster")
def poster(stage: Stage) -> None:
    stage.goes_to(f"/{stage.hillside.slug}/promises/{claimed(stage)}/poster")


def shows_check(stage: Stage, promise: UUID) -> None:
    stage.goes_to(f"/{stage.hillside.slug}/promises/{promise}/check")
