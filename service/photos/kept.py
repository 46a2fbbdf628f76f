"""What is kept of photos, what for, and for how long."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

KEPT = (
    Kept(
        "photo",
        N_("Photos that came with messages. The pictures are files of their own, and go with these rows"),
        Basis.PUBLIC_TASK,
        (
            Columns("alt", Class.WORDS, N_("What is on it, for those who cannot see it."), Term.UNSHARED_WORDS),
            Columns(
                "collaboration_id id public_id feedback_id",
                Class.PSEUDONYM,
                N_("To find it with its message. The public number tells nothing of it."),
                Term.UNSHARED_WORDS,
            ),
            Columns("name digest size width height number", Class.TECHNICAL, N_("To find its file unchanged."), Term.UNSHARED_WORDS),
            Columns("stage decided_at", Class.HANDLING, N_("Whether everybody may see it."), Term.UNSHARED_WORDS),
            Columns(
                "decided_by",
                Class.PSEUDONYM,
                N_("Who let everybody see it, for those who must be able to ask."),
                Term.UNSHARED_WORDS,
                Basis.OBLIGATION,
            ),
        ),
        (Of(Subject.MESSAGE, "feedback_id", Fate.GOES, Fate.GOES),),
    ),
)
