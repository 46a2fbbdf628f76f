"""What is kept of what was done."""

from service.language import N_
from service.register import Basis, Class, Columns, Kept, Term

KEPT = (
    Kept(
        "journal_entry",
        N_("The history: what was done to what, by whom, when. It holds no words"),
        Basis.OBLIGATION,
        (
            Columns("collaboration_id id subject_id actor_id", Class.PSEUDONYM, N_("Numbers that stand for what and who."), Term.STAYS),
            Columns("subject verb actor_kind fields at", Class.HANDLING, N_("So that nobody can hide what was done."), Term.STAYS),
        ),
    ),
)
