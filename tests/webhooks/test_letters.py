"""When a webhook is switched off because nothing arrives, those who can mend it get one plain letter."""

from sqlmodel import col, select

from service.journal.actions import OPERATOR
from service.news import Webhook
from service.outbox.actions import claim
from service.outbox.models import Letter, Purpose
from service.people.models import Role, Staff
from service.people.queries import find_staff
from service.places.queries import PlaceCard
from service.webhooks.actions import switch_on
from service.webhooks.letters import webhook_letter
from tests.make import Make
from tests.webhooks.conftest import Receiver, Telling


def told(make: Make, place: PlaceCard) -> set[str]:
    """To whom of this place a letter about a webhook waits to be sent."""
    with make.database.read() as reads:
        letters = reads.exec(select(Letter.address).where(Letter.purpose == Purpose.WEBHOOK)).all()
        ids = {str(address).split(".")[1] for address in letters if str(address).startswith(place.id.hex)}
        return {row.email for row in reads.exec(select(Staff)) if row.id.hex in ids}


def test_administrators_of_the_place_and_of_its_organisation_are_told_once(
    make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver
) -> None:
    council = make.organisation(hillside, "council")
    make.organisation(hillside, "hub")
    for email, of in (("all@x.org", None), ("council@x.org", "council"), ("hub@x.org", "hub")):
        make.person(hillside, Role.ADMIN, email=email, organisation=of)
    make.person(hillside, Role.COORDINATOR, email="sam@x.org")
    make.topic(hillside, "paths", organisation="council")
    telling.add(receiver.url, organisation_id=council.id, name="Case system")
    receiver.answers = ["410 Gone"]
    for number in range(2):
        make.message(hillside, f"The path is wet, {number}.", topic="paths")
        telling.tell()
    assert telling.webhook().off_at is not None
    assert told(make, hillside) == {"all@x.org", "council@x.org"}
    with make.database.write() as writes:
        claimed = claim(writes, make.clock())
        assert claimed is not None
        letter = webhook_letter("https://said.example.org")(writes, claimed, make.clock())
        assert letter is not None and letter.to in {"all@x.org", "council@x.org"}
        webhook = writes.exec(select(Webhook)).one()
        assert "“Case system” of Hillside was switched off" in letter.body and "path" not in letter.body
        assert f"https://said.example.org/staff/hillside/settings/webhooks/{webhook.id}" in letter.body
        assert switch_on(writes, OPERATOR, hillside.id, webhook.id, make.clock())
        assert webhook_letter("https://said.example.org")(writes, claimed, make.clock()) is None, "somebody has mended it by now"


def test_nobody_is_told_of_a_webhook_that_a_person_switched_off_or_that_works(
    make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver
) -> None:
    make.person(hillside, Role.ADMIN, email="all@x.org")
    telling.add(receiver.url)
    make.message(hillside)
    telling.tell()
    assert told(make, hillside) == set()
    with make.database.read() as reads:
        assert find_staff(reads, "all@x.org") is not None
        assert reads.exec(select(Letter).where(col(Letter.purpose) == Purpose.WEBHOOK)).all() == []
