"""Every state of the pages of staff, and of signing in."""

from pydantic import SecretStr
from sqlmodel import col, update

from service.feedback.actions import Received
from service.feedback.desk_actions import publish, withhold
from service.feedback.intake import Sender
from service.feedback.models import Outcome, WithheldReason
from service.people.actions import sign_in as sign_in_with
from service.people.models import Role, StaffRole
from tests.journey.resident_states import URDU, WITHOUT_A_SPACE
from tests.journey.stage import DONE, NO, WORDS, Stage, state
from tests.make import MONDAY

HUB = Sender(namespace=b"hub", with_key=True)
"""A partner who writes down what people say."""


# ---- signing in ------------------------------------------------------------------------------------------------------


@state("people.front")
def signed_out(stage: Stage) -> None:
    stage.goes_to("/staff")


def with_mail(stage: Stage) -> None:
    """The installation has a mail server. Nothing is sent in these states: the worker began without one."""
    stage.app.state.settings = stage.app.state.settings.model_copy(update={"smtp_url": SecretStr("smtp://127.0.0.1:9")})


@state("people.front")
def signed_out_with_mail(stage: Stage) -> None:
    with_mail(stage)
    stage.goes_to("/staff")


@state("people.ask_link")
def ask_for_a_link_without_an_address(stage: Stage) -> None:
    with_mail(stage)
    stage.goes_to("/staff").get_by_label("Your e-mail address").fill("sam at hillside")
    with stage.page.expect_response(lambda response: response.status == 422):
        stage.presses("Send me a link")


@state("people.asked")
def asked_for_a_link(stage: Stage) -> None:
    with_mail(stage)
    stage.goes_to("/staff").get_by_label("Your e-mail address").fill("sam@hillside.example")
    stage.presses("Send me a link")


@state("people.confirm")
def sign_in_link_spent_with_mail(stage: Stage) -> None:
    with_mail(stage)
    stage.goes_to("/staff/sign-in/spent")


def sends(stage: Stage, address: str, **fields: str) -> None:
    """A form that a script would have filled in.

    These screens are at a bare number, for which browsers make no passkeys; with them the pages are seen in test_passkeys.py.
    """
    with stage.page.expect_navigation():
        stage.page.evaluate(
            """([address, fields]) => {
              const form = Object.assign(document.createElement("form"), { method: "post", action: address });
              for (const [name, value] of Object.entries(fields)) {
                form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
              }
              document.body.append(form);
              form.submit();
            }""",
            [address, fields],
        )


@state("people.passkey_sign_in")
def passkey_where_there_are_none(stage: Stage) -> None:
    stage.goes_to("/staff")
    sends(stage, "/staff/passkey", credential="{}")


