"""What is kept of people who are followed, what for, and for how long."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

WHICH = N_("Tells one from another.")


def theirs(column: str) -> tuple[Of, ...]:
    """Goes with the person."""
    return (Of(Subject.PERSON, column, Fate.GOES, Fate.GOES),)


KEPT = (
    Kept(
        "instrument",
        N_("Scales that a place uses"),
        Basis.NOBODY,
        (
            Columns("collaboration_id id code", Class.TECHNICAL, WHICH, Term.ACCOUNT),
            Columns(
                "name question low high good_direction meaningful_change licence licence_ref changed_at",
                Class.PUBLIC,
                N_("Everybody can read what was asked, and by what licence."),
                Term.ACCOUNT,
            ),
        ),
    ),
    Kept(
        "person_key",
        N_("People whose change a service follows, under made-up names"),
        Basis.CONSENT,
        (
            Columns(
                "collaboration_id id organisation_id pseudonym",
                Class.PSEUDONYM,
                N_("To know that two readings are of the same person, and of nobody else."),
                Term.ACCOUNT,
            ),
            Columns("added_at", Class.HANDLING, N_("Since when."), Term.ACCOUNT),
        ),
        theirs("id"),
    ),
    Kept(
        "person_yes",
        N_("That they said yes to readings being kept"),
        Basis.OBLIGATION,
        (
            Columns("collaboration_id id person_id", Class.PSEUDONYM, N_("Whose yes it is."), Term.ACCOUNT),
            Columns(
                "wording_version given_on expires_on recorded_at",
                Class.HANDLING,
                N_("To be able to show what was said yes to, from when to when."),
                Term.ACCOUNT,
            ),
        ),
        theirs("person_id"),
    ),
    Kept(
        "goal",
        N_("What they want, in their own words"),
        Basis.CONSENT,
        (
            Columns("words", Class.WORDS, N_("So that they are asked about what they want, and not what we want."), Term.ACCOUNT),
            Columns("collaboration_id id person_id added_at", Class.PSEUDONYM, N_("Whose goal it is."), Term.ACCOUNT),
        ),
        theirs("person_id"),
    ),
    Kept(
        "outcome_reading",
        N_("How it is, on a day, on a scale"),
        Basis.CONSENT,
        (
            Columns("collaboration_id id person_id goal_id ref", Class.PSEUDONYM, N_("Whose reading it is."), Term.ACCOUNT),
            Columns(
                "measure episode taken_on scored_by value area_id version recorded_at",
                Class.HANDLING,
                N_("To see what changed. Only sums of many people are shown."),
                Term.ACCOUNT,
            ),
        ),
        theirs("person_id"),
    ),
    Kept(
        "earlier_reading",
        N_("What a reading said before it was corrected"),
        Basis.CONSENT,
        (
            Columns("reason", Class.WORDS, N_("Why it was corrected."), Term.ACCOUNT),
            Columns("collaboration_id id reading_id person_id", Class.PSEUDONYM, N_("Whose reading it is."), Term.ACCOUNT),
            Columns("version value recorded_at corrected_at", Class.HANDLING, N_("So that no correction hides anything."), Term.ACCOUNT),
            Columns("actor_kind actor_id", Class.PSEUDONYM, N_("Who corrected it."), Term.ACCOUNT, Basis.OBLIGATION),
        ),
        theirs("person_id"),
    ),
)
