"""What is kept of how long things are kept."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

KEPT = (
    Kept(
        "retention_period",
        N_("How long a place keeps words and contacts"),
        Basis.OBLIGATION,
        (
            Columns("collaboration_id id", Class.TECHNICAL, N_("Tells one from another."), Term.ACCOUNT),
            Columns(
                "settable months why set_at", Class.PUBLIC, N_("Everybody can read what holds now, and what held before."), Term.ACCOUNT
            ),
            Columns("set_by", Class.PSEUDONYM, N_("Who set it."), Term.ACCOUNT),
        ),
    ),
    Kept(
        "legal_hold",
        N_("What must not be deleted for now, and why"),
        Basis.OBLIGATION,
        (
            Columns("collaboration_id id subject subject_id", Class.PSEUDONYM, N_("What it covers."), Term.STAYS),
            Columns("why placed_at lifted_at", Class.HANDLING, N_("Why, from when to when."), Term.STAYS),
            Columns("placed_by lifted_by", Class.PSEUDONYM, N_("Who placed and who lifted it."), Term.STAYS),
        ),
        (
            Of(Subject.MESSAGE, "subject_id", Fate.STAYS, Fate.STAYS),
            Of(Subject.STORY, "subject_id", Fate.STAYS, Fate.STAYS),
        ),
    ),
    Kept(
        "retention_run",
        N_("When the periods were carried out last"),
        Basis.OBLIGATION,
        (Columns("id began_at ended_at counts", Class.TECHNICAL, N_("To see that it happens, and how much went."), Term.STAYS),),
    ),
)
