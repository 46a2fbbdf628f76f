"""What is kept of transfers: what organisations say to everybody, and counts of people by group."""

from service.language import N_
from service.register import Basis, Class, Columns, Kept, Term

KEPT = (
    Kept(
        "asset_transfer",
        N_("Places and things that pass to the community"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id", Class.TECHNICAL, N_("Tells one from another."), Term.ACCOUNT),
            Columns(
                "asset about organisation_id area_id plan planned_on moved_on review_on standing added_at changed_at",
                Class.PUBLIC,
                N_("So that everybody can see what passes to whom, with which plan, and what was found later."),
                Term.ACCOUNT,
            ),
        ),
    ),
    Kept(
        "asset_access",
        N_("How many people of a group can use such a place, before and after"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id transfer_id", Class.TECHNICAL, N_("Tells one from another."), Term.ACCOUNT),
            Columns(
                "people before after",
                Class.HANDLING,
                N_("To see whether somebody is shut out. Counts only; small ones are shown to nobody outside."),
                Term.ACCOUNT,
            ),
        ),
    ),
    Kept(
        "asset_move",
        N_("The history of what passes to the community"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id transfer_id", Class.TECHNICAL, N_("Whose history it is."), Term.ACCOUNT),
            Columns(
                "standing note at", Class.PUBLIC, N_("What was said and done about it, and when. History is not rewritten."), Term.ACCOUNT
            ),
        ),
    ),
)
