"""What is kept of barriers: themes and standings. Residents' and workers' words about one are the stories', and go with them."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

KEPT = (
    Kept(
        "barrier",
        N_("What gets in the way of working together"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id", Class.TECHNICAL, N_("Tells one from another."), Term.ACCOUNT),
            Columns(
                "kind theme standing finding rule_kind source changer workaround organisation_id reported_at changed_at",
                Class.PUBLIC,
                N_("So that everybody can see which rules stop people, and what became of it. No person is named."),
                Term.ACCOUNT,
            ),
        ),
    ),
    Kept(
        "barrier_move",
        N_("The history of what gets in the way"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id barrier_id", Class.TECHNICAL, N_("Whose history it is."), Term.ACCOUNT),
            Columns(
                "standing note at",
                Class.HANDLING,
                N_("What those who looked into it found or did, in their office's words. Who it was is not kept here."),
                Term.ACCOUNT,
            ),
        ),
    ),
    Kept(
        "barrier_story",
        N_("Which story names what got in the way"),
        Basis.PUBLIC_TASK,
        (Columns("collaboration_id narrative_id barrier_id", Class.PSEUDONYM, N_("To find the words behind it."), Term.STAYS),),
        (Of(Subject.STORY, "narrative_id", Fate.STAYS, Fate.STAYS),),
    ),
)
