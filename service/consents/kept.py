"""What is kept of consents, what for, and for how long."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

KEPT = (
    Kept(
        "consent",
        N_("What somebody said yes to"),
        Basis.OBLIGATION,
        (
            Columns("collaboration_id id feedback_id narrative_id", Class.PSEUDONYM, N_("To whose words the yes belongs."), Term.STAYS),
            Columns(
                "purpose wording_version how given_on expires_on withdrawn_at expired_at",
                Class.HANDLING,
                N_("To be able to show what was said yes to, in which words, from when to when."),
                Term.STAYS,
            ),
        ),
        (Of(Subject.STORY, "narrative_id", Fate.STAYS, Fate.STAYS), Of(Subject.MESSAGE, "feedback_id", Fate.STAYS, Fate.STAYS)),
    ),
)
