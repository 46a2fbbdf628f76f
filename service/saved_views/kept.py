"""What is kept of saved views, what for, and for how long."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

KEPT = (
    Kept(
        "saved_view",
        N_("Lists of the inbox that staff saved under a name"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id", Class.PSEUDONYM, N_("To find the list again."), Term.STAFF_LEFT),
            Columns("staff_id", Class.PSEUDONYM, N_("Whose list it is."), Term.STAFF_LEFT),
            Columns("name", Class.WORDS, N_("What its owner calls it."), Term.STAFF_LEFT, empty=""),
            Columns(
                "shared position part topic area organisation kind whose made_at",
                Class.HANDLING,
                N_("What it shows, where it stands, and for whom."),
                Term.STAFF_LEFT,
            ),
        ),
        (Of(Subject.PERSON, "staff_id", Fate.GOES, Fate.GOES),),
    ),
    Kept(
        "start_view",
        N_("Which list somebody's inbox begins with"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id staff_id", Class.PSEUDONYM, N_("Whose inbox it is."), Term.STAFF_LEFT),
            Columns("view_id", Class.HANDLING, N_("Which list it is."), Term.STAFF_LEFT),
        ),
        (Of(Subject.PERSON, "staff_id", Fate.GOES, Fate.GOES),),
    ),
)
