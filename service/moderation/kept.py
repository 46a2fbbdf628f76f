"""What is kept of moderation, what for, and for how long."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

KEPT = (
    Kept(
        "hold",
        N_("Words that nobody shows before somebody has looked at them"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id feedback_id narrative_id", Class.PSEUDONYM, N_("Which message or story it is."), Term.STAYS),
            Columns("made_by looked_by", Class.PSEUDONYM, N_("Who held it, and who looked."), Term.STAYS, Basis.OBLIGATION),
            Columns("severity cause signs made_at looked_at", Class.HANDLING, N_("How careful to be, why, and since when."), Term.STAYS),
        ),
        (Of(Subject.MESSAGE, "feedback_id", Fate.STAYS, Fate.STAYS), Of(Subject.STORY, "narrative_id", Fate.STAYS, Fate.STAYS)),
    ),
    Kept(
        "hold_rule",
        N_("The words that a place holds until somebody has looked"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id added_by", Class.PSEUDONYM, N_("Who added them."), Term.STAYS),
            Columns("phrase severity added_at ended_at", Class.HANDLING, N_("Which words, what becomes of them, and when."), Term.STAYS),
        ),
    ),
    Kept(
        "decision",
        N_("Who decided whether words are shown, and why"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id feedback_id", Class.PSEUDONYM, N_("Which message it was."), Term.STAYS),
            Columns("staff_id", Class.PSEUDONYM, N_("So that another person decides an appeal."), Term.STAYS, Basis.OBLIGATION),
            Columns("verdict reason state_before at", Class.HANDLING, N_("What was decided, why and when: the sums."), Term.STAYS),
        ),
        (Of(Subject.MESSAGE, "feedback_id", Fate.STAYS, Fate.STAYS),),
    ),
    Kept(
        "appeal",
        N_("Senders who disagree with a decision"),
        Basis.PUBLIC_TASK,
        (
            Columns("words answer", Class.WORDS, N_("Why they disagree, and what we answered."), Term.UNSHARED_WORDS),
            Columns("collaboration_id id feedback_id decision_id", Class.PSEUDONYM, N_("Which message and decision."), Term.STAYS),
            Columns("decided_by", Class.PSEUDONYM, N_("That another person looked."), Term.STAYS, Basis.OBLIGATION),
            Columns("made_at outcome decided_at", Class.HANDLING, N_("How long it took, and what came of it: the sums."), Term.STAYS),
        ),
        (Of(Subject.MESSAGE, "feedback_id", Fate.BLANKED, Fate.BLANKED),),
    ),
    Kept(
        "redaction",
        N_("What was taken out of somebody's words because it named a person, locked under the server's key"),
        Basis.PUBLIC_TASK,
        (
            Columns("sealed", Class.IDENTITY, N_("So that what the teller wrote is not lost."), Term.UNSHARED_WORDS, empty=""),
            Columns("collaboration_id id feedback_id narrative_id", Class.PSEUDONYM, N_("Which message or story."), Term.UNSHARED_WORDS),
            Columns("staff_id", Class.PSEUDONYM, N_("Who took it out."), Term.UNSHARED_WORDS, Basis.OBLIGATION),
            Columns("part pieces at put_back_at", Class.HANDLING, N_("How much, where and when."), Term.UNSHARED_WORDS),
            Columns("key_version", Class.TECHNICAL, N_("Which key opens it."), Term.UNSHARED_WORDS),
        ),
        (Of(Subject.MESSAGE, "feedback_id", Fate.GOES, Fate.GOES), Of(Subject.STORY, "narrative_id", Fate.GOES, Fate.GOES)),
    ),
)
