"""Examples of receiving messages, reading and answering them, taking words back."""

from typing import Any
from uuid import UUID, uuid4

from sqlmodel import select

from service.feedback.actions import receive_feedback, withdraw
from service.feedback.bulk_actions import act_together, unact_together
from service.feedback.bulk_models import Together
from service.feedback.code_actions import go_without_code
from service.feedback.desk_actions import mark_read, publish, reply, withhold
from service.feedback.draft_actions import drop_draft, give_proposed, keep_draft, propose, return_proposed, set_checks
from service.feedback.draft_models import Checks, Draft, Unsent
from service.feedback.import_actions import Collected, import_feedback
from service.feedback.intake import PUBLIC_SENDER, key_bytes, message_from
from service.feedback.many_actions import reply_to_many, reply_to_one
from service.feedback.merge_actions import merge, unmerge
from service.feedback.models import FeedbackIn, Kind, Outcome, ReplyIn, WithheldReason
from service.feedback.routing_actions import assign, give_back, pass_on
from service.journal.actions import OPERATOR
from service.people.models import Role
from tests.journal.scene import WORD, Act, Example, Examples, Scene

KEY = str(uuid4())
TOLD: dict[str, Any] = {"body": WORD, "want": WORD, "have": WORD, "gap": WORD, "contact": f"{WORD}@example.org"}


def receive_three(scene: Scene) -> Act:
    """A batch: a row for each message that was stored, and none for the one that was refused."""
    make, place = scene.make, scene.place
    given = [FeedbackIn(**TOLD), FeedbackIn(kind=Kind.IDEA), FeedbackIn(body=WORD, area="nowhere"), FeedbackIn(body=WORD)]
    messages = [message_from(place, make.keys, PUBLIC_SENDER, one, key_bytes(str(uuid4()), PUBLIC_SENDER), scene.now) for one in given]
    return Act(lambda writes: receive_feedback(writes, messages), rows=3)


def receive_again(scene: Scene) -> Act:
    make, place = scene.make, scene.place
    make.message(place, WORD, idempotency_key=KEY)
    same = message_from(place, make.keys, PUBLIC_SENDER, FeedbackIn(body=WORD), key_bytes(KEY, PUBLIC_SENDER), scene.now)
    other = message_from(place, make.keys, PUBLIC_SENDER, FeedbackIn(body="x"), key_bytes(KEY, PUBLIC_SENDER), scene.now)
    return Act(lambda writes: receive_feedback(writes, [same, other]), rows=0)


def collected(scene: Scene, *refs: str, area: str | None = None) -> list[Collected]:
    said = FeedbackIn(body=WORD, area=area)
    return [Collected(source="survey", ref=ref, received_at=scene.now, said=said) for ref in refs]


def take_in_two(scene: Scene) -> Act:
    """A batch: a row for each message that was stored, and none for the one that was refused."""
    place, items = scene.place, [*collected(scene, "1", "2"), *collected(scene, "3", area="nowhere")]
    return Act(lambda writes: import_feedback(writes, OPERATOR, place, items, scene.now), rows=2)


def take_in_again(scene: Scene) -> Act:
    place, again = scene.place, collected(scene, "1", "2")
    with scene.make.database.write() as writes:
        take_in_two(scene).do(writes)
    return Act(lambda writes: import_feedback(writes, OPERATOR, place, again, scene.now), rows=0)


def read(scene: Scene) -> Act:
    member, message = scene.member, scene.make.message_id(scene.make.message(scene.place, WORD))
    return Act(lambda writes: mark_read(writes, member, message, scene.now))


def read_again(scene: Scene) -> Act:
    act = read(scene)
    with scene.make.database.write() as writes:
        act.do(writes)
    return Act(act.do, rows=0)


def answer(scene: Scene) -> Act:
    member, message = scene.member, scene.make.message_id(scene.make.message(scene.place, WORD))
    given = ReplyIn(outcome=Outcome.CANNOT_DO, body=WORD, reason=WORD)
    return Act(lambda writes: reply(writes, member, message, given, scene.now))


