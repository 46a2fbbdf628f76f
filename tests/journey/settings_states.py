"""Every state of the pages on which a place is set up."""

import json
from datetime import date, timedelta

from service.journal.actions import OPERATOR
from service.keeping.actions import set_retention
from service.keeping.models import PeriodIn, Settable
from service.outbox.actions import claim, give_up, post
from service.outbox.models import For, Purpose
from service.partners.models import Scope
from service.people.models import Role
from service.places.actions import end_membership
from service.places.models import Threshold, ThresholdIn
from service.places.setting_actions import retire_area, retire_topic, set_threshold
from tests.journey.stage import Stage, state

SETTINGS = "/staff/hillside/settings"


def opens(stage: Stage, page: str = "", organisation: str | None = None) -> None:
    """Signs in as the one who sets hillside up, and opens a page of the settings."""
    stage.signs_in(stage.hillside, Role.ADMIN, organisation=organisation)
    stage.goes_to(f"{SETTINGS}{page}")


def clears(stage: Stage, label: str, button: str, typed: str = "") -> None:
    """Leaves a field empty, or types something else, and sends the form."""
    stage.page.get_by_label(label, exact=True).fill(typed)
    stage.presses(button)


@state("hosting.settings")
def settings(stage: Stage) -> None:
    opens(stage)


@state("hosting.settings")
def settings_of_one_organisation(stage: Stage) -> None:
    opens(stage, organisation="nhs")


# ---- about this place ------------------------------------------------------------------------------------------------


@state("hosting.about")
def settings_about(stage: Stage) -> None:
    opens(stage, "/about")


@state("hosting.describe")
def settings_about_looked_at(stage: Stage) -> None:
    settings_about(stage)
    stage.presses("Look at it first")


@state("hosting.describe")
def settings_about_with_much_wrong(stage: Stage) -> None:
    settings_about(stage)
    stage.page.get_by_label("What is it called?").fill("")
    stage.page.get_by_label("On which other days does nobody work?").fill("Christmas")
    clears(stage, "Time zone", "Keep it", "Hillside")


# ---- areas -----------------------------------------------------------------------------------------------------------


@state("hosting.areas")
def settings_areas(stage: Stage) -> None:
    with stage.make.database.write() as writes:
        retire_area(writes, OPERATOR, stage.hillside, "marsh-end", stage.make.clock())
    opens(stage, "/areas")


@state("hosting.add_area")
def settings_area_that_is_there(stage: Stage) -> None:
    opens(stage, "/areas")
    clears(stage, "What do people call it?", "Add the area", "Hill Road")


@state("hosting.area")
def settings_area(stage: Stage) -> None:
    opens(stage, "/areas/one/hill-road")


@state("hosting.change_area")
def settings_area_without_a_name(stage: Stage) -> None:
    settings_area(stage)
    clears(stage, "What do people call it?", "Keep it")


@state("hosting.area_file")
def settings_area_file(stage: Stage) -> None:
    opens(stage, "/areas/file")


@state("hosting.take_areas")
def settings_area_file_checked(stage: Stage) -> None:
    settings_area_file(stage)
    square = {"type": "Polygon", "coordinates": [[[0.0, 51.0], [0.1, 51.0], [0.1, 51.1], [0.0, 51.0]]]}
    rows = [{"properties": {"code": code, "name": "Mill Lane"}, "geometry": square} for code in ("mill-lane", "no code", "")]
    content = json.dumps({"type": "FeatureCollection", "features": rows}).encode()
    file = {"name": "the-wards-of-hillside.geojson", "mimeType": "application/geo+json", "buffer": content}
    stage.page.get_by_label("Which file?").set_input_files(file)  # type: ignore[arg-type]
    stage.presses("Check the file")


# ---- organisations ---------------------------------------------------------------------------------------------------


@state("hosting.organisations")
def settings_organisations(stage: Stage) -> None:
    with stage.make.database.write() as writes:
        end_membership(writes, OPERATOR, stage.hillside, "night", date(2026, 10, 31), stage.make.clock())
    opens(stage, "/organisations")


@state("hosting.add_organisation")
def settings_organisation_with_much_missing(stage: Stage) -> None:
    opens(stage, "/organisations")
    stage.presses("Add the organisation")


@state("hosting.organisation")
def settings_organisation(stage: Stage) -> None:
    opens(stage, "/organisations/hub")


