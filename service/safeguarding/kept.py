"""What is kept of the lane and its rota, what for, and for how long."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

KEPT = (
    Kept(
        "concern",
        N_("Messages and stories that stand apart, because somebody may come to harm or a worker is spoken of"),
        Basis.OBLIGATION,
        (
            Columns("collaboration_id id feedback_id narrative_id", Class.PSEUDONYM, N_("Which message or story it is."), Term.STAYS),
            Columns(
                "about_staff_id raised_by taken_by",
                Class.PSEUDONYM,
                N_("Who raised it, who has it, and who must not see it."),
                Term.STAYS,
            ),
            Columns(
                "lane raised_at state_before publication_before ask_at taken_at closed_at ending",
                Class.HANDLING,
                N_("That somebody came in time, and what came of it."),
                Term.STAYS,
            ),
        ),
        (Of(Subject.MESSAGE, "feedback_id", Fate.STAYS, Fate.STAYS), Of(Subject.STORY, "narrative_id", Fate.STAYS, Fate.STAYS)),
    ),
    Kept(
        "concern_step",
        N_("Who did what about such a message or story, and when"),
        Basis.OBLIGATION,
        (
            Columns("note", Class.WORDS, N_("What staff wrote down of what they did to keep somebody safe."), Term.STAYS),
            Columns("collaboration_id id concern_id", Class.PSEUDONYM, N_("Which one it was."), Term.STAYS),
            Columns("staff_id asked_id", Class.PSEUDONYM, N_("Who did it, and who was asked to come."), Term.STAYS),
            Columns("did at", Class.HANDLING, N_("What was done, and when."), Term.STAYS),
        ),
    ),
    Kept(
        "rota_turn",
        N_("Who is on call, from when to when"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id staff_id", Class.PSEUDONYM, N_("Who is asked to come."), Term.STAYS),
            Columns("place_in_line begins_at ends_at removed_at", Class.HANDLING, N_("When, and as which in line."), Term.STAYS),
        ),
    ),
    Kept(
        "lane_rule",
        N_("How long somebody who is asked to come has"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id set_by", Class.PSEUDONYM, N_("Who said so."), Term.STAYS),
            Columns("acknowledge_minutes set_at", Class.HANDLING, N_("How long, and since when."), Term.STAYS),
        ),
    ),
)
