"""What is kept of letters."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

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
    Kept(
        "letter_posted",
        N_("For whom of a place a letter is, until it is sent"),
        Basis.PUBLIC_TASK,
        (
            Columns(
                "collaboration_id id staff_id feedback_id about",
                Class.PSEUDONYM,
                N_("Who did not get it, for those who can send it again."),
                Term.LETTERS,
            ),
            Columns(
                "purpose language made_at attempts failure given_up_at",
                Class.HANDLING,
                N_("What for, how often it was tried, and what kind of failure it was."),
                Term.LETTERS,
            ),
        ),
        (Of(Subject.PERSON, "staff_id", Fate.GOES, Fate.GOES), Of(Subject.MESSAGE, "feedback_id", Fate.GOES, Fate.GOES)),
        goes=("given_up_at", Term.LETTERS),
    ),
    Kept(
        "letter_wording",
        N_("What a place adds to the letters that it sends"),
        Basis.NOBODY,
        (
            Columns("collaboration_id id", Class.TECHNICAL, N_("Tells one from another."), Term.ACCOUNT),
            Columns("purpose language opening closing", Class.PUBLIC, N_("Letters begin and end with it."), Term.ACCOUNT),
            Columns("changed_at", Class.HANDLING, N_("When it was changed."), Term.ACCOUNT),
        ),
    ),
)
