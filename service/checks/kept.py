"""What is kept of community checks, what for, and for how long."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

KEPT = (
    Kept(
        "promise_check",
        N_("What residents say about whether a promise was kept"),
        Basis.PUBLIC_TASK,
        (
            Columns(
                "comment", Class.WORDS, N_("To know what was seen. It goes with the message whose code came with it."), Term.UNSHARED_WORDS
            ),
            Columns("collaboration_id id", Class.PSEUDONYM, N_("To find the check again. It tells no moment."), Term.STAYS),
            Columns(
                "feedback_id invitation_id",
                Class.PSEUDONYM,
                N_("So that one code is one check, and a message that is taken back takes its check along."),
                Term.STAYS,
            ),
            Columns(
                "severity waits_since",
                Class.HANDLING,
                N_("Whether somebody has to read the comment before it is shown, and since which day. Gone when it is decided."),
                Term.UNSHARED_WORDS,
            ),
            Columns("share", Class.HANDLING, N_("Who may read the comment."), Term.STAYS, Basis.CONSENT),
            Columns(
                "promise_id phase verdict came month area_id shown",
                Class.HANDLING,
                N_("What was ticked, of which promise, where, and in which month: the counts are made of it."),
                Term.STAYS,
            ),
        ),
        (Of(Subject.MESSAGE, "feedback_id", Fate.GOES, Fate.BLANKED),),
    ),
    Kept(
        "check_round",
        N_("Invitations to check a promise: who made how many, and when"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id promise_id", Class.TECHNICAL, N_("Which promise they are for."), Term.ACCOUNT),
            Columns("staff_id", Class.PSEUDONYM, N_("Who made them, for those who must be able to ask."), Term.STAYS, Basis.OBLIGATION),
            Columns("organisation_id made_at", Class.PUBLIC, N_("So that everybody sees who asked."), Term.ACCOUNT),
        ),
        (Of(Subject.PERSON, "staff_id", Fate.STAYS, Fate.STAYS),),
    ),
    Kept(
        "check_invitation",
        N_("Invitations, one by one"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id round_id number", Class.TECHNICAL, N_("Tells one from another."), Term.ACCOUNT),
            Columns(
                "code_hash key_version", Class.LOCK, N_("The lock that only the code opens. The code itself is not kept."), Term.ACCOUNT
            ),
        ),
    ),
)
