"""Every state of what other systems say, on the staff's page of a message."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import select

from service.elsewhere.actions import note_from_key
from service.elsewhere.models import Note, Said
from service.journal.actions import Actor, ActorKind
from service.partners.models import Holder
from service.places.queries import find_organisation
from tests.journey.stage import Stage, state


@state("inbox.list")
def inbox_with_word_of_another_system(stage: Stage) -> None:
    message_with_notes_of_another_system(stage)
    stage.goes_to("/staff/hillside/inbox?part=outside")


@state("inbox.list")
def inbox_without_word_of_other_systems(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/inbox?part=outside")


@state("feedback.message")
def put_away_what_another_system_says(stage: Stage) -> None:
    message_with_notes_of_another_system(stage)
    stage.presses("Put it away")


@state("feedback.message")
def message_with_notes_of_another_system(stage: Stage) -> None:
    message = stage.message(kind="not_good", area="hill-road", topic="paths", on="2026-11-16")
    with stage.make.database.read() as reads:
        council = find_organisation(reads, stage.hillside.id, "council")
        reads.expunge_all()
    stage.make.key(stage.hillside, "feedback:write", name="Works orders of the council, seen by the night desk", organisation=council)
    with stage.make.database.read() as reads:
        holder = reads.exec(select(Holder.id)).one()
    said = [
        (Said.LOOKING, "An inspector was asked to look at the bench."),
        (Said.PLANNED, None),
        (Said.DONE, "Bench 4417-B is in place. " * 6),
    ]
    now = stage.make.clock()
    for number, (word, body) in enumerate(said):
        note = Note(f"u-{number}", word, body, now - timedelta(days=5 - number))
        with stage.make.database.write() as writes:
            note_from_key(
                writes, Actor(ActorKind.KEY, holder), stage.hillside, UUID(str(message.public_id)), note, now, organisation_id=None
            )
    stage.opens_as_staff(message)
