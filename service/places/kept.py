"""What is kept of places: all of it is said to everybody."""

from service.language import N_
from service.register import Basis, Class, Columns, Kept, Term

SHOWN = N_("Everybody reads it on the pages of the place.")
WHICH = N_("Tells one from another.")

KEPT = (
    Kept(
        "collaboration",
        N_("Places: who gives account"),
        Basis.NOBODY,
        (
            Columns("id slug example added_at", Class.TECHNICAL, WHICH, Term.ACCOUNT),
            Columns(
                "name type initiated_by scope started_on ends_on rationales region closed_on open_on time_zone languages read_by "
                "complaints_url accessibility_on leave_to plain_title helplines",
                Class.PUBLIC,
                SHOWN,
                Term.ACCOUNT,
            ),
            Columns("contact", Class.PUBLIC, N_("How to reach the team of the place: an office, not a person."), Term.ACCOUNT),
        ),
    ),
    Kept(
        "organisation",
        N_("Organisations that take part"),
        Basis.NOBODY,
        (
            Columns("collaboration_id id code", Class.TECHNICAL, WHICH, Term.ACCOUNT),
            Columns("name kind", Class.PUBLIC, SHOWN, Term.ACCOUNT),
        ),
    ),
    Kept(
        "membership",
        N_("From when to when an organisation takes part"),
        Basis.NOBODY,
        (
            Columns("collaboration_id id organisation_id", Class.TECHNICAL, WHICH, Term.ACCOUNT),
            Columns("since until contributes", Class.PUBLIC, SHOWN, Term.ACCOUNT),
        ),
    ),
    Kept(
        "governance_period",
        N_("Who runs the place"),
        Basis.NOBODY,
        (
            Columns("collaboration_id id organisation_id", Class.TECHNICAL, WHICH, Term.ACCOUNT),
            Columns("form since until", Class.PUBLIC, SHOWN, Term.ACCOUNT),
        ),
    ),
    Kept(
        "threshold_change",
        N_("By which numbers the place works, and since when"),
        Basis.NOBODY,
        (
            Columns("collaboration_id id", Class.TECHNICAL, WHICH, Term.ACCOUNT),
            Columns("threshold value since why", Class.PUBLIC, SHOWN, Term.ACCOUNT),
            Columns("staff_id", Class.PSEUDONYM, N_("Who set it, for those who must be able to ask."), Term.STAYS, Basis.OBLIGATION),
            Columns("set_at", Class.HANDLING, N_("When it was set."), Term.ACCOUNT),
        ),
    ),
    Kept(
        "area",
        N_("Areas of the place"),
        Basis.NOBODY,
        (
            Columns("collaboration_id id code parent_id", Class.TECHNICAL, WHICH, Term.ACCOUNT),
            Columns("name kind population population_as_of shape retired_on", Class.PUBLIC, SHOWN, Term.ACCOUNT),
        ),
    ),
    Kept(
        "topic",
        N_("What messages can be about"),
        Basis.NOBODY,
        (
            Columns("collaboration_id id code organisation_id", Class.TECHNICAL, WHICH, Term.ACCOUNT),
            Columns("name retired_on", Class.PUBLIC, SHOWN, Term.ACCOUNT),
        ),
    ),
)
