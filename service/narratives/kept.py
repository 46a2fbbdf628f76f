"""What is kept of stories, what for, and for how long."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

KEPT = (
    Kept(
        "narrative",
        N_("Stories of how something went"),
        Basis.PUBLIC_TASK,
        (
            Columns("title body barrier", Class.WORDS, N_("To learn from what happened. They are never edited."), Term.UNSHARED_WORDS),
            Columns("tags", Class.WORDS, N_("To find stories of the same kind."), Term.UNSHARED_WORDS, empty=[]),
            Columns("signifiers", Class.WORDS, N_("How the teller reads the own story."), Term.UNSHARED_WORDS),
            Columns("id public_id collaboration_id", Class.PSEUDONYM, N_("To find the story again."), Term.STAYS),
            Columns(
                "origin ref", Class.PSEUDONYM, N_("Under which name a partner's system knows it, so that it is stored once."), Term.STAYS
            ),
            Columns(
                "author_kind author_id checked_by",
                Class.PSEUDONYM,
                N_("So that nobody decides about what they wrote. Stories are never counted by who wrote them down."),
                Term.STAYS,
                Basis.OBLIGATION,
            ),
            Columns(
                "kind language occurred_on area_id whole_place promise_id indicator_id organisation_id captured_by",
                Class.HANDLING,
                N_("What it is about, and in what role it was written down: the sums."),
                Term.STAYS,
            ),
            Columns(
                "wish state lane submitted_at published_on withdrawn_at words_removed_at",
                Class.HANDLING,
                N_("Who may read it, since when."),
                Term.STAYS,
            ),
        ),
        (Of(Subject.STORY, "id", Fate.BLANKED, Fate.BLANKED),),
    ),
)
