"""What is kept of files that staff bring in, what for, and for how long."""

from service.language import N_
from service.register import Basis, Class, Columns, Kept, Term

KEPT = (
    Kept(
        "intake",
        N_("Files that staff brought in: what came of each. The file itself lies beside the database until it is taken in, a week at most"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id organisation_id", Class.TECHNICAL, N_("Tells one from another."), Term.ACCOUNT),
            Columns("name size encoding lease leased_until", Class.TECHNICAL, N_("To find its file and to work on it once."), Term.ACCOUNT),
            Columns(
                "kind file_name written language stage percent received created corrected unchanged left refused differing choice "
                "otherwise",
                Class.HANDLING,
                N_("What it was, how its columns were read, and what came of its rows."),
                Term.ACCOUNT,
            ),
            Columns("reason fault", Class.HANDLING, N_("Why figures were corrected, or why it could not be read."), Term.ACCOUNT),
            Columns("made_at finished_at", Class.HANDLING, N_("When it was sent and taken in."), Term.ACCOUNT),
            Columns(
                "made_by", Class.PSEUDONYM, N_("Who brought it in, for those who must be able to ask."), Term.ACCOUNT, Basis.OBLIGATION
            ),
        ),
    ),
    Kept(
        "intake_finding",
        N_("What was found in such a file: refused rows, and rows that say something else"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id intake_id number", Class.TECHNICAL, N_("Tells one from another."), Term.SHEETS),
            Columns("differs field message count rows made_at", Class.HANDLING, N_("What is wrong, and in which rows."), Term.SHEETS),
            Columns(
                "sheet_column cell stands about",
                Class.WORDS,
                N_("What stands in the file, so that it can be mended."),
                Term.SHEETS,
                empty="",
            ),
        ),
        goes=("made_at", Term.SHEETS),
    ),
    Kept(
        "intake_mending",
        N_("What was mended in such a file before it was taken in"),
        Basis.PUBLIC_TASK,
        (
            Columns("collaboration_id id intake_id", Class.TECHNICAL, N_("Tells one from another."), Term.SHEETS),
            Columns("rows made_at", Class.HANDLING, N_("In which rows, and when."), Term.SHEETS),
            Columns("sheet_column was cell", Class.WORDS, N_("What stood there, and what stands there now."), Term.SHEETS, empty=""),
        ),
        goes=("made_at", Term.SHEETS),
    ),
    Kept(
        "intake_map",
        N_("How columns of files are read, kept under a name"),
        Basis.NOBODY,
        (
            Columns("collaboration_id id", Class.TECHNICAL, N_("Tells one from another."), Term.ACCOUNT),
            Columns("name kind written made_at", Class.HANDLING, N_("Which column is which field."), Term.ACCOUNT),
            Columns("made_by", Class.PSEUDONYM, N_("Who wrote it down."), Term.ACCOUNT),
        ),
    ),
)
