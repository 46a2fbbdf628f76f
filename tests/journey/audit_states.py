"""Every state of the page that says who read what, and of a sender's contact once it is opened."""

from service.audit.actions import record_reading
from service.audit.models import What
from service.feedback.contact_actions import open_contact
from service.people.models import Role
from tests.journey.stage import Stage, state

AUDIT = "/staff/hillside/audit"


def opened(stage: Stage) -> None:
    """Two days on which something was read."""
    message = stage.make.message_id(stage.message(contact="07700 900001"))
    stage.make.clock.at("2026-11-20T09:12Z")
    with stage.make.database.write() as writes:
        open_contact(writes, stage.make.keys, stage.sam, message, stage.make.clock())
    stage.make.clock.at("2026-11-23T10:00Z")
    with stage.make.database.write() as writes:
        record_reading(
            writes,
            stage.sam.actor,
            What.ORIGINAL,
            "feedback",
            message,
            at=stage.make.clock(),
            collaboration_id=stage.hillside.id,
            why="The sender wrote again and asked what we had taken out of the words, and why it could not stay.",
        )


@state("audit.list")
def audit(stage: Stage) -> None:
    opened(stage)
    stage.signs_in(stage.hillside, Role.ADMIN, name="Dee Rahman", email="dee@hillside.example")
    stage.goes_to(AUDIT)


@state("audit.list")
def audit_of_one_organisation_with_nothing(stage: Stage) -> None:
    opened(stage)
    stage.signs_in(stage.hillside, Role.ADMIN, organisation="nhs")
    stage.goes_to(f"{AUDIT}?part=contacts")


@state("feedback.message")
def message_with_contact_closed(stage: Stage) -> None:
    message = stage.make.message_id(stage.message(contact="07700 900001"))
    stage.signs_in(stage.hillside)
    stage.goes_to(f"/staff/hillside/messages/{message}")


@state("feedback.open_contact")
def message_with_contact_open(stage: Stage) -> None:
    message_with_contact_closed(stage)
    stage.page.get_by_label("Your answer").fill("We will come round on Friday.")
    stage.presses("Show it (how to reach the sender)")