def answer_one_of_many(scene: Scene) -> Act:
    member, message = scene.member, scene.make.message_id(scene.make.message(scene.place, WORD))
    given = ReplyIn(outcome=Outcome.CANNOT_DO, body=WORD, reason=WORD)
    return Act(lambda writes: reply_to_one(writes, member, message, given, scene.now))


def show(scene: Scene) -> Act:
    member, message = scene.member, scene.make.message_id(scene.make.message(scene.place, WORD, share="words_public"))
    return Act(lambda writes: publish(writes, member, message, scene.now))


def keep_back(scene: Scene) -> Act:
    member, message = scene.member, scene.make.message_id(scene.make.message(scene.place, WORD, share="words_public"))
    return Act(lambda writes: withhold(writes, member, message, WithheldReason.ABUSIVE, scene.now))


def again(first: Example) -> Example:
    """The same once more: no news."""

    def example(scene: Scene) -> Act:
        act = first(scene)
        with scene.make.database.write() as writes:
            act.do(writes)
        return Act(act.do, rows=0)

    return example


def take_words_back(scene: Scene) -> Act:
    make, place, code = scene.make, scene.place, scene.make.message(scene.place, **TOLD).code
    return Act(lambda writes: withdraw(writes, make.keys, place, code, scene.now))


def take_words_back_again(scene: Scene) -> Act:
    act = take_words_back(scene)
    with scene.make.database.write() as writes:
        act.do(writes)
    return Act(act.do, rows=0)


def hand_on(scene: Scene) -> Act:
    member, message, to = scene.member, scene.make.message_id(scene.make.message(scene.place, WORD)), scene.council.code
    return Act(lambda writes: pass_on(writes, member, message, to, scene.now))


def hand_back(scene: Scene) -> Act:
    member, message, to = scene.member, scene.make.message_id(scene.make.message(scene.place, WORD)), scene.council.code
    with scene.make.database.write() as writes:
        pass_on(writes, member, message, to, scene.now)
    return Act(lambda writes: give_back(writes, member, message, scene.now))


def take_on(scene: Scene) -> Act:
    member, message = scene.member, scene.make.message_id(scene.make.message(scene.place, WORD))
    return Act(lambda writes: assign(writes, member, message, member.person.staff_id, scene.now))


def let_go(scene: Scene) -> Act:
    member, message = scene.member, scene.make.message_id(scene.make.message(scene.place, WORD))
    with scene.make.database.write() as writes:
        assign(writes, member, message, member.person.staff_id, scene.now)
    return Act(lambda writes: assign(writes, member, message, None, scene.now))


def take_three_on(scene: Scene) -> Act:
    """A row for each that was not so already."""
    member, messages = scene.member, [scene.make.message_id(scene.make.message(scene.place, WORD)) for _number in range(3)]
    with scene.make.database.write() as writes:
        assign(writes, member, messages[0], member.person.staff_id, scene.now)
    return Act(lambda writes: act_together(writes, member, Together.TAKE, messages, "", scene.now), rows=2)


def undo_both(scene: Scene) -> Act:
    member, act = scene.member, take_three_on(scene)
    with scene.make.database.write() as writes:
        bulk = act.do(writes)
    return Act(lambda writes: unact_together(writes, member, bulk, scene.now), rows=2)


WRITTEN = Unsent(Outcome.CANNOT_DO, WORD, WORD)


def two_alike(scene: Scene) -> tuple[UUID, UUID]:
    first, second = (scene.make.message_id(scene.make.message(scene.place, WORD)) for _number in range(2))
    return first, second


def put_together(scene: Scene) -> Act:
    member, (first, second) = scene.member, two_alike(scene)
    return Act(lambda writes: merge(writes, member, second, first, scene.now))


def put_together_with_its_own(scene: Scene) -> Act:
    """What was put together with it goes along: a row for each."""
    member, (first, second), (third, _fourth) = scene.member, two_alike(scene), two_alike(scene)
    with scene.make.database.write() as writes:
        merge(writes, member, third, second, scene.now)
    return Act(lambda writes: merge(writes, member, second, first, scene.now), rows=2)


def take_apart(scene: Scene) -> Act:
    member, (first, second) = scene.member, two_alike(scene)
    with scene.make.database.write() as writes:
        merge(writes, member, second, first, scene.now)
    return Act(lambda writes: unmerge(writes, member, second, scene.now))


