"""A file that the council brought in: what came of its rows, and the map under which the next one is read."""

from service.example.diary import Diary
from service.imports.mapping import MapIn
from service.intakes.actions import keep_map
from service.intakes.models import Intake, Stage
from service.intakes.written import stored
from service.journal.actions import record

NAME = "Our own figures, every quarter"
MAP = MapIn(kind="observations", columns={"indicator": "Measure", "area": "Area", "period": "Quarter", "value": "Figure"})


def bring_in_a_file(diary: Diary) -> None:
    """Some days ago, with two rows that came back."""
    at, member = diary.moment(diary.working(9), 11), diary.staff["coordinator"]
    keep_map(diary.writes, member, NAME, MAP, at)
    row = Intake(
        collaboration_id=diary.place.id,
        organisation_id=diary.organisations["council"],
        kind=MAP.kind,
        file_name="figures-of-the-council.csv",
        size=1_904,
        encoding="utf-8",
        written=stored(MAP),
        stage=Stage.TAKEN,
        percent=100,
        received=38,
        unchanged=36,
        refused=2,
        made_by=member.person.staff_id,
        made_at=at,
        finished_at=at,
    )
    diary.writes.add(row)
    diary.writes.flush()
    record(diary.writes, member.actor, "taken_in", "intake", row.id, at=at, collaboration_id=diary.place.id)
