"""What is kept of promises: what organisations say to everybody."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

KEPT = (
    Kept(
        "deal",
        N_("Deals: what organisations and communities agreed"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id", Class.TECHNICAL, N_("Tells one from another."), Term.ACCOUNT),
            Columns(
                "level title theme parent_id said since until added_at changed_at",
                Class.PUBLIC,
                N_("So that everybody can see both parts side by side."),
                Term.ACCOUNT,
            ),
        ),
    ),
    Kept(
        "promise",
        N_("Promises that organisations and communities made"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id origin ref", Class.TECHNICAL, N_("Tells one from another."), Term.ACCOUNT),
            Columns(
                "side text summary maker_id made_on due_on review_by kept_when source deal area_id whole_place standing claimed_on "
                "settled_on first_settled_on successor_id community_agreed released_by released_on deal_id audience added_at changed_at",
                Class.PUBLIC,
                N_("So that everybody can see whether it was done. The first wording is never changed."),
                Term.ACCOUNT,
            ),
            Columns("owner", Class.PUBLIC, N_("The role that looks after it, never a person's name."), Term.ACCOUNT),
        ),
    ),
    Kept(
        "milestone",
        N_("Steps on the way to a promise"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id promise_id", Class.TECHNICAL, N_("Of which promise it is."), Term.ACCOUNT),
            Columns("title due_on done_on note added_at", Class.PUBLIC, N_("So that everybody can see how far it is."), Term.ACCOUNT),
        ),
    ),
    Kept(
        "promise_link",
        N_("Which numbers, stories and messages stand beside a promise"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id promise_id indicator_id added_at", Class.TECHNICAL, N_("What stands beside what."), Term.STAYS),
            Columns("narrative_id feedback_id", Class.PSEUDONYM, N_("To find the words behind it."), Term.STAYS),
        ),
        (
            Of(Subject.STORY, "narrative_id", Fate.STAYS, Fate.STAYS),
            Of(Subject.MESSAGE, "feedback_id", Fate.STAYS, Fate.STAYS),
        ),
    ),
    Kept(
        "progress",
        N_("The history of each promise"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id promise_id number", Class.TECHNICAL, N_("In which order it was said."), Term.ACCOUNT),
            Columns(
                "asked_for moved_from moved_to note evidence reason organisation_id at",
                Class.PUBLIC,
                N_("What was said and done about it. History is not rewritten."),
                Term.ACCOUNT,
            ),
            Columns(
                "actor_kind actor_id",
                Class.PSEUDONYM,
                N_("So that nobody checks what they claimed themselves."),
                Term.ACCOUNT,
                Basis.OBLIGATION,
            ),
        ),
    ),
)
