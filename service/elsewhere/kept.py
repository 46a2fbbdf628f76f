"""What is kept of what other systems say of messages, what for, and for how long."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

KEPT = (
    Kept(
        "outside_note",
        N_("What other systems say became of a message"),
        Basis.PUBLIC_TASK,
        (
            Columns("body", Class.WORDS, N_("What it says; it often repeats what was said."), Term.UNSHARED_WORDS),
            Columns("collaboration_id id feedback_id", Class.PSEUDONYM, N_("Which message it belongs to."), Term.UNSHARED_WORDS),
            Columns(
                "source ref holder_id",
                Class.PSEUDONYM,
                N_("Under which name a partner's system knows it, so that it is stored once."),
                Term.UNSHARED_WORDS,
            ),
            Columns("said said_at heard_at dealt_at", Class.HANDLING, N_("What came of it, who says so, when."), Term.UNSHARED_WORDS),
        ),
        (Of(Subject.MESSAGE, "feedback_id", Fate.GOES, Fate.GOES),),
    ),
)
