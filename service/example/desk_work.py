"""What lies on the desks of Hillside today: messages that were taken on and passed on, and the views that its coordinator keeps."""

from sqlmodel import col, select

from service.example.diary import Diary
from service.feedback.models import Feedback
from service.feedback.routing_actions import assign, pass_on
from service.feedback.rules import OPEN
from service.inbox.models import Part, Wanted, Whose
from service.saved_views.actions import save_view
from service.saved_views.models import ViewIn

TAKEN, SENT_ON = 3, ("hub", "council")
"""How many messages the coordinator has taken on, and who got one each, the oldest first."""

VIEWS = (
    ("Nobody has taken it on", True, Wanted(Part.OWED, whose=Whose.NOBODYS)),
    ("Linden", False, Wanted(Part.DUTIES, area="linden")),
    ("Questions", False, Wanted(Part.OWED, kind="question")),
)


def work_through(diary: Diary) -> None:
    """Yesterday at the desk, after all that came before."""
    coordinator, place, moment = diary.staff["coordinator"], diary.place, diary.office_hour(1)
    waiting = select(Feedback.id).where(Feedback.collaboration_id == place.id, col(Feedback.state).in_(OPEN))
    free = waiting.where(col(Feedback.lane).is_(None), col(Feedback.organisation_id).is_(None), col(Feedback.received_at) < diary.moment(2))
    messages = diary.writes.exec(free.order_by(col(Feedback.received_at), col(Feedback.id)).limit(TAKEN + len(SENT_ON))).all()
    if not diary.has_come(moment):
        moment = diary.moment(1, 16)
    for message_id in messages[:TAKEN]:
        assign(diary.writes, coordinator, message_id, coordinator.person.staff_id, moment)
    for message_id, organisation in zip(messages[TAKEN:], SENT_ON, strict=False):
        pass_on(diary.writes, coordinator, message_id, organisation, moment)
    for name, shared, wanted in VIEWS:
        save_view(diary.writes, coordinator, ViewIn(name=name, shared=shared), wanted, moment)
