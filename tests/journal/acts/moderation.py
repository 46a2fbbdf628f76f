"""Examples of holding words, setting aside, disagreeing and judging, and taking names out."""

from uuid import UUID

from sqlmodel import select

from service.feedback.desk_actions import withhold
from service.feedback.models import Feedback, WithheldReason
from service.moderation.actions import (
    add_rule,
    appeal,
    bring_back,
    end_rule,
    set_aside,
    set_copies_aside,
    set_severity,
    set_story_severity,
    uphold,
)
from service.moderation.models import AsideReason, Redaction, Severity
from service.moderation.redaction_actions import put_back, redact_message, redact_story
from service.people.models import Member, Role
from tests.journal.scene import WORD, Act, Example, Examples, Scene

SAYS = f"{WORD} Bloggs took my bench."
ADVERT = AsideReason.ADVERT


def message(scene: Scene, words: str = SAYS) -> UUID:
    return scene.make.message_id(scene.make.message(scene.place, words, share="words_public"))


def other(scene: Scene) -> Member:
    return scene.member_of(scene.make.person(scene.place, Role.MODERATOR, email="other@example.org", name=WORD))


def hold(scene: Scene) -> Act:
    member, about = scene.member, message(scene)
    return Act(lambda writes: set_severity(writes, member, about, Severity.RISK, scene.now))


def hold_a_story(scene: Scene) -> Act:
    member, about = scene.member, scene.make.story(scene.place, WORD)
    return Act(lambda writes: set_story_severity(writes, member, about, Severity.RISK, scene.now))


def rule(scene: Scene) -> Act:
    member = scene.member
    message(scene)
    return Act(lambda writes: add_rule(writes, member, f"{WORD} bloggs", Severity.ODD, scene.now))


def end_a_rule(scene: Scene) -> Act:
    member = scene.member
    with scene.make.database.write() as writes:
        rule_id = add_rule(writes, member, WORD, Severity.ODD, scene.now)
    return Act(lambda writes: end_rule(writes, member, rule_id, scene.now))


def put_aside(scene: Scene) -> Act:
    member, about = scene.member, message(scene)
    return Act(lambda writes: set_aside(writes, member, [about], ADVERT, scene.now))


def put_copies_aside(scene: Scene) -> Act:
    member, about = scene.member, [message(scene) for _one in range(3)]
    with scene.make.database.read() as reads:
        likeness = reads.exec(select(Feedback.likeness).where(Feedback.id == about[0])).one() or ""
    return Act(lambda writes: set_copies_aside(writes, member, likeness, ADVERT, scene.now), rows=3)


def fetch_back(scene: Scene) -> Act:
    member, about = scene.member, message(scene)
    with scene.make.database.write() as writes:
        set_aside(writes, member, [about], ADVERT, scene.now)
    return Act(lambda writes: bring_back(writes, member, about, scene.now))


def withheld(scene: Scene) -> tuple[str, UUID]:
    sent = scene.make.message(scene.place, SAYS, share="words_public")
    about = scene.make.message_id(sent)
    with scene.make.database.write() as writes:
        withhold(writes, scene.member, about, WithheldReason.ABUSIVE, scene.now)
    return sent.code, about


def disagree(scene: Scene) -> Act:
    make, place, code = scene.make, scene.place, withheld(scene)[0]
    return Act(lambda writes: appeal(writes, make.keys, place, code, WORD, scene.now))


def stand_by(scene: Scene) -> Act:
    code, about = withheld(scene)
    with scene.make.database.write() as writes:
        appeal(writes, scene.make.keys, scene.place, code, WORD, scene.now)
    judge = other(scene)
    return Act(lambda writes: uphold(writes, judge, about, WORD, scene.now))


def take_out(scene: Scene) -> Act:
    make, member, about = scene.make, scene.member, message(scene)
    return Act(lambda writes: redact_message(writes, make.keys, member, about, [f"{WORD} Bloggs"], scene.now))


def take_out_of_a_story(scene: Scene) -> Act:
    make, member, about = scene.make, scene.member, scene.make.story(scene.place, SAYS)
    return Act(lambda writes: redact_story(writes, make.keys, member, about, [WORD], scene.now))


def taken_out(scene: Scene) -> UUID:
    about = message(scene)
    with scene.make.database.write() as writes:
        redact_message(writes, scene.make.keys, scene.member, about, [WORD], scene.now)
    with scene.make.database.read() as reads:
        return reads.exec(select(Redaction.id)).one()


def set_back(scene: Scene) -> Act:
    make, redaction, member = scene.make, taken_out(scene), scene.member
    return Act(lambda writes: put_back(writes, make.keys, member, redaction, scene.now))


def again(first: Example) -> Example:
    """The same once more: no news."""

    def example(scene: Scene) -> Act:
        act = first(scene)
        with scene.make.database.write() as writes:
            act.do(writes)
        return Act(act.do, rows=0)

    return example


EXAMPLES: Examples = {
    "set_severity": [hold, again(hold)],
    "set_story_severity": [hold_a_story, again(hold_a_story)],
    "add_rule": [rule],
    "end_rule": [end_a_rule, again(end_a_rule)],
    "set_aside": [put_aside, again(put_aside)],
    "set_copies_aside": [put_copies_aside, again(put_copies_aside)],
    "bring_back": [fetch_back, again(fetch_back)],
    "appeal": [disagree, again(disagree)],
    "uphold": [stand_by, again(stand_by)],
    "redact_message": [take_out],
    "redact_story": [take_out_of_a_story],
    "put_back": [set_back],
}
