"""Checking: who does not move a promise, who does, and how codes are good."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from sqlmodel import select

from service.checks.actions import WrongCode, decide_comment, invite_to_check
from service.checks.models import Came, PromiseCheck, Verdict
from service.checks.queries import find_codes, find_seen, find_shown
from service.errors import Conflict, Invalid, NotFound, Refused
from service.feedback.actions import withdraw
from service.feedback.intake import Sender
from service.keeping.retention import retain
from service.people.models import Member, Role
from service.promises.actions import speaker_of
from service.promises.models import Progress, Promise, Side, Standing
from service.promises.queries import count_parts
from tests.checks.conftest import Town

S = Standing
AtWork = Callable[..., Member]


# ---- who does not ----------------------------------------------------------------------------------------------------


def test_ten_thousand_open_taps_move_nothing(town: Town) -> None:
    promise = town.claimed()
    for _tap in range(12):
        town.check(promise, "yes")
    assert town.check(promise, "no").standing == S.CLAIMED_KEPT
    said = town.account(promise).residents
    assert (said.n, said.open.yes, said.open.no) == (0, 12, 1)


def test_maker_s_own_people_invite_nobody(town: Town, at_work: AtWork) -> None:
    promise = town.promise()
    both = at_work(town.place, organisation="council", email="both@example.org")
    town.make.person(town.place, Role.COORDINATOR, email="both@example.org")
    both = at_work(town.place, organisation="hub", email="both@example.org")
    assert len(both.grants) == 3
    for who in (town.council, both, at_work(town.place, Role.FRONTLINE, organisation="hub")):
        with pytest.raises(Refused):
            town.invitations(promise, 1, by=who)
    town.says(town.sam, promise, S.CLAIMED_KEPT)  # whoever wrote the claim down asks nobody either
    with pytest.raises(Refused):
        town.invitations(promise, 1)
    assert len(town.invitations(promise, 3, by=town.hub)) == 3


def test_invitations_of_whoever_then_writes_the_claim_down_move_nothing(town: Town) -> None:
    promise = town.promise()
    codes = [*town.invitations(promise, 6), *town.invitations(promise, 1, by=town.hub)]
    town.says(town.sam, promise, S.CLAIMED_KEPT)
    for code in codes[:6]:
        checked = town.check(promise, "yes", code)
        assert (checked.came, checked.standing) == (Came.OPEN, S.CLAIMED_KEPT)
    assert town.check(promise, "yes", codes[6]).came == Came.INVITATION


def test_worker_of_the_maker_does_not_check_it_as_somebody_else_s_coordinator(town: Town, at_work: AtWork) -> None:
    at_work(town.place, Role.FRONTLINE, organisation="council", email="two@example.org")
    two = at_work(town.place, organisation="hub", email="two@example.org")
    promise = town.claimed()
    with pytest.raises(Refused):
        town.says(two, promise, S.KEPT)
    at_work(town.place, Role.VIEWER, organisation="council", email="all@example.org")
    everywhere = at_work(town.place, email="all@example.org")
    with pytest.raises(Conflict):
        town.says(everywhere, promise, S.KEPT)
    assert town.standing(promise) == S.CLAIMED_KEPT and speaker_of(town.hub).belongs_to == speaker_of(town.hub).organisations


def test_codes_that_prove_nothing_open_nothing_or_count_as_open(town: Town) -> None:
    promise, taken = town.claimed(), town.code()
    with town.make.database.write() as writes:
        withdraw(writes, town.make.keys, town.place, taken, town.make.clock())
    [elsewhere] = town.invitations(town.promise(), 1)
    for code in ("0000-0000", taken, elsewhere, "HELLO"):
        with pytest.raises(WrongCode):
            town.check(promise, "no", code)
    entered = town.code(sender=Sender(with_key=True, namespace=b"council"), channel="paper")
    assert town.check(promise, "no", entered).came == Came.OPEN
    assert town.standing(promise) == S.CLAIMED_KEPT


def test_nobody_is_asked_of_a_draft_of_what_was_let_go_or_of_the_community_s_part(town: Town) -> None:
    yours, gone = town.promise(side=Side.YOUR_PART), town.promise()
    town.says(town.hub, gone, S.RELEASED, released_by="The tenants", released_on=date(2026, 11, 2))
    for promise in (yours, gone):
        with pytest.raises(Conflict):
            town.check(promise, "yes")
        with pytest.raises(Conflict):
            town.invitations(promise, 1)
    with pytest.raises(NotFound):
        town.check(uuid4(), "yes")


def test_only_so_many_are_invited_at_once(town: Town) -> None:
    promise = town.promise()
    for number in (0, 201):
        with pytest.raises(Invalid):
            town.invitations(promise, number)


# ---- what moves a promise --------------------------------------------------------------------------------------------


def test_one_no_with_a_code_disputes_it_at_once(town: Town) -> None:
    for came in ("receipt", "invitation"):
        promise = town.claimed()
        [invited] = town.invitations(promise, 1)
        checked = town.check(promise, "no", town.code() if came == "receipt" else invited)
        assert (checked.came, checked.standing) == (came, S.DISPUTED)
        account = town.account(promise)
        assert account.history[-1].by == "Residents’ checks" and account.history[-1].by_checks
        assert account.evidence.says is None and account.disagreement == "They say done; 1 of the 1 who answered say not."
        assert (account.residents.asked, account.residents.answered) == (1, int(came == "invitation"))


def test_fifth_yes_with_a_code_keeps_it(town: Town) -> None:
    promise = town.claimed()
    codes = [*town.invitations(promise, 2), *(town.code(body=f"Message {n} of somebody.") for n in range(3))]
    for n, code in enumerate(codes, 1):
        town.check(promise, "yes")
        town.check(promise, "do_not_know")
        assert town.check(promise, "yes", code).standing == (S.KEPT if n == 5 else S.CLAIMED_KEPT)
    account = town.account(promise)
    assert (account.residents.n, account.residents.open.yes, account.residents.answered) == (5, 5, 2)
    assert account.row.promise.settled_on == date(2026, 11, 23)
    town.check(promise, "no", town.code())
    assert town.standing(promise) == S.KEPT, "what is settled is moved by people"


def test_later_check_takes_the_place_of_the_earlier_and_brings_no_dispute_back(town: Town) -> None:
    promise, code = town.claimed(), town.code()
    town.check(promise, "partly", code, area="linden")
    town.check(promise, "no", code.lower(), area="marsh-end")
    assert town.check(promise, "yes", code).standing == S.DISPUTED
    said = town.account(promise).residents
    assert (said.n, said.yes, said.no) == (1, 1, 0)
    with town.make.database.read() as reads:
        row = reads.exec(select(PromiseCheck)).one()
        assert (row.month, row.id.version) == ("2026-11", 4), "neither it nor its id tells a moment"


def test_invitation_is_good_once_and_for_its_promise(town: Town) -> None:
    promise = town.promise()
    [code] = town.invitations(promise, 1)
    town.check(promise, "yes", code)
    with pytest.raises(Invalid):
        town.check(promise, "no", code)


def test_checks_of_an_earlier_claim_do_not_settle_the_next(town: Town) -> None:
    promise = town.claimed()
    codes = town.invitations(promise, 10)
    for code in codes[:4]:
        town.check(promise, "yes", code)
    town.says(town.council, promise, S.BROKEN)
    town.says(town.council, promise, S.UNDER_WAY)
    assert town.account(promise).residents.n == 0
    town.says(town.council, promise, S.CLAIMED_KEPT)
    for code in codes[4:8]:
        assert town.check(promise, "yes", code).standing == S.CLAIMED_KEPT
    assert town.check(promise, "yes", codes[8]).standing == S.KEPT


def test_what_was_settled_and_is_taken_up_again_stays_in_the_count(town: Town) -> None:
    for due in (date(2027, 5, 1), None):
        promise = town.promise(due_on=due, **({} if due else {"review_by": date(2027, 5, 1)}))
        town.says(town.council, promise, S.BROKEN)
        town.says(town.council, promise, S.UNDER_WAY)
        with town.make.database.read() as reads:
            row = reads.get_one(Promise, (town.place.id, promise))
            assert (row.settled_on, row.first_settled_on) == (None, date(2026, 11, 23))
    with town.make.database.read() as reads:
        parts = count_parts(reads, town.place.id, date(2026, 11, 23))
    assert (parts.kept, parts.due, parts.not_counted) == (0, 2, 0)


# ---- words -----------------------------------------------------------------------------------------------------------


def test_what_somebody_saw_is_shown_as_they_wished_and_by_nobody_of_the_maker(town: Town, at_work: AtWork) -> None:
    promise, code = town.claimed(), town.code()
    town.check(promise, "partly", comment="Half of it is mud.")
    town.check(promise, "no", code, comment="All of it is mud.", share="words_public")
    now, read = town.make.clock(), town.make.database.read

    def find(who: Member) -> set[str]:
        with read() as reads:
            return {seen.comment for seen in find_seen(reads, who, reads.get_one(Promise, (town.place.id, promise)))}

    both = {"Half of it is mud.", "All of it is mud."}
    assert find(town.sam) == find(town.council) == both and find(town.hub) == set()
    with read() as reads:
        rows = {row.comment: row.id for row in reads.exec(select(PromiseCheck))}
        assert find_shown(reads, town.place.id, promise) == []
    for who in (town.council, town.hub, at_work(town.place, Role.FRONTLINE)):
        with pytest.raises(Refused), town.make.database.write() as writes:
            decide_comment(writes, who, promise, rows["All of it is mud."], now, publish=True)
    with pytest.raises(Conflict), town.make.database.write() as writes:
        decide_comment(writes, town.sam, promise, rows["Half of it is mud."], now, publish=True)
    with town.make.database.write() as writes:
        decide_comment(writes, town.sam, promise, rows["All of it is mud."], now, publish=True)
    assert find(town.hub) == {"All of it is mud."}
    with town.make.database.write() as writes:
        withdraw(writes, town.make.keys, town.place, code, now)
    with read() as reads:
        assert find_shown(reads, town.place.id, promise) == []
        assert [row.verdict for row in reads.exec(select(PromiseCheck))] == [Verdict.PARTLY]


def test_codes_are_shown_to_who_made_them_for_half_an_hour(town: Town) -> None:
    promise = town.promise()
    with town.make.database.write() as writes:
        made = invite_to_check(writes, town.make.keys, town.sam, promise, 2, town.make.clock()).id
    with town.make.database.read() as reads:
        keys, now = town.make.keys, town.make.clock()
        assert len(find_codes(reads, keys, town.sam, promise, made, now)) == 2
        assert find_codes(reads, keys, town.hub, promise, made, now) == []
        assert find_codes(reads, keys, town.sam, uuid4(), made, now) == []
        assert find_codes(reads, keys, town.sam, promise, made, town.make.clock.advance(minutes=30)) == []


def test_history_of_a_promise_holds_no_staff_where_residents_moved_it(town: Town) -> None:
    promise = town.claimed()
    town.check(promise, "no", town.code())
    with town.make.database.read() as reads:
        entry = reads.exec(select(Progress).where(Progress.moved_to == S.DISPUTED)).one()
        assert (entry.actor_kind, entry.actor_id, entry.organisation_id) == ("resident", None, None)


def test_words_that_others_never_read_go_after_two_years_and_the_counts_stay(town: Town) -> None:
    promise = town.claimed()
    for comment in ("Mud.", "Shown mud."):
        town.check(promise, "partly", comment=comment, share="words_public")
    with town.make.database.write() as writes:
        shown = writes.exec(select(PromiseCheck.id).where(PromiseCheck.comment == "Shown mud.")).one()
        decide_comment(writes, town.sam, promise, shown, town.make.clock(), publish=True)
    for day, left in (("2028-11-30T10:00Z", {"Mud.", "Shown mud."}), ("2028-12-01T10:00Z", {None, "Shown mud."})):
        retain(town.make.database, town.make.clock.at(day))
        with town.make.database.read() as reads:
            assert set(reads.exec(select(PromiseCheck.comment))) == left
    assert town.account(promise).residents.open.partly == 2
