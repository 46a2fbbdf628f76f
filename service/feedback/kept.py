"""What is kept of messages, what for, and for how long."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

MESSAGE = Subject.MESSAGE

KEPT = (
    Kept(
        "feedback",
        N_("Messages: what residents say, and how far each has come"),
        Basis.PUBLIC_TASK,
        (
            Columns("body want have gap", Class.WORDS, N_("To understand what was said and answer it."), Term.UNSHARED_WORDS),
            Columns("id public_id collaboration_id", Class.PSEUDONYM, N_("To find the message again."), Term.STAYS),
            Columns(
                "key_hash key_version", Class.PSEUDONYM, N_("The lock that only the code opens. The code itself is not kept."), Term.STAYS
            ),
            Columns("codeless_at", Class.HANDLING, N_("Since when no code opens it, as its sender wished."), Term.STAYS),
            Columns(
                "body_hash likeness",
                Class.PSEUDONYM,
                N_("To notice that the same message was sent again. It goes with the words."),
                Term.UNSHARED_WORDS,
            ),
            Columns(
                "source ref", Class.PSEUDONYM, N_("Under which name a partner's system knows it, so that it is stored once."), Term.STAYS
            ),
            Columns("share", Class.HANDLING, N_("Who may read the words."), Term.STAYS, Basis.CONSENT),
            Columns("occurred_on", Class.HANDLING, N_("When it happened. It goes when the words are taken back."), Term.STAYS),
            Columns(
                "kind tier language area_id whole_place topic_id promise_id organisation_id channel on_behalf captured_by",
                Class.HANDLING,
                N_("What was ticked and what it is about: who should answer, and the sums."),
                Term.STAYS,
            ),
            Columns(
                "state publication withheld_reason lane published_on first_published_on merged_into_id "
                "received_at read_at replied_at withdrawn_at words_removed_at",
                Class.HANDLING,
                N_("What became of it and when: the account is made of this."),
                Term.STAYS,
            ),
        ),
        (Of(MESSAGE, "id", Fate.BLANKED, Fate.BLANKED),),
    ),
    Kept(
        "reply",
        N_("Answers to messages"),
        Basis.PUBLIC_TASK,
        (
            Columns("body reason", Class.WORDS, N_("The answer; it often repeats what was said."), Term.UNSHARED_WORDS, empty=""),
            Columns("collaboration_id id feedback_id", Class.PSEUDONYM, N_("To find the answer to a message."), Term.STAYS),
            Columns(
                "staff_id checked_by",
                Class.PSEUDONYM,
                N_("Who wrote it and who looked at it, for those who must be able to ask."),
                Term.STAYS,
                Basis.OBLIGATION,
            ),
            Columns(
                "outcome no_kind organisation_id promise_id task_due_on published_at",
                Class.HANDLING,
                N_("What came of it, who says so, when."),
                Term.STAYS,
            ),
        ),
        (Of(MESSAGE, "feedback_id", Fate.GOES, Fate.BLANKED),),
    ),
    Kept(
        "contact",
        N_("How to reach the sender of a message, locked under the server's key"),
        Basis.CONSENT,
        (
            Columns("sealed", Class.IDENTITY, N_("To send the answer, and for nothing else."), Term.CONTACTS, empty=""),
            Columns("push", Class.IDENTITY, N_("To tell a browser that there is news, and for nothing else."), Term.CONTACTS),
            Columns("collaboration_id feedback_id", Class.PSEUDONYM, N_("Which message it belongs to."), Term.CONTACTS),
            Columns("key_version", Class.TECHNICAL, N_("Which key opens it."), Term.CONTACTS),
            Columns("language", Class.HANDLING, N_("To tell them in the language in which they asked."), Term.CONTACTS),
        ),
        (Of(MESSAGE, "feedback_id", Fate.GOES, Fate.GOES),),
    ),
    Kept(
        "passing",
        N_("To whom a message was passed on"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id feedback_id", Class.PSEUDONYM, N_("Which message it was."), Term.STAYS),
            Columns("staff_id", Class.PSEUDONYM, N_("Who passed it on."), Term.STAYS, Basis.OBLIGATION),
            Columns("organisation_id at", Class.HANDLING, N_("The sender reads on the answer page who has it."), Term.STAYS),
        ),
        (Of(MESSAGE, "feedback_id", Fate.STAYS, Fate.STAYS),),
    ),
    Kept(
        "assignment",
        N_("Who has taken a message on"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id feedback_id", Class.PSEUDONYM, N_("Which message it is."), Term.UNSHARED_WORDS),
            Columns("staff_id", Class.PSEUDONYM, N_("So that two people do not answer the same message."), Term.UNSHARED_WORDS),
            Columns("at", Class.HANDLING, N_("Since when."), Term.UNSHARED_WORDS),
        ),
        (Of(MESSAGE, "feedback_id", Fate.GOES, Fate.GOES), Of(Subject.PERSON, "staff_id", Fate.GOES, Fate.GOES)),
    ),
    Kept(
        "bulk_item",
        N_("Messages that somebody marked to do one thing with all of them, and how each was before"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id bulk_id feedback_id", Class.PSEUDONYM, N_("Which message it is."), Term.CHALLENGES),
            Columns("staff_id", Class.PSEUDONYM, N_("Who may take it back."), Term.CHALLENGES),
            Columns(
                "act result state_before read_before organisation_before taken_before at",
                Class.HANDLING,
                N_("What was done, and how it was before, so that it can be taken back."),
                Term.CHALLENGES,
            ),
        ),
        (Of(MESSAGE, "feedback_id", Fate.GOES, Fate.GOES), Of(Subject.PERSON, "staff_id", Fate.GOES, Fate.GOES)),
        goes=("at", Term.CHALLENGES),
    ),
    Kept(
        "draft",
        N_("Answers to messages that are not given yet"),
        Basis.PUBLIC_TASK,
        (
            Columns(
                "body reason promised returned_why",
                Class.WORDS,
                N_("The answer as far as it is written, and what somebody else would have otherwise."),
                Term.UNSHARED_WORDS,
            ),
            Columns("collaboration_id id feedback_id", Class.PSEUDONYM, N_("Which message it answers."), Term.UNSHARED_WORDS),
            Columns("staff_id", Class.PSEUDONYM, N_("Whose it is."), Term.UNSHARED_WORDS),
            Columns(
                "standing outcome no_kind written_at",
                Class.HANDLING,
                N_("Whether it waits for a second person, and since when."),
                Term.UNSHARED_WORDS,
            ),
        ),
        (Of(MESSAGE, "feedback_id", Fate.GOES, Fate.GOES), Of(Subject.PERSON, "staff_id", Fate.GOES, Fate.GOES)),
    ),
    Kept(
        "answer_rule",
        N_("Which answers a second person checks"),
        Basis.NOBODY,
        (
            Columns("collaboration_id id", Class.TECHNICAL, N_("Tells one from another."), Term.ACCOUNT),
            Columns("checks set_at", Class.HANDLING, N_("The rule, and since when."), Term.ACCOUNT),
            Columns("set_by", Class.PSEUDONYM, N_("Who set it."), Term.ACCOUNT, Basis.OBLIGATION),
        ),
    ),
)