@state("hosting.change_organisation")
def settings_organisation_without_a_name(stage: Stage) -> None:
    settings_organisation(stage)
    clears(stage, "What is it called?", "Keep it")


@state("hosting.membership")
def settings_organisation_leaves_before_it_came(stage: Stage) -> None:
    settings_organisation(stage)
    clears(stage, "Which is its last day?", "It leaves", "2020-01-01")


# ---- topics ----------------------------------------------------------------------------------------------------------


@state("hosting.topics")
def settings_topics(stage: Stage) -> None:
    with stage.make.database.write() as writes:
        retire_topic(writes, OPERATOR, stage.hillside, "hub", stage.make.clock())
    opens(stage, "/topics")


@state("hosting.add_topic")
def settings_topic_that_is_there(stage: Stage) -> None:
    opens(stage, "/topics")
    clears(stage, "What do people call it?", "Add the topic", "Paths")


@state("hosting.topic")
def settings_topic(stage: Stage) -> None:
    opens(stage, "/topics/paths")


@state("hosting.change_topic")
def settings_topic_without_a_name(stage: Stage) -> None:
    settings_topic(stage)
    clears(stage, "What do people call it?", "Keep it")


# ---- rules -----------------------------------------------------------------------------------------------------------


def sets(stage: Stage) -> None:
    """Hillside answers sooner since the day before yesterday, and means to be slower from next week on."""
    place, now = stage.hillside, stage.make.clock()
    stage.make.clock.advance(days=-2)
    with stage.make.database.write() as writes:
        for value, since, why in ((8, date(2026, 11, 21), "People told us that two weeks are long."), (12, date(2026, 11, 30), "Winter.")):
            given = ThresholdIn(threshold=Threshold.ANSWER_WITHIN, value=value, since=since, why=why)
            set_threshold(writes, stage.sam.actor, place, given, stage.make.clock())
    stage.make.clock.at(now)


@state("hosting.thresholds")
def settings_rules(stage: Stage) -> None:
    sets(stage)
    opens(stage, "/rules")


@state("hosting.threshold")
def settings_rule(stage: Stage) -> None:
    sets(stage)
    opens(stage, "/rules/answer_within")


@state("hosting.set_threshold")
def settings_rule_without_a_reason(stage: Stage) -> None:
    opens(stage, "/rules/fewest_shown")
    clears(stage, "To which number?", "Change it", "3")


# ---- how long things are kept ----------------------------------------------------------------------------------------


def keeps(stage: Stage) -> None:
    """Hillside keeps words for a year since last month, and has some that are older."""
    now = stage.make.clock()
    stage.make.clock.at("2025-06-02T09:00Z")
    for _number in range(3):
        stage.message(kind="not_good", contact="0123 456789")
    stage.make.clock.at("2026-10-20T09:00Z")
    with stage.make.database.write() as writes:
        given = PeriodIn(settable=Settable.UNSHARED_WORDS, months=18, why="Agreed at the May meeting.")
        set_retention(writes, stage.sam.actor, stage.hillside, given, stage.make.clock())
    stage.make.clock.at(now)


@state("keeping.periods")
def settings_kept(stage: Stage) -> None:
    keeps(stage)
    opens(stage, "/keeping")


@state("keeping.period")
def settings_kept_words(stage: Stage) -> None:
    keeps(stage)
    opens(stage, "/keeping/unshared_words")


@state("keeping.set_period")
def settings_kept_words_looked_at(stage: Stage) -> None:
    settings_kept_words(stage)
    clears(stage, "For how many months?", "Look at it first", "12")


@state("keeping.set_period")
def settings_kept_contacts_too_long(stage: Stage) -> None:
    opens(stage, "/keeping/contacts")
    clears(stage, "For how many months?", "Change it", "60")


# ---- letters ---------------------------------------------------------------------------------------------------------


def gives_up(stage: Stage, failure: str) -> None:
    """A letter to Sam that nobody took."""
    with stage.make.database.write() as writes:
        for_sam, now = For(stage.hillside.id, stage.sam.person.staff_id), stage.make.clock()
        post(writes, Purpose.URGENT, stage.sam.person.email, "en", now, for_sam)
        letter = claim(writes, now)
        assert letter is not None
        give_up(writes, letter, now, failure)


@state("hosting.letters")
def settings_letters(stage: Stage) -> None:
    opens(stage, "/letters")


