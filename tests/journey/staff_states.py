"""Every state of the pages of staff, and of signing in."""

from pydantic import SecretStr
from sqlmodel import col, select, update

from service.feedback.actions import Received, publish, withhold
from service.feedback.intake import Sender
from service.feedback.models import Outcome, WithheldReason
from service.people.actions import sign_in as sign_in_with
from service.journal.actions import OPERATOR
from service.people.models import Role, Staff, StaffRole
from service.places.queries import find_organisations
from service.promises.actions import Speaker, make_promise, report_progress
from service.promises.models import ProgressIn, PromiseIn, Standing
from tests.journey.resident_states import URDU, WITHOUT_A_SPACE
from tests.journey.stage import DONE, NO, WORDS, Stage, state
from tests.make import MONDAY

DATES = {"made_on": "2026-09-01", "due_on": "2026-12-20"}
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
def nothing_to_do_for_a_viewer(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.VIEWER)


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


# ---- the inbox -------------------------------------------------------------------------------------------------------


@state("inbox.list")
def inbox_empty(stage: Stage) -> None:
    stage.signs_in(stage.hillside)


@state("inbox.list")
def inbox_nothing_to_read(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/inbox?part=unread")


@state("inbox.list")
def inbox_nothing_answered(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/inbox?part=answered")


def busy(stage: Stage) -> None:
    """A week like any other."""
    stage.message(kind="not_good", area="hill-road", on="2026-11-02")
    stage.message(URDU, language="ur", kind="not_good", area="linden", on="2026-11-05", sender=HUB, channel="phone", on_behalf=True)
    stage.message("Why is the hub shut on Mondays?", kind="question", topic="hub", on="2026-11-09")
    stage.message(None, kind="good", whole_place=True, on="2026-11-13")
    stage.message(f"{WORDS} {WITHOUT_A_SPACE} {WORDS} {WORDS}", area="top-fields", topic="paths", on="2026-11-20")
    stage.message("Could the library lend tools, as they do in Linden?", kind="idea", share="words_public")
    stage.read(stage.message("The new crossing is much safer.", kind="good", area="marsh-end"))
    stage.answered(stage.message(kind="not_good", area="hill-road", on="2026-11-10"), Outcome.DONE, DONE)
    stage.answered(stage.message("Thank you for the warm room.", kind="good"), Outcome.THANK_YOU, "We will tell them.")


@state("inbox.list")
def inbox(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside)


@state("inbox.list")
def inbox_to_read_first(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside)
    with stage.page.expect_response(lambda response: "part=unread" in response.url):
        stage.page.get_by_role("link", name="To read first").click()
    stage.page.locator("#part-unread[aria-current]").wait_for()


@state("inbox.list")
def inbox_answered(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/inbox?part=answered")


@state("inbox.list")
def inbox_with_more_pages(stage: Stage) -> None:
    for number in range(51):
        stage.message(f"Message {number}", kind="idea")
    stage.signs_in(stage.hillside)


@state("inbox.list")
def inbox_of_the_front_line(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside, Role.FRONTLINE)


@state("inbox.list")
def inbox_is_not_for_viewers(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.VIEWER)
    stage.goes_to("/staff/hillside/inbox")


@state("inbox.list")
def inbox_with_every_duty(stage: Stage) -> None:
    busy(stage)
    stage.make.story(stage.hillside, "The nurse rang the landlord herself, and the damp was gone in a week.", title="Damp")
    claimed(stage)
    stage.signs_in(stage.hillside)


def claimed(stage: Stage) -> None:
    """A promise whose maker says that it is kept."""
    place, now = stage.hillside, stage.make.clock()
    with stage.make.database.write() as writes:
        maker = find_organisations(writes, place.id)[0]
        speaker = Speaker(OPERATOR, frozenset({maker.id}), whole_place=False)
        given = PromiseIn.model_validate(
            {"side": "our_part", "maker": maker.code, "text": "We will mend the path.", "kept_when": "It is dry.", **DATES}
        )
        promise = make_promise(writes, speaker, place, given, now)
        report_progress(writes, speaker, place, promise.id, ProgressIn(note="It is mended.", to=Standing.CLAIMED_KEPT), now)


@state("inbox.list")
def inbox_narrowed(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/inbox?part=owed&area=hill-road&kind=not_good")


@state("inbox.list")
def inbox_narrowed_to_nothing(stage: Stage) -> None:
    stage.message()
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/inbox?kind=idea&whose=mine")


@state("inbox.list")
def inbox_where_some_are_taken_on(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside, name="Asha Bell")
    for box in stage.page.get_by_role("checkbox").all()[:3]:
        box.check()
    stage.presses("I take them on")
    stage.page.get_by_role("checkbox").first.check()


@state("inbox.list")
def inbox_nothing_marked(stage: Stage) -> None:
    stage.message()
    stage.signs_in(stage.hillside)
    stage.presses("Pass on")


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


@state("feedback.message")
def message_passed_on_and_taken_on(stage: Stage) -> None:
    told = stage.message(kind="not_good", area="hill-road", on="2026-11-16")
    stage.opens_as_staff(told)
    stage.page.get_by_label("Pass it on to").select_option(index=1)
    stage.presses("Pass on")
    stage.presses("I take it on")


@state("feedback.pass_on")
def message_passed_on_to_nobody(stage: Stage) -> None:
    stage.opens_as_staff(stage.message(kind="idea"))
    stage.presses("Pass on")


@state("feedback.assign")
def message_handed_to_somebody_who_is_gone(stage: Stage) -> None:
    stage.make.person(stage.hillside, name="Asha Bell", email="asha@example.org")
    stage.opens_as_staff(stage.message(kind="idea"))
    stage.page.get_by_label("Give it to").select_option("Asha Bell")
    with stage.make.database.write() as writes:
        gone = select(Staff.id).where(Staff.email == "asha@example.org")
        writes.execute(update(StaffRole).where(col(StaffRole.staff_id).in_(gone)).values(ended_at=stage.make.clock()))
    stage.presses("Hand it over")


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


@state("inbox.list")
def inbox_of_words_to_decide(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/inbox?part=offered")


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
