"""Examples of changing places."""

from datetime import date

from service.journal.actions import OPERATOR
from service.places.actions import add_collaboration, add_organisation, add_topic, end_membership, govern, put_area, set_collaboration
from service.places.helplines import Helpline
from service.places.models import AreaIn, CollaborationIn, GovernanceForm, GovernanceIn, OrganisationIn, Threshold, ThresholdIn, TopicIn
from service.places.setting_actions import (
    bring_back_area,
    bring_back_topic,
    change_organisation,
    change_topic,
    join_again,
    retire_area,
    retire_topic,
    set_helplines,
    set_threshold,
)
from tests.journal.scene import WORD, Act, Examples, Scene

TOGETHER = GovernanceIn(form=GovernanceForm.SELF_GOVERNED, since=date(2026, 4, 1))


def add_place(scene: Scene) -> Act:
    given = CollaborationIn(slug="hillside", name=WORD, contact=WORD, rationales=[WORD])
    return Act(lambda writes: add_collaboration(writes, OPERATOR, given, scene.now))


def set_place(scene: Scene) -> Act:
    slug = scene.place.slug
    return Act(lambda writes: set_collaboration(writes, OPERATOR, slug, {"name": f"{WORD} again", "read_by": WORD}, scene.now))


def set_nothing(scene: Scene) -> Act:
    slug = scene.place.slug
    return Act(lambda writes: set_collaboration(writes, OPERATOR, slug, {"name": WORD}, scene.now), rows=0)


def add_member(scene: Scene) -> Act:
    given, place = OrganisationIn(code="council", name=WORD), scene.place
    return Act(lambda writes: add_organisation(writes, OPERATOR, place, given, scene.now))


def end_member(scene: Scene) -> Act:
    place, code = scene.place, scene.council.code
    return Act(lambda writes: end_membership(writes, OPERATOR, place, code, date(2026, 12, 1), scene.now))


def begin_to_govern(scene: Scene) -> Act:
    place = scene.place
    return Act(lambda writes: govern(writes, OPERATOR, place, TOGETHER, scene.now))


def govern_after_another(scene: Scene) -> Act:
    given = GovernanceIn(form=GovernanceForm.LEAD_ORGANISATION, organisation=scene.council.code, since=date(2026, 11, 1))
    place = scene.place
    scene.make.governance(place, since=date(2026, 4, 1))
    return Act(lambda writes: govern(writes, OPERATOR, place, given, scene.now))


def add_subject(scene: Scene) -> Act:
    given, place = TopicIn(code="paths", name=WORD), scene.place
    return Act(lambda writes: add_topic(writes, OPERATOR, place, given, scene.now))


def add_area(scene: Scene) -> Act:
    place = scene.place
    return Act(lambda writes: put_area(writes, OPERATOR, place, "hill-road", AreaIn(name=WORD), scene.now))


def change_area(scene: Scene) -> Act:
    place = scene.place
    scene.make.area(place, "hill-road")
    return Act(lambda writes: put_area(writes, OPERATOR, place, "hill-road", AreaIn(name=WORD), scene.now))


def put_area_as_it_is(scene: Scene) -> Act:
    place = scene.place
    scene.make.area(place, "hill-road", name=WORD)
    return Act(lambda writes: put_area(writes, OPERATOR, place, "hill-road", AreaIn(name=WORD), scene.now), rows=0)


def retire_an_area(scene: Scene) -> Act:
    place, code = scene.place, scene.make.area(scene.place, name=WORD).code
    return Act(lambda writes: retire_area(writes, OPERATOR, place, code, scene.now))


def retire_an_area_again(scene: Scene) -> Act:
    place, code = scene.place, scene.make.area(scene.place).code
    with scene.make.database.write() as writes:
        retire_area(writes, OPERATOR, place, code, scene.now)
    return Act(lambda writes: retire_area(writes, OPERATOR, place, code, scene.now), rows=0)


def bring_an_area_back(scene: Scene) -> Act:
    place, code = scene.place, scene.make.area(scene.place).code
    with scene.make.database.write() as writes:
        retire_area(writes, OPERATOR, place, code, scene.now)
    return Act(lambda writes: bring_back_area(writes, OPERATOR, place, code, scene.now))


def bring_an_area_back_that_is_there(scene: Scene) -> Act:
    place, code = scene.place, scene.make.area(scene.place).code
    return Act(lambda writes: bring_back_area(writes, OPERATOR, place, code, scene.now), rows=0)