@state("hosting.letters")
def settings_letters_that_could_not_be_sent(stage: Stage) -> None:
    gives_up(stage, "SMTPRecipientsRefused")
    gives_up(stage, "TimeoutError")
    about = stage.make.message_id(stage.message(contact="07700 900123"))
    with stage.make.database.write() as writes:
        post(writes, Purpose.NEWS, "0.0.0", "en", stage.make.clock(), For(stage.hillside.id, message_id=about))
        letter = claim(writes, stage.make.clock())
        assert letter is not None
        give_up(writes, letter, stage.make.clock(), "Notify400")
    opens(stage, "/letters")


@state("hosting.settings")
def settings_when_letters_could_not_be_sent(stage: Stage) -> None:
    gives_up(stage, "TimeoutError")
    opens(stage)


@state("hosting.letter")
def settings_letter(stage: Stage) -> None:
    opens(stage, "/letters/invitation/en")


@state("hosting.word_letter")
def settings_letter_looked_at(stage: Stage) -> None:
    settings_letter(stage)
    stage.page.get_by_label("At the beginning").fill("Hello from all of us in {place}.")
    clears(stage, "At the end", "Look at it first", "Questions? Ring the hub: 01234 567890.")


@state("hosting.word_letter")
def settings_letter_with_a_link(stage: Stage) -> None:
    settings_letter(stage)
    clears(stage, "At the end", "Keep it", "Or go to www.example.org.")


# ---- keys ------------------------------------------------------------------------------------------------------------


@state("partners.keys")
def settings_keys_none(stage: Stage) -> None:
    opens(stage, "/keys")


@state("partners.keys")
def settings_keys(stage: Stage) -> None:
    stage.make.key(stage.hillside, *Scope, name="hillside: Case system of the council")
    stage.make.key(stage.hillside, name="hillside: Kiosk", lasts=timedelta(days=90))
    stage.make.key(stage.hillside, name="hillside: Kiosk", lasts=timedelta(days=400))
    opens(stage, "/keys")


@state("partners.make_key")
def settings_key_without_a_scope(stage: Stage) -> None:
    opens(stage, "/keys")
    stage.presses("Make the key")


@state("partners.make_key")
def settings_key_made(stage: Stage) -> None:
    opens(stage, "/keys")
    stage.page.get_by_label("Which program is it for?").fill("Case system of the council")
    stage.page.get_by_text("Tell stories").click()
    stage.presses("Make the key")


@state("partners.rotate_key")
def settings_key_changed(stage: Stage) -> None:
    stage.make.key(stage.hillside, name="hillside: Kiosk")
    opens(stage, "/keys")
    stage.presses("Give it another key Kiosk")


# ---- wordings --------------------------------------------------------------------------------------------------------


@state("wordings.list")
def settings_wordings(stage: Stage) -> None:
    opens(stage, "/wordings")


@state("wordings.write")
def settings_wording_without_words(stage: Stage) -> None:
    settings_wordings(stage)
    stage.page.get_by_label("What came of it?").select_option("cannot_do")
    stage.presses("Keep it")


@state("wordings.one")
def settings_wording(stage: Stage) -> None:
    settings_wordings(stage)
    stage.page.get_by_role("link", name="It is with the county").click()
    stage.page.wait_for_load_state()


@state("wordings.change")
def settings_wording_of_a_name_that_is_taken(stage: Stage) -> None:
    settings_wording(stage)
    clears(stage, "What do you call it?", "Keep it", "Thank you")


@state("feedback.begin_reply")
def reply_begun_with_a_wording(stage: Stage) -> None:
    page = stage.opens_as_staff(stage.message(kind="not_good", area="hill-road"))
    page.get_by_label("Your answer").fill("I went to see it this morning.")
    page.get_by_label("Begin with words that you have").select_option(label="It is with the county")
    stage.presses("Put them in")


# ---- helplines -------------------------------------------------------------------------------------------------------


@state("hosting.helplines")
def settings_helplines(stage: Stage) -> None:
    opens(stage, "/helplines/en")


@state("hosting.say_helplines")
def settings_helplines_that_nobody_can_dial(stage: Stage) -> None:
    settings_helplines(stage)
    stage.page.locator("#name_1").fill("Hillside night line")
    stage.page.locator("#number_1").fill("ring us")
    stage.presses("Keep it")
