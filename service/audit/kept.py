"""What is kept of who read what."""

from service.language import N_
from service.register import Basis, Class, Columns, Kept, Term

KEPT = (
    Kept(
        "audit_reading",
        N_("Who read what identifies somebody"),
        Basis.OBLIGATION,
        (
            Columns("collaboration_id id subject_id actor_id", Class.PSEUDONYM, N_("Numbers that stand for what and who."), Term.STAYS),
            Columns(
                "what subject organisation_id why actor_kind at",
                Class.HANDLING,
                N_("So that every such reading can be questioned. The reason is the reader's own."),
                Term.STAYS,
            ),
        ),
    ),
)
