"""Examples of telling stories, checking and sharing them, taking them back."""

from datetime import date
from uuid import UUID

from sqlmodel import select

from service.consents.models import Consent
from service.feedback.models import Capturer
from service.journal.actions import OPERATOR
from service.narratives.actions import (
    Teller,
    add_consent,
    check_narrative,
    end_consent,
    pause_narrative,
    share_narrative,
    submit_narrative,
    withdraw_narrative,
)
from service.narratives.models import ConsentIn, Kind, NarrativeIn, Visibility
from tests.journal.scene import WORD, Act, Examples, Scene

TELLER = Teller(OPERATOR, None, Capturer.IMPORT, origin="import")
STORY = NarrativeIn(
    kind=Kind.MIXED,
    title=WORD,
    body=WORD,
    barrier=WORD,
    tags=[WORD],
    occurred_on=date(2026, 11, 1),
    consent=ConsentIn(wording_version=WORD, given_on=date(2026, 11, 1)),
    ref="1",
)


def tell(scene: Scene) -> Act:
    place = scene.place
    return Act(lambda writes: submit_narrative(writes, TELLER, place, STORY, scene.now))


def tell_again(scene: Scene) -> Act:
    act = tell(scene)
    with scene.make.database.write() as writes:
        act.do(writes)
    return Act(act.do, rows=0)


def told(scene: Scene) -> UUID:
    with scene.make.database.write() as writes:
        writes.expire_on_commit = False
        return submit_narrative(writes, TELLER, scene.place, STORY, scene.now)[0].public_id


def check(scene: Scene) -> Act:
    member, story = scene.member, told(scene)
    return Act(lambda writes: check_narrative(writes, member, story, scene.now))


def share(scene: Scene) -> Act:
    member, story = scene.member, told(scene)
    with scene.make.database.write() as writes:
        check_narrative(writes, member, story, scene.now)
    return Act(lambda writes: share_narrative(writes, member, story, Visibility.PUBLIC, scene.now))


def pause(scene: Scene) -> Act:
    member, story = scene.member, told(scene)
    with scene.make.database.write() as writes:
        check_narrative(writes, member, story, scene.now)
        share_narrative(writes, member, story, Visibility.PUBLIC, scene.now)
    return Act(lambda writes: pause_narrative(writes, member, story, scene.now))


def renew(scene: Scene) -> Act:
    member, story = scene.member, told(scene)
    yes = ConsentIn(wording_version=WORD, given_on=date(2026, 11, 20))
    return Act(lambda writes: add_consent(writes, member, story, yes, scene.now))


def yes_of(scene: Scene, story: UUID) -> UUID:
    with scene.make.database.read() as reads:
        return reads.exec(select(Consent.id).where(Consent.narrative_id == scene.make.story_id(story))).one()


def end(scene: Scene) -> Act:
    member, story = scene.member, told(scene)
    yes = yes_of(scene, story)
    return Act(lambda writes: end_consent(writes, member, story, yes, scene.now))


def end_again(scene: Scene) -> Act:
    act = end(scene)
    with scene.make.database.write() as writes:
        act.do(writes)
    return Act(act.do, rows=0)


def take_back(scene: Scene) -> Act:
    member, story = scene.member, told(scene)
    return Act(lambda writes: withdraw_narrative(writes, member, story, scene.now))


EXAMPLES: Examples = {
    "submit_narrative": [tell, tell_again],
    "check_narrative": [check],
    "share_narrative": [share],
    "add_consent": [renew],
    "end_consent": [end, end_again],
    "pause_narrative": [pause],
    "withdraw_narrative": [take_back],
}