def rename_a_topic(scene: Scene) -> Act:
    place, given = scene.place, TopicIn(code=scene.make.topic(scene.place).code, name=WORD, organisation=scene.council.code)
    return Act(lambda writes: change_topic(writes, OPERATOR, place, given, scene.now))


def leave_a_topic(scene: Scene) -> Act:
    place, topic = scene.place, scene.make.topic(scene.place, name=WORD)
    given = TopicIn(code=topic.code, name=WORD)
    return Act(lambda writes: change_topic(writes, OPERATOR, place, given, scene.now), rows=0)


def retire_a_topic(scene: Scene) -> Act:
    place, code = scene.place, scene.make.topic(scene.place).code
    return Act(lambda writes: retire_topic(writes, OPERATOR, place, code, scene.now))


def retire_a_topic_again(scene: Scene) -> Act:
    place, code = scene.place, scene.make.topic(scene.place).code
    with scene.make.database.write() as writes:
        retire_topic(writes, OPERATOR, place, code, scene.now)
    return Act(lambda writes: retire_topic(writes, OPERATOR, place, code, scene.now), rows=0)


def bring_a_topic_back(scene: Scene) -> Act:
    place, code = scene.place, scene.make.topic(scene.place).code
    with scene.make.database.write() as writes:
        retire_topic(writes, OPERATOR, place, code, scene.now)
    return Act(lambda writes: bring_back_topic(writes, OPERATOR, place, code, scene.now))


def bring_a_topic_back_that_is_there(scene: Scene) -> Act:
    place, code = scene.place, scene.make.topic(scene.place).code
    return Act(lambda writes: bring_back_topic(writes, OPERATOR, place, code, scene.now), rows=0)


def rename_an_organisation(scene: Scene) -> Act:
    place, given = scene.place, OrganisationIn(code=scene.council.code, name=f"{WORD} again")
    return Act(lambda writes: change_organisation(writes, OPERATOR, place, given, scene.now))


def leave_an_organisation(scene: Scene) -> Act:
    place, council = scene.place, scene.council
    given = OrganisationIn(code=council.code, name=WORD, kind=council.kind)
    return Act(lambda writes: change_organisation(writes, OPERATOR, place, given, scene.now), rows=0)


def join_once_more(scene: Scene) -> Act:
    place, code = scene.place, scene.council.code
    with scene.make.database.write() as writes:
        end_membership(writes, OPERATOR, place, code, date(2026, 11, 1), scene.now)
    return Act(lambda writes: join_again(writes, OPERATOR, place, code, date(2026, 11, 2), scene.now))


def answer_sooner(scene: Scene) -> Act:
    place, given = scene.place, ThresholdIn(threshold=Threshold.ANSWER_WITHIN, value=5, since=date(2026, 12, 1), why=WORD)
    return Act(lambda writes: set_threshold(writes, OPERATOR, place, given, scene.now))


HELP = [Helpline(WORD, "0808 2000 247", WORD, WORD)]


def name_helplines(scene: Scene) -> Act:
    place = scene.place
    return Act(lambda writes: set_helplines(writes, OPERATOR, place, "en", HELP, scene.now))


def name_helplines_as_before(scene: Scene) -> Act:
    place = scene.place
    with scene.make.database.write() as writes:
        set_helplines(writes, OPERATOR, place, "en", HELP, scene.now)
    return Act(lambda writes: set_helplines(writes, OPERATOR, place, "en", HELP, scene.now), rows=0)


EXAMPLES: Examples = {
    "set_helplines": [name_helplines, name_helplines_as_before],
    "add_collaboration": [add_place],
    "set_collaboration": [set_place, set_nothing],
    "add_organisation": [add_member],
    "end_membership": [end_member],
    "govern": [begin_to_govern, govern_after_another],
    "add_topic": [add_subject],
    "put_area": [add_area, change_area, put_area_as_it_is],
    "retire_area": [retire_an_area, retire_an_area_again],
    "bring_back_area": [bring_an_area_back, bring_an_area_back_that_is_there],
    "change_topic": [rename_a_topic, leave_a_topic],
    "retire_topic": [retire_a_topic, retire_a_topic_again],
    "bring_back_topic": [bring_a_topic_back, bring_a_topic_back_that_is_there],
    "change_organisation": [rename_an_organisation, leave_an_organisation],
    "join_again": [join_once_more],
    "set_threshold": [answer_sooner],
}
