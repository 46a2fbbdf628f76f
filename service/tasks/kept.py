"""What is kept of tasks, what for, and for how long."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

KEPT = (
    Kept(
        "task",
        N_("Small things that an answer says the team will do"),
        Basis.PUBLIC_TASK,
        (
            Columns("words", Class.WORDS, N_("What will be done; it may repeat what was said."), Term.UNSHARED_WORDS, empty=""),
            Columns("collaboration_id reply_id feedback_id", Class.PSEUDONYM, N_("Which answer it belongs to."), Term.STAYS),
            Columns("role done_on", Class.HANDLING, N_("Who of the team does it, by their role, and when it was done."), Term.STAYS),
            Columns("done_by", Class.PSEUDONYM, N_("Who said that it is done."), Term.STAYS, Basis.OBLIGATION),
        ),
        (Of(Subject.MESSAGE, "feedback_id", Fate.GOES, Fate.BLANKED),),
    ),
)
