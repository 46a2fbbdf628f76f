"""What several people in Hillside told of: a theme that was answered once, and two who said the same."""

from collections import defaultdict
from uuid import UUID

from sqlmodel import col, select

from service.example.diary import Diary
from service.feedback.draft_models import Unsent
from service.feedback.merge_actions import merge
from service.feedback.models import Feedback, Outcome, State
from service.feedback.rules import OPEN
from service.themes.actions import gather, name_theme, show_theme, write_answer
from service.themes.giving_actions import give_to_all
from service.themes.models import Namer, ThemeForm

Matter = tuple[UUID | None, UUID | None]
"""A topic and an area."""

IN_THE_THEME = 3
THEME = ThemeForm(
    name="Getting about on foot",
    about="Paths, crossings and benches: what makes a walk possible, or stops it.",
    named_by=Namer.COMMUNITY,
)
WALK = Unsent(
    Outcome.NEED_MORE,
    "We walk every path with whoever wants to come, and write down what is in the way. Come along, or tell us where it is worst.",
)


def bring_together(diary: Diary) -> None:
    """A day at the desk: what tells of the same thing is seen as one."""
    coordinator, writes, at = diary.staff["coordinator"], diary.writes, diary.moment(2, 15)
    about: dict[Matter, list[UUID]] = defaultdict(list)
    waiting = select(Feedback).where(
        Feedback.collaboration_id == diary.place.id, col(Feedback.state).in_(OPEN), col(Feedback.lane).is_(None)
    )
    for message in writes.exec(waiting.where(col(Feedback.received_at) < at).order_by(col(Feedback.received_at).desc(), col(Feedback.id))):
        if message.state != State.REOPENED:
            about[message.topic_id, message.area_id].append(message.id)
    of_topics = [(topic, ids) for (topic, _area), ids in about.items() if topic]
    alike = next((ids for _topic, ids in of_topics if len(ids) > 1), [one for _topic, ids in of_topics for one in ids])
    first, second = sorted(alike[:2])
    merge(writes, coordinator, second, first, at)
    told = [one for _topic, ids in of_topics for one in ids if one not in (first, second)]
    theme = name_theme(writes, coordinator, THEME, at)
    gather(writes, coordinator, theme, told[:IN_THE_THEME], at)
    answer = write_answer(writes, coordinator, theme, WALK, at, waits=False)
    give_to_all(writes, coordinator, theme, answer, at)
    show_theme(writes, diary.staff["moderator"], theme, at, shown=True)
