"""Every state of the pages that anybody may read, in the order of a visit."""

from service.database import Database
from service.errors import Unavailable
from service.places.models import OrganisationKind as Kind
from tests.journey.stage import WORDS, Stage, state
from tests.make import Make

URDU = "پچھلے ہفتے سے ہل روڈ پر اسٹریٹ لائٹ بند ہے۔ شام کو بچے ڈرتے ہیں۔"
WITHOUT_A_SPACE = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 3
LONG = "Linden and Upper Marsh End Neighbourhood Improvement and Community Reporting Partnership"


def bare(make: Make, slug: str = "riverbank") -> str:
    """The address of a place of which nothing is known yet."""
    return f"/{make.collaboration(slug).slug}"


# ---- the house -------------------------------------------------------------------------------------------------------


@state("places.list")
def places_none(stage: Stage) -> None:
    stage.goes_to("/")


@state("places.list")
def places_some(stage: Stage) -> None:
    assert stage.hillside.example
    stage.make.collaboration("riverbank")
    stage.make.collaboration("marsh-end", name=LONG)
    stage.goes_to("/")


@state("documents.page")
def api_document(stage: Stage) -> None:
    stage.goes_to("/docs")


@state("accountability.account")
def no_such_place(stage: Stage) -> None:
    stage.goes_to("/nowhere-at-all")


# ---- a place ---------------------------------------------------------------------------------------------------------


@state("accountability.account")
def account_of_a_new_place(stage: Stage) -> None:
    stage.goes_to(bare(stage.make))


@state("accountability.account")
def account(stage: Stage) -> None:
    stage.goes_to(f"/{stage.hillside.slug}")


@state("accountability.account")
def account_with_long_names(stage: Stage) -> None:
    place = stage.make.collaboration("marsh-end", name=LONG)
    stage.make.organisation(place, name=WITHOUT_A_SPACE)
    stage.make.governance(place, "council")
    stage.goes_to("/marsh-end")


@state("places.about")
def about_a_new_place(stage: Stage) -> None:
    stage.goes_to(f"{bare(stage.make)}/about")


@state("places.about")
def about(stage: Stage) -> None:
    stage.goes_to(f"/{stage.hillside.slug}/about")


@state("places.about")
def about_with_everything(stage: Stage) -> None:
    place = stage.make.collaboration(
        "linden",
        rationales=["No one of us can do it alone", "It costs less together", "People know best", "The money ends in 2028"],
        started_on="2025-04-01",
        ends_on="2028-03-31",
        read_by="The team at Hill Road Hub",
        contact="Linden House, 4 Hill Road, or 01632 960 001, weekdays 9 to 5",
        complaints_url="https://example.org/complaints",
    )
    for code, kind in [("council", Kind.COUNCIL), ("hub", Kind.VCS), ("pension-fund", Kind.OTHER)]:
        stage.make.organisation(place, code, kind)
    stage.make.governance(place)
    stage.goes_to("/linden/about")


@state("places.accessibility")
def accessibility_statement(stage: Stage) -> None:
    stage.goes_to(f"/{stage.hillside.slug}/accessibility")


# ---- tell ------------------------------------------------------------------------------------------------------------


@state("feedback.tell")
def tell_without_areas(stage: Stage) -> None:
    stage.goes_to(f"{bare(stage.make)}/tell")


@state("feedback.tell")
def tell(stage: Stage) -> None:
    stage.goes_to(f"/{stage.hillside.slug}/tell")


@state("feedback.tell")
def tell_where_it_has_ended(stage: Stage) -> None:
    place = stage.make.collaboration("riverbank", name="Riverbank", ends_on="2026-11-20")
    stage.goes_to(f"/{place.slug}/tell")


@state("feedback.tell_area")
def tell_from_a_poster(stage: Stage) -> None:
    stage.goes_to(f"/{stage.hillside.slug}/tell/hill-road")


@state("feedback.tell")
def tell_with_everything_open(stage: Stage) -> None:
    page = stage.goes_to(f"/{stage.hillside.slug}/tell?offers=yes")
    page.get_by_text("Add a photo, or more (you can skip this)").click()


@state("feedback.send")
def tell_with_a_photo_that_is_none(stage: Stage) -> None:
    tell_with_everything_open(stage)
    stage.page.get_by_label("What happened?").fill(WORDS)
    stage.page.get_by_label("Add up to three photos").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"none"})
    stage.presses("Send")


@state("feedback.tell")
def tell_filled_in(stage: Stage) -> None:
    fill(stage)


@state("feedback.send")
def tell_nothing(stage: Stage) -> None:
    stage.goes_to(f"/{stage.hillside.slug}/tell")
    stage.presses("Send")


@state("feedback.send")
def tell_too_much(stage: Stage) -> None:
    fill(stage, "It goes on and on. " * 300)
    stage.presses("Send")


@state("feedback.send")
def tell_with_a_used_key(stage: Stage) -> None:
    fill(stage)
    key = stage.page.locator("[name=idempotency_key]").input_value()
    stage.make.message(stage.hillside, "Something else.", idempotency_key=key)
    stage.presses("Send")


@state("feedback.send")
def tell_with_a_wrong_key_and_area(stage: Stage) -> None:
    fill(stage)
    stage.page.locator("[name=area]").evaluate("one => { one.options[2].value = 'nowhere'; one.selectedIndex = 2; }")
    stage.presses("Send")


@state("feedback.send")
def tell_while_nothing_can_be_stored(stage: Stage) -> None:
    class Full(Database):
        """A database that stores nothing now."""

        async def submit(self, *_all: object) -> list[object]:
            raise Unavailable

    fill(stage)
    stage.app.state.database.__class__ = Full
    stage.presses("Send")


@state("feedback.send")
def code(stage: Stage) -> None:
    fill(stage)
    stage.presses("Send")


def fill(stage: Stage, words: str = WORDS) -> None:
    """Fills in the form as most people do."""
    page = stage.goes_to(f"/{stage.hillside.slug}/tell")
    page.get_by_text("Something is not right").click()
    page.get_by_label("What happened?").fill(words)
    page.get_by_label("Which area is this about?").select_option("Hill Road")
    page.get_by_text("Yes, but not my name.").click()


@state("feedback.read_answer")
def code_where_an_address_is_left(stage: Stage) -> None:
    code(stage)
    stage.page.get_by_label("Your e-mail address or phone number").fill("jo@example.org")
    stage.presses("Tell me there")


@state("feedback.read_answer")
def no_code_is_asked_about(stage: Stage) -> None:
    code(stage)
    stage.presses("Do not give me a code")


@state("feedback.read_answer")
def no_code(stage: Stage) -> None:
    no_code_is_asked_about(stage)
    stage.presses("Yes, no code for me")


@state("feedback.send")
def tell_where_no_address_is_given(stage: Stage) -> None:
    fill(stage)
    stage.page.get_by_text("Yes, send it to my phone or email").click()
    stage.presses("Send")
