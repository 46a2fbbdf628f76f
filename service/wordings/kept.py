"""What is kept of wordings: no word of a resident."""

from service.language import N_
from service.register import Basis, Class, Columns, Kept, Term

KEPT = (
    Kept(
        "wording",
        N_("What the place answers often"),
        Basis.NOBODY,
        (
            Columns("collaboration_id id", Class.TECHNICAL, N_("Tells one from another."), Term.ACCOUNT),
            Columns("name outcome language body reason", Class.PUBLIC, N_("Answers begin with it."), Term.ACCOUNT),
            Columns("changed_at retired_at", Class.HANDLING, N_("When it was changed, and whether it is offered."), Term.ACCOUNT),
        ),
    ),
)
