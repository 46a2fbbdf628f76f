"""What people told another service, and what became of it there: one message that waits for our answer, one that has it."""

from sqlmodel import col, select

from service.elsewhere.actions import note_from_server
from service.elsewhere.models import Note, Said
from service.example.diary import Diary
from service.feedback.desk_actions import reply
from service.feedback.import_actions import Collected, import_feedback
from service.feedback.models import Feedback, FeedbackIn, Kind, Outcome, ReplyIn
from service.journal.actions import OPERATOR

SOURCE = "open311 reports.hillside.example"
TOLD = (
    ("7301", 12, "hill-road", "The gully by the library is blocked, and the crossing stands under water after rain."),
    ("7318", 8, "linden", "The light over the steps to the allotments flickers and then goes out."),
)
ANSWER = ReplyIn(
    outcome=Outcome.PASSED_ON,
    body="Thank you. The team that cleans gullies has it now. We tell you here what they find.",
    reason="The gullies belong to the highways team, and only they have the lorry.",
)
SAID = (
    ("7301", 4, Said.DONE, "The gully was jetted, and the crossing is clear."),
    ("7318", 6, Said.LOOKING, "An electrician was asked to look at it."),
    ("7318", 3, Said.CLOSED, "The lamp was changed."),
)


def _said(words: str, area: str) -> FeedbackIn:
    return FeedbackIn(kind=Kind.NOT_GOOD, body=words, area=area, topic="paths")


def hear_from_elsewhere(diary: Diary) -> None:
    """Some days ago. Nobody has told the senders anything of it since."""
    items = [
        Collected(source=SOURCE, ref=ref, received_at=diary.moment(ago, 19), said=_said(words, area)) for ref, ago, area, words in TOLD
    ]
    import_feedback(diary.writes, OPERATOR, diary.place, items, diary.moment(diary.working(7), 8))
    query = select(Feedback.id).where(Feedback.collaboration_id == diary.place.id, Feedback.source == SOURCE)
    first = diary.writes.exec(query.order_by(col(Feedback.received_at))).all()[0]
    reply(diary.writes, diary.staff["coordinator"], first, ANSWER, diary.moment(diary.working(6), 11))
    for ref, ago, said, words in SAID:
        at = diary.moment(ago, 7)
        note_from_server(diary.writes, OPERATOR, diary.place, SOURCE, [(ref, Note(f"{ref} {ago}", said, words, at))], at)
