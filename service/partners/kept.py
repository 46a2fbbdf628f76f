"""What is kept of partner systems and their keys."""

from service.language import N_
from service.register import Basis, Class, Columns, Kept, Term

KEPT = (
    Kept(
        "holder",
        N_("Partner systems that may write or read"),
        Basis.NOBODY,
        (
            Columns("id", Class.TECHNICAL, N_("Tells one from another."), Term.ACCOUNT),
            Columns("name scopes added_at", Class.HANDLING, N_("What the system is called, and what it may do."), Term.ACCOUNT),
        ),
    ),
    Kept(
        "holder_place",
        N_("Where they may do so"),
        Basis.NOBODY,
        (Columns("collaboration_id id holder_id organisation_id", Class.TECHNICAL, N_("In which place, for whom."), Term.ACCOUNT),),
    ),
    Kept(
        "api_key",
        N_("Their keys"),
        Basis.NOBODY,
        (
            Columns("id holder_id", Class.TECHNICAL, N_("Whose key it is."), Term.ACCOUNT),
            Columns("secret_hash", Class.LOCK, N_("Checks the key."), Term.ACCOUNT),
            Columns("made_at expires_at revoked_at used_at", Class.HANDLING, N_("Whether it still works, and is used."), Term.ACCOUNT),
        ),
    ),
)
