"""Every state of moderation: what waits, the words that are held, names that are taken out, and who disagrees."""

from uuid import UUID

from service.feedback.actions import Received, receive_feedback
from service.feedback.desk_actions import withhold
from service.feedback.intake import PUBLIC_SENDER, Arrival, message_from
from service.feedback.models import FeedbackIn, Share, WithheldReason
from service.moderation.actions import add_rule, appeal, set_aside
from service.moderation.models import AsideReason, Severity, Sign
from service.moderation.redaction_actions import redact_message
from service.people.models import Role
from tests.journey.stage import Stage, state

NAMED = "Anna Bloggs took the bench by the surgery. Everybody saw it."
QUEUE = "/staff/hillside/moderation"


def withheld(stage: Stage) -> Received:
    """Words that Sam did not show, and whose sender disagrees."""
    sent = stage.message("The council lied about the path.", share="words_public")
    with stage.make.database.write() as writes:
        withhold(writes, stage.sam, stage.make.message_id(sent), WithheldReason.ABUSIVE, stage.make.clock())
        appeal(writes, stage.make.keys, stage.hillside, sent.code, "It is not abusive. It is what happened.", stage.make.clock())
    return sent


def named(stage: Stage, *pieces: str) -> UUID:
    """A message that names somebody, of which some was taken out."""
    message = stage.make.message_id(stage.message(NAMED, share="words_public"))
    for piece in pieces:
        with stage.make.database.write() as writes:
            redact_message(writes, stage.make.keys, stage.sam, message, [piece], stage.make.clock())
    return message


@state("moderation.queue")
def moderation_empty(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.MODERATOR)
    stage.goes_to(QUEUE)


@state("moderation.queue")
def moderation(stage: Stage) -> None:
    stage.message("There is violence on Hill Road at night.", share="words_public")
    stage.make.story(stage.hillside, "They threatened the warden.", title="Threats")
    withheld(stage)
    for _copy in range(4):
        stage.message("Cheap windows for everybody", share="words_public")
    advert = stage.make.message_id(stage.message("Buy my car."))
    with stage.make.database.write() as writes:
        set_aside(writes, stage.sam, [advert], AsideReason.ADVERT, stage.make.clock())
    odd = FeedbackIn(body="Loans for everybody, ring now.", share=Share.WORDS_PUBLIC)
    arrival = Arrival((Sign.TRAP, Sign.QUICK, Sign.UNSIGNED, Sign.MANY))
    with stage.make.database.write() as writes:
        key = bytes(16)
        receive_feedback(writes, [message_from(stage.hillside, stage.make.keys, PUBLIC_SENDER, odd, key, stage.make.clock(), arrival)])
    stage.signs_in(stage.hillside, Role.MODERATOR)
    stage.goes_to(QUEUE)
    stage.page.locator("details summary", has_text="What was odd").click()


@state("moderation.set_aside")
def moderation_set_aside_without_a_reason(stage: Stage) -> None:
    for _copy in range(4):
        stage.message("Cheap windows for everybody", share="words_public")
    stage.signs_in(stage.hillside, Role.MODERATOR)
    stage.goes_to(QUEUE)
    stage.presses("Set them all aside")


@state("feedback.message")
def message_held(stage: Stage) -> None:
    stage.opens_as_staff(stage.message("There is violence on Hill Road at night.", share="words_public"), Role.MODERATOR)
    stage.page.get_by_text("Hold it, take a name out").click()


@state("feedback.message")
def message_whose_sender_disagrees(stage: Stage) -> None:
    stage.opens_as_staff(withheld(stage), Role.MODERATOR)


@state("moderation.uphold")
def appeal_upheld_without_a_reason(stage: Stage) -> None:
    stage.opens_as_staff(withheld(stage), Role.MODERATOR)
    stage.presses("It stays so")


@state("narratives.story")
def story_held(stage: Stage) -> None:
    story = stage.make.story(stage.hillside, "They threatened the warden.", title="Threats")
    stage.signs_in(stage.hillside, Role.MODERATOR)
    stage.goes_to(f"/staff/hillside/stories/{story}")


@state("moderation.words")
def held_words(stage: Stage) -> None:
    with stage.make.database.write() as writes:
        add_rule(writes, stage.sam, "Mr Grabber", Severity.THIRD_PARTY, stage.make.clock())
        add_rule(writes, stage.sam, "knife", Severity.NONE, stage.make.clock())
    stage.signs_in(stage.hillside, Role.MODERATOR)
    stage.goes_to(f"{QUEUE}/words")


@state("moderation.add_rule")
def held_words_none_given(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.MODERATOR)
    stage.goes_to(f"{QUEUE}/words")
    stage.presses("Add the words")


@state("moderation.names_in_message")
def names_in_a_message(stage: Stage) -> None:
    message = named(stage, "Anna Bloggs")
    stage.signs_in(stage.hillside, Role.MODERATOR)
    stage.goes_to(f"/staff/hillside/messages/{message}/names")


@state("moderation.redact_message")
def names_that_do_not_stand_there(stage: Stage) -> None:
    message = named(stage)
    stage.signs_in(stage.hillside, Role.MODERATOR)
    stage.goes_to(f"/staff/hillside/messages/{message}/names")
    stage.page.get_by_label("What should be taken out?").fill("Joanna")
    stage.presses("Take it out")


@state("moderation.names_in_story")
def names_in_a_story(stage: Stage) -> None:
    story = stage.make.story(stage.hillside, NAMED, title="The bench")
    stage.signs_in(stage.hillside, Role.MODERATOR)
    stage.goes_to(f"/staff/hillside/stories/{story}/names")


@state("moderation.redact_story")
def names_in_a_story_none_given(stage: Stage) -> None:
    names_in_a_story(stage)
    stage.presses("Take it out")


@state("moderation.open_original")
def original_without_a_reason(stage: Stage) -> None:
    names_in_a_message(stage)
    stage.presses("Open the original")


@state("moderation.open_original")
def original_opened(stage: Stage) -> None:
    names_in_a_message(stage)
    stage.page.get_by_label("Why do you need to see").fill("Her employer asks what was said.")
    stage.presses("Open the original")
