"""What is kept of the loop: what senders said later, what staff told them, who was told and who was reminded."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

MESSAGE = Subject.MESSAGE

KEPT = (
    Kept(
        "addition",
        N_("What senders said later: of an answer, or more words"),
        Basis.PUBLIC_TASK,
        (
            Columns("body", Class.WORDS, N_("To understand what is still wrong."), Term.UNSHARED_WORDS),
            Columns("collaboration_id id feedback_id reply_id", Class.PSEUDONYM, N_("To which message and answer it belongs."), Term.STAYS),
            Columns("answered better at", Class.HANDLING, N_("Whether the answer was one: the sums are made of it."), Term.STAYS),
        ),
        (Of(MESSAGE, "feedback_id", Fate.GOES, Fate.BLANKED),),
    ),
    Kept(
        "follow_up",
        N_("What staff told a sender of what became of their message"),
        Basis.PUBLIC_TASK,
        (
            Columns("body", Class.WORDS, N_("What was told; it may repeat what was said."), Term.UNSHARED_WORDS, empty=""),
            Columns("collaboration_id id feedback_id", Class.PSEUDONYM, N_("Which message it is about."), Term.STAYS),
            Columns("staff_id", Class.PSEUDONYM, N_("Who told it, for those who must be able to ask."), Term.STAYS, Basis.OBLIGATION),
            Columns("organisation_id at", Class.HANDLING, N_("Who says so, and when."), Term.STAYS),
        ),
        (Of(MESSAGE, "feedback_id", Fate.GOES, Fate.BLANKED),),
    ),
    Kept(
        "hop",
        N_("What happened to messages and to promises they led to, so that each sender is told once"),
        Basis.PUBLIC_TASK,
        (
            Columns(
                "collaboration_id id feedback_id promise_id subject_id told_to", Class.PSEUDONYM, N_("What it happened to."), Term.STAYS
            ),
            Columns("kind at told_at", Class.HANDLING, N_("What happened and when."), Term.STAYS),
        ),
        (Of(MESSAGE, "feedback_id", Fate.GOES, Fate.STAYS),),
    ),
    Kept(
        "notice",
        N_("That the sender of a message was told of something"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id feedback_id hop_id", Class.PSEUDONYM, N_("So that nobody is told twice."), Term.UNSHARED_WORDS),
            Columns("at", Class.HANDLING, N_("When."), Term.UNSHARED_WORDS),
        ),
        (Of(MESSAGE, "feedback_id", Fate.GOES, Fate.GOES),),
    ),
    Kept(
        "look",
        N_("The day on which a message was last opened with its code"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id feedback_id", Class.PSEUDONYM, N_("Which message it is."), Term.UNSHARED_WORDS),
            Columns("day", Class.HANDLING, N_("To show what is new since. Who looked is not known."), Term.UNSHARED_WORDS),
        ),
        (Of(MESSAGE, "feedback_id", Fate.GOES, Fate.GOES),),
    ),
    Kept(
        "reminder",
        N_("That somebody got a letter about answers that are due"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id staff_id", Class.PSEUDONYM, N_("So that nobody gets it twice."), Term.ANSWERS),
            Columns("kind day at", Class.HANDLING, N_("What for, and when."), Term.ANSWERS),
        ),
        (Of(Subject.PERSON, "staff_id", Fate.GOES, Fate.GOES),),
        goes=("at", Term.ANSWERS),
    ),
    Kept(
        "escalation",
        N_("Messages that waited far too long, and of which those who answer for the place were told"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id feedback_id", Class.PSEUDONYM, N_("Which message it is."), Term.STAYS),
            Columns("at", Class.HANDLING, N_("When they were told."), Term.STAYS),
        ),
        (Of(MESSAGE, "feedback_id", Fate.GOES, Fate.STAYS),),
    ),
)
