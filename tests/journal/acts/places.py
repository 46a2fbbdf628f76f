"""Examples of changing places."""

from datetime import date

from service.journal.actions import OPERATOR
from service.places.actions import add_collaboration, add_organisation, add_topic, end_membership, govern, put_area, set_collaboration
from service.places.models import AreaIn, CollaborationIn, GovernanceForm, GovernanceIn, OrganisationIn, TopicIn
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


EXAMPLES: Examples = {
    "add_collaboration": [add_place],
    "set_collaboration": [set_place, set_nothing],
    "add_organisation": [add_member],
    "end_membership": [end_member],
    "govern": [begin_to_govern, govern_after_another],
    "add_topic": [add_subject],
    "put_area": [add_area, change_area, put_area_as_it_is],
}
