"""What is kept of webhooks and of what they were told."""

from service.language import N_
from service.register import Basis, Class, Columns, Kept, Term

KEPT = (
    Kept(
        "webhook",
        N_("Addresses of programs that are told when something happens"),
        Basis.NOBODY,
        (
            Columns("collaboration_id id organisation_id", Class.TECHNICAL, N_("Tells one from another."), Term.ACCOUNT),
            Columns(
                "address description events given_up off_at off_why made_at",
                Class.HANDLING,
                N_("Where it is, of what it is told, and whether it takes it."),
                Term.ACCOUNT,
            ),
            Columns(
                "key_version secret former former_until",
                Class.LOCK,
                N_("Signs what is sent. The key of the seal is not in the database."),
                Term.ACCOUNT,
            ),
            Columns("made_by", Class.PSEUDONYM, N_("Who set it up."), Term.ACCOUNT),
        ),
    ),
    Kept(
        "webhook_event",
        N_("Of which events they are told"),
        Basis.NOBODY,
        (Columns("collaboration_id webhook_id event", Class.TECHNICAL, N_("So that nothing else is written down."), Term.ACCOUNT),),
    ),
    Kept(
        "webhook_delivery",
        N_("What they were told: numbers and states, never words"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id webhook_id", Class.TECHNICAL, N_("Tells one from another."), Term.DELIVERIES),
            Columns("subject_id body", Class.PSEUDONYM, N_("Which thing it is about, and what was sent."), Term.DELIVERIES),
            Columns(
                "event subject count happened_at standing due_at attempts tried_at status fault",
                Class.HANDLING,
                N_("What happened, and how often it was tried."),
                Term.DELIVERIES,
            ),
        ),
        goes=("happened_at", Term.DELIVERIES),
    ),
)
