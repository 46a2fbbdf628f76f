"""Every state of the pages of who works in a place."""

from sqlmodel import col, select, update

from service.people.actions import sign_in
from service.people.models import Role, Staff
from tests.journey.staff_states import with_mail
from tests.journey.stage import Stage, state

PEOPLE = "/staff/hillside/people"


def busy(stage: Stage) -> str:
    """A place where somebody works, somebody is invited, and somebody did not come; answers the address of the one who is invited."""
    place, make = stage.hillside, stage.make
    make.person(place, Role.FRONTLINE, email="late@hillside.example", name="Lowri Late", organisation="council")
    make.clock.advance(days=8)
    link = make.person(place, Role.COORDINATOR, email="bea@hillside.example", name="Bea Coordinator")
    make.person(place, Role.MODERATOR, email="bea@hillside.example", organisation="council")
    with make.database.write() as writes:
        sign_in(writes, link, make.clock())
    make.person(place, Role.VIEWER, email="invited-with-a-long-address@hillside.example", name="Imran")
    stage.signs_in(place, Role.ADMIN, name="Ada Admin")
    return of(stage, "Imran")


def of(stage: Stage, name: str) -> str:
    with stage.make.database.read() as reads:
        return f"{PEOPLE}/{reads.exec(select(Staff.id).where(Staff.name == name)).one()}"


@state("people.team")
def people(stage: Stage) -> None:
    busy(stage)
    stage.goes_to(PEOPLE)


@state("people.invite_form")
def people_invite(stage: Stage) -> None:
    busy(stage)
    with_mail(stage)
    stage.goes_to(f"{PEOPLE}/invite")


@state("people.invite")
def people_invite_without_a_role(stage: Stage) -> None:
    busy(stage)
    stage.goes_to(f"{PEOPLE}/invite").get_by_label("Their e-mail address").fill("sam at hillside")
    stage.presses("Invite them")


@state("people.invite")
def people_link_to_hand_over(stage: Stage) -> None:
    busy(stage)
    page = stage.goes_to(f"{PEOPLE}/invite")
    page.get_by_label("Their e-mail address").fill("new@hillside.example")
    page.get_by_label("Coordinator").check()
    stage.presses("Invite them")


@state("people.teammate")
def people_invited(stage: Stage) -> None:
    stage.goes_to(busy(stage))


@state("people.invite_again")
def people_invited_again(stage: Stage) -> None:
    stage.goes_to(busy(stage))
    stage.presses("Make another link")


@state("people.teammate")
def people_at_work(stage: Stage) -> None:
    busy(stage)
    stage.goes_to(of(stage, "Bea Coordinator"))


@state("people.teammate")
def people_stopped(stage: Stage) -> None:
    busy(stage)
    stage.goes_to(of(stage, "Bea Coordinator"))
    stage.presses("Stop their access")


@state("people.teammate")
def people_ended_by_the_operator(stage: Stage) -> None:
    busy(stage)
    with stage.make.database.write() as writes:
        writes.execute(update(Staff).where(col(Staff.name) == "Bea Coordinator").values(disabled_at=stage.make.clock()))
    stage.goes_to(of(stage, "Bea Coordinator"))


@state("people.give_role")
def people_role_not_chosen(stage: Stage) -> None:
    busy(stage)
    stage.goes_to(of(stage, "Bea Coordinator"))
    stage.presses("Give it to them")


@state("people.end_role")
def people_last_administrator(stage: Stage) -> None:
    busy(stage)
    page = stage.goes_to(of(stage, "Ada Admin"))
    with page.expect_navigation():
        page.locator("main .acts").get_by_role("button").first.click()
