"""What is kept of themes: words of staff, and numbers that stand for messages."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

KEPT = (
    Kept(
        "theme",
        N_("What many messages have in common"),
        Basis.NOBODY,
        (
            Columns("collaboration_id id", Class.TECHNICAL, N_("Tells one from another."), Term.ACCOUNT),
            Columns("name about named_by", Class.PUBLIC, N_("What it is called, and who called it so."), Term.ACCOUNT),
            Columns("made_at shown_at", Class.HANDLING, N_("Since when it is there, and since when everybody reads it."), Term.ACCOUNT),
            Columns("staff_id", Class.PSEUDONYM, N_("Who wrote it down."), Term.ACCOUNT, Basis.OBLIGATION),
        ),
    ),
    Kept(
        "theme_message",
        N_("Which messages belong to a theme"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id theme_id feedback_id", Class.PSEUDONYM, N_("Which message, and which theme."), Term.STAYS),
            Columns("staff_id", Class.PSEUDONYM, N_("Who put it there."), Term.STAYS, Basis.OBLIGATION),
            Columns("added_at", Class.HANDLING, N_("Since when: who came after the answer has none yet."), Term.STAYS),
        ),
        (Of(Subject.MESSAGE, "feedback_id", Fate.GOES, Fate.STAYS),),
    ),
    Kept(
        "theme_answer",
        N_("What was answered to all who told of a theme"),
        Basis.NOBODY,
        (
            Columns(
                "collaboration_id id theme_id promise_id",
                Class.TECHNICAL,
                N_("Which theme it answers, and what it promises."),
                Term.ACCOUNT,
            ),
            Columns(
                "outcome no_kind body reason promised returned_why",
                Class.PUBLIC,
                N_("The answer, in the words of whoever gives it."),
                Term.ACCOUNT,
            ),
            Columns("written_at published_at", Class.HANDLING, N_("When it was written and given."), Term.ACCOUNT),
            Columns("staff_id checked_by", Class.PSEUDONYM, N_("Who wrote it, and who looked at it."), Term.ACCOUNT, Basis.OBLIGATION),
        ),
    ),
    Kept(
        "theme_giving",
        N_("Which messages get an answer to a theme, and have it"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id answer_id feedback_id reply_id", Class.PSEUDONYM, N_("Which message, and which answer."), Term.STAYS),
            Columns("asked_by", Class.PSEUDONYM, N_("Who gave it."), Term.STAYS, Basis.OBLIGATION),
            Columns("asked_at came", Class.HANDLING, N_("When it was given, and what came of it: so that each has it once."), Term.STAYS),
        ),
        (Of(Subject.MESSAGE, "feedback_id", Fate.GOES, Fate.STAYS),),
    ),
    Kept(
        "theme_news",
        N_("What all who had an answer to a theme were told since"),
        Basis.NOBODY,
        (
            Columns("collaboration_id id answer_id", Class.TECHNICAL, N_("Which answer it is about."), Term.ACCOUNT),
            Columns("body done", Class.PUBLIC, N_("What became of it, in the words of whoever tells it."), Term.ACCOUNT),
            Columns("at told_to told_at", Class.HANDLING, N_("When it was told, and how far that is."), Term.ACCOUNT),
            Columns("staff_id", Class.PSEUDONYM, N_("Who told it."), Term.ACCOUNT, Basis.OBLIGATION),
        ),
    ),
)
