"""Every state of the pages on which staff answer those who ask what is held of them."""

from uuid import UUID

from service.people.models import Role
from service.register import Subject
from service.subjects.actions import ask, decide
from service.subjects.models import RequestIn, Wish
from tests.journey.stage import SLUG, Stage, state

HELD = f"/staff/{SLUG}/held"


def looks(stage: Stage, *, code: str = "") -> None:
    """An administrator looks for what goes by the code of a message."""
    message = stage.message(contact="ann@example.org")
    stage.signs_in(stage.hillside, Role.ADMIN)
    page = stage.goes_to(HELD)
    page.get_by_label("What do they go by?").fill(code or message.code)
    page.get_by_label("Why do you look?").fill("Asked by letter of 3 November")
    stage.presses("Look")


@state("subjects.desk")
def held_desk(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.ADMIN)
    stage.goes_to(HELD)


@state("subjects.desk")
def held_desk_of_a_second_person(stage: Stage) -> None:
    asked(stage, Wish.COPY)
    stage.signs_in(stage.hillside, Role.MODERATOR)
    stage.goes_to(HELD)


@state("subjects.find")
def held_found(stage: Stage) -> None:
    looks(stage)


@state("subjects.find")
def held_nothing(stage: Stage) -> None:
    looks(stage, code="FERN-4827")


@state("subjects.ask")
def held_asked_without_a_reason(stage: Stage) -> None:
    looks(stage)
    stage.page.get_by_label("Why?").fill("")
    stage.presses("Ask a second person")


@state("subjects.request")
def request_of_my_own(stage: Stage) -> None:
    looks(stage)
    stage.page.get_by_role("radio", name="Erasure of the words, for good").check()
    stage.page.get_by_label("Why?").fill("Asked by letter of 3 November")
    stage.presses("Ask a second person")


def asked(stage: Stage, wish: Wish) -> str:
    """Sam asked, about a message; answers the address of the request."""
    message = stage.message(contact="ann@example.org")
    given = RequestIn(wish=wish, subject=Subject.MESSAGE, subject_id=stage.make.message_id(message), why="Asked by letter of 3 November")
    with stage.make.database.write() as writes:
        return f"{HELD}/requests/{ask(writes, stage.sam, given, stage.make.clock())}"


@state("subjects.request")
def request_to_decide(stage: Stage) -> None:
    address = asked(stage, Wish.ERASURE)
    stage.signs_in(stage.hillside, Role.ADMIN)
    stage.goes_to(address)


@state("subjects.request")
def request_agreed(stage: Stage) -> None:
    request_of_my_own(stage)
    address = stage.page.url
    with stage.make.database.write() as writes:
        decide(writes, stage.sam, UUID(address.rpartition("/")[2]), agreed=True, now=stage.make.clock())
    stage.goes_to(address)
