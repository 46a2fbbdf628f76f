"""What is kept of numbers: statistics of named sources, about no single person."""

from service.language import N_
from service.register import Basis, Class, Columns, Kept, Term

WHICH = N_("Tells one from another.")
SHOWN = N_("Everybody can read it, and work the figures out again.")

KEPT = (
    Kept(
        "comparator_group",
        N_("Other places that a number is compared with"),
        Basis.NOBODY,
        (Columns("collaboration_id id code", Class.TECHNICAL, WHICH, Term.ACCOUNT), Columns("name", Class.PUBLIC, SHOWN, Term.ACCOUNT)),
    ),
    Kept(
        "comparator_member",
        N_("Which places are compared"),
        Basis.NOBODY,
        (Columns("collaboration_id id group_id area_id", Class.TECHNICAL, WHICH, Term.ACCOUNT),),
    ),
    Kept(
        "indicator",
        N_("What is counted, and how"),
        Basis.NOBODY,
        (
            Columns("collaboration_id id code comparator_group_id", Class.TECHNICAL, WHICH, Term.ACCOUNT),
            Columns(
                "name kind unit good_direction range_low range_high definition source chosen_because could_be_gamed_by changed_at",
                Class.PUBLIC,
                SHOWN,
                Term.ACCOUNT,
            ),
        ),
    ),
    Kept(
        "observation",
        N_("Numbers as their sources gave them"),
        Basis.NOBODY,
        (
            Columns("collaboration_id id indicator_id area_id ref version", Class.TECHNICAL, WHICH, Term.ACCOUNT),
            Columns(
                "first_day last_day dimension organisation_id value numerator denominator missing provisional period_label comment "
                "recorded_at",
                Class.PUBLIC,
                SHOWN,
                Term.ACCOUNT,
            ),
        ),
    ),
    Kept(
        "correction",
        N_("What a number said before it was corrected"),
        Basis.NOBODY,
        (
            Columns("collaboration_id id observation_id version", Class.TECHNICAL, WHICH, Term.ACCOUNT),
            Columns(
                "value numerator denominator missing provisional comment recorded_at corrected_at reason", Class.PUBLIC, SHOWN, Term.ACCOUNT
            ),
            Columns("actor_kind actor_id", Class.PSEUDONYM, N_("Who corrected it."), Term.ACCOUNT, Basis.OBLIGATION),
        ),
    ),
)
