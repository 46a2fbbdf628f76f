"""What is kept of letters."""

from service.language import N_
from service.register import Basis, Class, Columns, Kept, Term

KEPT = (
    Kept(
        "letter",
        N_("Letters that wait to be sent"),
        Basis.PUBLIC_TASK,
        (
            Columns("address", Class.IDENTITY, N_("Where it goes. What stands in it is written only when it is sent."), Term.LETTERS),
            Columns("id", Class.PSEUDONYM, N_("Which letter it is."), Term.LETTERS),
            Columns(
                "purpose language made_at due_at attempts given_up_at",
                Class.HANDLING,
                N_("What for, and how often it was tried."),
                Term.LETTERS,
            ),
        ),
        goes=("given_up_at", Term.LETTERS),
    ),
)
