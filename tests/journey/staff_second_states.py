"""Every state of the second step of administrators, of a council's own login, and of a form from somebody who was signed out."""

from pyotp import TOTP

from service.people.login import Login
from service.people.models import Role
from service.people.queries import find_staff
from service.people.second import find_app, secret_of
from tests.journey.staff_states import sends, with_mail
from tests.journey.stage import NO, WHY, WORDS, Stage, state

ADA, SECOND = "ada@hillside.example", "/staff/second"


def enters(stage: Stage) -> None:
    """An administrator has used a link."""
    stage.goes_to(f"/staff/sign-in/{stage.make.person(stage.hillside, Role.ADMIN, email=ADA, name='Ada Admin')}")
    stage.presses("Sign in")


def code(stage: Stage) -> str:
    with stage.make.database.read() as reads:
        staff = find_staff(reads, ADA)
        assert staff is not None
        app = find_app(reads, staff.id)
        assert app is not None
        return TOTP(secret_of(stage.make.keys, app)).at(stage.make.clock())


def with_app(stage: Stage) -> None:
    enters(stage)
    stage.presses("Use an app").get_by_label("The six figures of your app").fill(code(stage))
    stage.presses("Go on")


@state("people.second")
def second_step_to_set_up(stage: Stage) -> None:
    enters(stage)


@state("people.app")
def second_step_app(stage: Stage) -> None:
    enters(stage)
    stage.presses("Use an app")


@state("people.confirm_app")
def second_step_app_mistyped(stage: Stage) -> None:
    enters(stage)
    stage.presses("Use an app").get_by_label("The six figures of your app").fill("000000")
    stage.presses("Go on")


@state("people.recovery_codes")
def second_step_codes(stage: Stage) -> None:
    with_app(stage)


@state("people.second")
def second_step(stage: Stage) -> None:
    with_app(stage)
    enters(stage)


@state("people.show_code")
def second_step_mistyped(stage: Stage) -> None:
    with_app(stage)
    enters(stage)
    stage.page.get_by_label("The six figures of your app").fill("000000")
    stage.presses("Go on")


@state("people.show_code")
def second_step_waits(stage: Stage) -> None:
    with_app(stage)
    enters(stage)
    for _try in range(6):
        sends(stage, SECOND, code="000000")


@state("people.add_passkey")
def second_step_passkey_with_too_long_a_name(stage: Stage) -> None:
    enters(stage)
    sends(stage, "/staff/you/passkeys", credential="{}", name="My own telephone, the one with the cracked glass, from the year 2019")


@state("people.you")
def you_with_an_app(stage: Stage) -> None:
    with_app(stage)
    stage.presses("I have them")
    stage.goes_to("/staff/you")


@state("people.choose_language")
def you_without_a_language(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    sends(stage, "/staff/you/language", language="")


@state("feedback.reply")
def reply_of_somebody_signed_out(stage: Stage) -> None:
    page = stage.opens_as_staff(stage.message(kind="idea"))
    page.get_by_text("We cannot do this.").click()
    page.get_by_label("Your answer").fill(f"{NO}\n\n{WORDS}")
    page.get_by_label("Why").fill(WHY)
    page.context.clear_cookies()
    stage.presses("Send the answer")


@state("feedback.mark_read")
def button_of_somebody_signed_out(stage: Stage) -> None:
    page = stage.opens_as_staff(stage.message(kind="idea"))
    page.context.clear_cookies()
    stage.presses("Mark as read")


# ---- a council's own login -------------------------------------------------------------------------------------------


def with_login(stage: Stage) -> None:
    """The installation knows one, which does not answer."""
    domains = frozenset({"hillside.example"})
    stage.app.state.login = Login("http://127.0.0.1:9", "x", None, name="Hillside Borough Council", domains=domains, places=frozenset())


@state("people.front")
def signed_out_with_login(stage: Stage) -> None:
    with_login(stage)
    with_mail(stage)
    stage.goes_to("/staff")


@state("people.begin_login")
def login_does_not_answer(stage: Stage) -> None:
    with_login(stage)
    stage.goes_to("/staff")
    stage.presses("Sign in with Hillside Borough Council")


@state("people.back_from_login")
def login_refused(stage: Stage) -> None:
    with_login(stage)
    stage.goes_to("/staff/login/back?error=access_denied")


@state("people.end_login")
def login_begun_in_another_browser(stage: Stage) -> None:
    with_login(stage)
    with stage.page.expect_response(lambda answer: answer.request.method == "POST"):
        stage.goes_to("/staff/login/back?state=x&code=y")
    stage.page.wait_for_load_state()