def answer_both(scene: Scene) -> Act:
    """A row for the answer, and one for each who said the same."""
    member, (first, second) = scene.member, two_alike(scene)
    with scene.make.database.write() as writes:
        merge(writes, member, second, first, scene.now)
    given = ReplyIn(outcome=Outcome.CANNOT_DO, body=WORD, reason=WORD)
    return Act(lambda writes: reply(writes, member, first, given, scene.now), rows=2)


def answer_two(scene: Scene) -> Act:
    """A row for each that still waits."""
    member, (first, second) = scene.member, two_alike(scene)
    given = ReplyIn(outcome=Outcome.CANNOT_DO, body=WORD, reason=WORD)
    return Act(lambda writes: reply_to_many(writes, member, [first, second], given, scene.now), rows=2)


def begin_an_answer(scene: Scene) -> Act:
    member, message = scene.member, scene.make.message_id(scene.make.message(scene.place, WORD))
    return Act(lambda writes: keep_draft(writes, member, message, WRITTEN, scene.now))


def throw_it_away(scene: Scene) -> Act:
    member, message = scene.member, scene.make.message_id(scene.make.message(scene.place, WORD))
    with scene.make.database.write() as writes:
        keep_draft(writes, member, message, WRITTEN, scene.now)
    return Act(lambda writes: drop_draft(writes, member, message, scene.now))


def put_forward(scene: Scene) -> Act:
    member, message = scene.member, scene.make.message_id(scene.make.message(scene.place, WORD))
    return Act(lambda writes: propose(writes, member, message, WRITTEN, scene.now))


def proposed_by_another(scene: Scene) -> tuple[UUID, UUID]:
    other = scene.member_of(scene.make.person(scene.place, Role.FRONTLINE))
    message = scene.make.message_id(scene.make.message(scene.place, WORD))
    with scene.make.database.write() as writes:
        propose(writes, other, message, WRITTEN, scene.now)
        return message, writes.exec(select(Draft.id)).one()


def give_anothers(scene: Scene) -> Act:
    member, (message, draft) = scene.member, proposed_by_another(scene)
    return Act(lambda writes: give_proposed(writes, member, message, draft, None, scene.now))


def hand_anothers_back(scene: Scene) -> Act:
    member, (message, draft) = scene.member, proposed_by_another(scene)
    return Act(lambda writes: return_proposed(writes, member, message, draft, WORD, scene.now))


def check_every_claim(scene: Scene) -> Act:
    member = scene.member
    return Act(lambda writes: set_checks(writes, member, Checks.EVERY, scene.now))


def give_a_code_up(scene: Scene) -> Act:
    code = scene.make.message(scene.place, WORD, contact=f"{WORD}@example.org").code
    return Act(lambda writes: go_without_code(writes, scene.make.keys, scene.place, code, scene.now))


EXAMPLES: Examples = {
    "go_without_code": [give_a_code_up],
    "act_together": [take_three_on],
    "unact_together": [undo_both, again(undo_both)],
    "pass_on": [hand_on, again(hand_on)],
    "give_back": [hand_back, again(hand_back)],
    "assign": [take_on, again(take_on), let_go],
    "receive_feedback": [receive_three, receive_again],
    "import_feedback": [take_in_two, take_in_again],
    "mark_read": [read, read_again],
    "reply": [answer, answer_both],
    "reply_to_one": [answer_one_of_many, again(answer_one_of_many)],
    "reply_to_many": [answer_two, again(answer_two)],
    "merge": [put_together, again(put_together), put_together_with_its_own],
    "unmerge": [take_apart, again(take_apart)],
    "keep_draft": [begin_an_answer, again(begin_an_answer)],
    "drop_draft": [throw_it_away, again(throw_it_away)],
    "propose": [put_forward, again(put_forward)],
    "give_proposed": [give_anothers],
    "return_proposed": [hand_anothers_back],
    "set_checks": [check_every_claim, again(check_every_claim)],
    "publish": [show, again(show)],
    "withhold": [keep_back, again(keep_back)],
    "withdraw": [take_words_back, take_words_back_again],
}
