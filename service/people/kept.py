"""What is kept of staff, what for, and for how long."""

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

PERSON = Subject.PERSON
WHOSE = N_("Whose it is.")

KEPT = (
    Kept(
        "staff",
        N_("People who work here and sign in"),
        Basis.PUBLIC_TASK,
        (
            Columns(
                "email name", Class.IDENTITY, N_("To let the right people in, and to say to colleagues who did what."), Term.STAFF_LEFT
            ),
            Columns("id", Class.PSEUDONYM, N_("Stands for the person in the history when the name is gone."), Term.STAYS, Basis.OBLIGATION),
            Columns(
                "added_at invited_until arrived_at disabled_at", Class.HANDLING, N_("From when to when somebody may sign in."), Term.STAYS
            ),
            Columns("reminders_off_at", Class.HANDLING, N_("Since when somebody wants no letters about what is due."), Term.STAYS),
            Columns("language", Class.HANDLING, N_("In which language somebody works, and gets letters."), Term.STAYS),
        ),
        (Of(PERSON, "id", Fate.STAYS, Fate.STAYS),),  # a pseudonym takes the name's place: people/removal.py
    ),
    Kept(
        "staff_role",
        N_("What each of them may do, and where"),
        Basis.OBLIGATION,
        (
            Columns("collaboration_id id staff_id", Class.PSEUDONYM, WHOSE, Term.STAYS),
            Columns(
                "role viewer_kind organisation_id given_at ended_at stopped_at",
                Class.HANDLING,
                N_("Who could read what, and when."),
                Term.STAYS,
            ),
        ),
        (Of(PERSON, "staff_id", Fate.STAYS, Fate.STAYS),),
    ),
    Kept(
        "sign_in_link",
        N_("Links that sign somebody in once"),
        Basis.PUBLIC_TASK,
        (
            Columns("id staff_id", Class.PSEUDONYM, WHOSE, Term.LINKS),
            Columns("secret_hash", Class.LOCK, N_("Checks the link."), Term.LINKS),
            Columns("made_at expires_at used_at", Class.HANDLING, N_("It works once, and not for long."), Term.LINKS),
        ),
        (Of(PERSON, "staff_id", Fate.GOES, Fate.GOES),),
        goes=("expires_at", Term.LINKS),
    ),
    Kept(
        "staff_session",
        N_("Browsers in which somebody is signed in"),
        Basis.PUBLIC_TASK,
        (
            Columns("id staff_id", Class.PSEUDONYM, WHOSE, Term.SESSIONS),
            Columns("secret_hash", Class.LOCK, N_("Checks the cookie."), Term.SESSIONS),
            Columns(
                "started_at seen_at proven_at ended_at",
                Class.HANDLING,
                N_("Their owner sees them, and ends what is not theirs."),
                Term.SESSIONS,
            ),
        ),
        (Of(PERSON, "staff_id", Fate.GOES, Fate.GOES),),
        goes=("seen_at", Term.SESSIONS),
    ),
    Kept(
        "passkey",
        N_("Passkeys: the public half only"),
        Basis.PUBLIC_TASK,
        (
            Columns("name", Class.IDENTITY, N_("What its owner calls the device."), Term.STAFF_LEFT, empty=""),
            Columns("id staff_id", Class.PSEUDONYM, WHOSE, Term.STAFF_LEFT),
            Columns("credential_id public_key sign_count", Class.LOCK, N_("Checks the passkey."), Term.STAFF_LEFT),
            Columns("added_at used_at", Class.HANDLING, N_("Their owner sees when it was used."), Term.STAFF_LEFT),
        ),
        (Of(PERSON, "staff_id", Fate.GOES, Fate.GOES),),
    ),
    Kept(
        "passkey_challenge",
        N_("Questions to a passkey that wait for their answer"),
        Basis.PUBLIC_TASK,
        (
            Columns("id staff_id", Class.PSEUDONYM, WHOSE, Term.CHALLENGES),
            Columns("challenge_hash expires_at", Class.LOCK, N_("Each question is answered once, within minutes."), Term.CHALLENGES),
        ),
        (Of(PERSON, "staff_id", Fate.GOES, Fate.GOES),),
        goes=("expires_at", Term.CHALLENGES),
    ),
    Kept(
        "authenticator_app",
        N_("Apps that show codes to administrators: a sealed secret"),
        Basis.PUBLIC_TASK,
        (
            Columns("id staff_id", Class.PSEUDONYM, WHOSE, Term.STAFF_LEFT),
            Columns("sealed key_version", Class.LOCK, N_("Checks the codes. The key of the seal is not in the database."), Term.STAFF_LEFT),
            Columns("added_at confirmed_at", Class.HANDLING, N_("Since when the app counts."), Term.STAFF_LEFT),
            Columns("last_step wrong wait_until", Class.TECHNICAL, N_("Each code counts once, and nobody guesses."), Term.STAFF_LEFT),
        ),
        (Of(PERSON, "staff_id", Fate.GOES, Fate.GOES),),
    ),
    Kept(
        "recovery_code",
        N_("That a code stands in for an app, never the code"),
        Basis.PUBLIC_TASK,
        (
            Columns("id staff_id", Class.PSEUDONYM, WHOSE, Term.STAFF_LEFT),
            Columns("key_version", Class.TECHNICAL, N_("With which key the code is worked out."), Term.STAFF_LEFT),
            Columns("made_at seen_at used_at", Class.HANDLING, N_("Each works once, and is shown once."), Term.STAFF_LEFT),
        ),
        (Of(PERSON, "staff_id", Fate.GOES, Fate.GOES),),
    ),
    Kept(
        "login_try",
        N_("Browsers that went to the council's own login and have not come back"),
        Basis.PUBLIC_TASK,
        (
            Columns("id", Class.TECHNICAL, N_("Each try ends once, within minutes. It names nobody."), Term.CHALLENGES),
            Columns("state_hash expires_at", Class.LOCK, N_("Checks that the same browser comes back."), Term.CHALLENGES),
        ),
        goes=("expires_at", Term.CHALLENGES),
    ),
    Kept(
        "known_login",
        N_("How a council's own login names somebody who works here"),
        Basis.PUBLIC_TASK,
        (
            Columns("subject", Class.IDENTITY, N_("To know them again without asking for the address."), Term.STAFF_LEFT, empty=""),
            Columns("id staff_id", Class.PSEUDONYM, WHOSE, Term.STAFF_LEFT),
            Columns("issuer", Class.TECHNICAL, N_("Which login it is."), Term.STAFF_LEFT),
            Columns("added_at", Class.HANDLING, N_("Since when."), Term.STAFF_LEFT),
        ),
        (Of(PERSON, "staff_id", Fate.GOES, Fate.GOES),),
    ),
)
