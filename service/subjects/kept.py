"""What is kept of requests for a copy or for erasure."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

KEPT = (
    Kept(
        "subject_request",
        N_("Who asked for a copy or an erasure, and who decided"),
        Basis.OBLIGATION,
        (
            Columns("collaboration_id id subject subject_id", Class.PSEUDONYM, N_("About what."), Term.STAYS),
            Columns("asked_by decided_by", Class.PSEUDONYM, N_("Two people, so that nobody erases what they do not like."), Term.STAYS),
            Columns("wish why asked_at agreed decided_at", Class.HANDLING, N_("To be able to show what was asked and done."), Term.STAYS),
        ),
        tuple(Of(subject, "subject_id", Fate.STAYS, Fate.STAYS) for subject in Subject),
    ),
)