@state("people.add_passkey")
def passkey_with_too_long_a_name(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    sends(stage, "/staff/you/passkeys", credential="{}", name="My own telephone, the one with the cracked glass, from the year 2019")


@state("people.confirm")
def sign_in(stage: Stage) -> None:
    stage.goes_to(f"/staff/sign-in/{stage.make.person(stage.hillside)}")


@state("people.confirm")
def sign_in_link_spent(stage: Stage) -> None:
    stage.goes_to("/staff/sign-in/spent")


@state("people.confirm")
def sign_in_link_spent_while_it_was_open(stage: Stage) -> None:
    link = stage.make.person(stage.hillside)
    page = stage.goes_to(f"/staff/sign-in/{link}")
    page.request.post(page.url, max_redirects=0)
    page.context.clear_cookies()
    stage.presses("Sign in")


@state("people.confirm")
def sign_in_tried_too_often(stage: Stage) -> None:
    page = stage.goes_to("/staff/sign-in/wrong")
    for number in range(21):
        page.request.get(f"{page.url}{number}")
    stage.goes_to("/staff/sign-in/wrong")


@state("people.front")
def choose_where_to_work(stage: Stage) -> None:
    second = stage.make.collaboration("riverbank")
    stage.make.person(second, Role.VIEWER, email="sam@example.org")
    stage.make.person(second, Role.MODERATOR, email="sam@example.org")
    stage.signs_in(stage.hillside, email="sam@example.org")


@state("people.front")
def nowhere_to_work(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    with stage.make.database.write() as writes:
        writes.execute(update(StaffRole).where(col(StaffRole.ended_at).is_(None)).values(ended_at=stage.make.clock()))
    stage.goes_to("/staff")


@state("people.you")
def you(stage: Stage) -> None:
    """Signed in here, on a phone this morning, and on a computer yesterday evening; with two roles."""
    now = stage.make.clock()
    stage.make.person(stage.hillside, email="sam@example.org", name="Sam Okoro")
    stage.make.organisation(second := stage.make.collaboration("riverbank"), "river-trust")
    stage.make.person(second, Role.MODERATOR, email="sam@example.org", organisation="river-trust")
    for hours in (11, 3):
        stage.make.clock.at(now)
        stage.make.clock.advance(hours=-hours)
        link = stage.make.person(stage.hillside, email="sam@example.org")
        with stage.make.database.write() as writes:
            sign_in_with(writes, link, stage.make.clock())
    stage.make.clock.at(now)
    stage.signs_in(stage.hillside, email="sam@example.org")
    stage.goes_to("/staff/you")


@state("people.you")
def you_alone(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.VIEWER)
    with stage.make.database.write() as writes:
        writes.execute(update(StaffRole).where(col(StaffRole.ended_at).is_(None)).values(ended_at=stage.make.clock()))
    stage.goes_to("/staff/you")


# ---- one message -----------------------------------------------------------------------------------------------------


@state("feedback.message")
def message(stage: Stage) -> None:
    stage.opens_as_staff(stage.message(kind="not_good", area="hill-road", topic="paths"))


@state("feedback.message")
def message_read(stage: Stage) -> None:
    stage.opens_as_staff(stage.read(stage.message(kind="not_good", whole_place=True, on="2026-11-16")))


@state("feedback.message")
def message_late(stage: Stage) -> None:
    stage.opens_as_staff(stage.message(kind="question", on="2026-11-02", share="words_public"))


@state("feedback.message")
def message_with_everything(stage: Stage) -> None:
    stage.opens_as_staff(
        stage.message(
            f"{WORDS}\n\n{WITHOUT_A_SPACE}",
            sender=HUB,
            channel="in_person",
            on_behalf=True,
            want="To sit down on the way.",
            have="A drill and Saturdays.",
            gap="Leave to put it there.",
            tier="with_help",
            language="cy",
            topic="health",
            area="hill-road",
            contact="Ask for Mair at the hub on Fridays, or 01632 960 002",
            occurred_on="2026-11-19",
        )
    )


@state("feedback.message")
def message_in_urdu(stage: Stage) -> None:
    stage.opens_as_staff(stage.message(URDU, language="ur"))


@state("feedback.message")
def message_only_a_tick(stage: Stage) -> None:
    stage.opens_as_staff(stage.message(None, kind="good"))


@state("feedback.message")
def message_answered(stage: Stage) -> None:
    stage.opens_as_staff(stage.answered(stage.message(kind="not_good", on="2026-11-10"), Outcome.DONE, DONE))


@state("feedback.message")
def message_of_the_front_line(stage: Stage) -> None:
    stage.opens_as_staff(stage.message(kind="idea"), Role.FRONTLINE)


def decided(stage: Stage, reason: WithheldReason | None = None) -> Received:
    """A message that others may read, or one that they may not."""
    told = stage.message(kind="not_good", area="hill-road", share="words_public")
    with stage.make.database.write() as writes:
        publish(writes, stage.sam, stage.make.message_id(told), stage.make.clock())
        if reason:
            withhold(writes, stage.sam, stage.make.message_id(told), reason, stage.make.clock())
    return told


@state("feedback.message")
def message_offered(stage: Stage) -> None:
    stage.opens_as_staff(stage.message(kind="not_good", area="hill-road", share="words_public"))


@state("feedback.message")
def message_offered_about_us(stage: Stage) -> None:
    told = stage.message(kind="not_good", topic="paths", share="words_public")
    stage.opens_as_staff(told, organisation="council")


@state("feedback.message")
def message_published(stage: Stage) -> None:
    stage.opens_as_staff(decided(stage))


@state("feedback.message")
def message_withheld(stage: Stage) -> None:
    stage.opens_as_staff(decided(stage, WithheldReason.COULD_TELL_WHO))


@state("feedback.withhold")
def withhold_without_a_reason(stage: Stage) -> None:
    stage.opens_as_staff(decided(stage))
    stage.presses("Do not show it")


@state("feedback.message")
def message_taken_back(stage: Stage) -> None:
    stage.opens(gone := stage.message(kind="idea"))
    stage.presses("Take my words back")
    stage.presses("Yes, remove my words")
    stage.opens_as_staff(gone)


@state("feedback.reply")
def reply_empty(stage: Stage) -> None:
    stage.opens_as_staff(stage.message(kind="idea"))
    stage.presses("Send the answer")


@state("feedback.reply")
def reply_without_a_reason(stage: Stage) -> None:
    page = stage.opens_as_staff(stage.message(kind="idea"))
    page.get_by_text("We cannot do this.").click()
    page.get_by_label("Your answer").fill(NO)
    stage.presses("Send the answer")


@state("feedback.message")
def marked_too_late(stage: Stage) -> None:
    """Somebody else marked it while the page was open."""
    stage.opens_as_staff(gone := stage.message(kind="idea"))
    stage.read(gone)
    stage.presses("Mark as read")


assert MONDAY.isoformat().startswith("2026-11-23"), "the days above are counted from here"
