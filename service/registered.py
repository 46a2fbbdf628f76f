"""The register of every table: the `kept.py` of each feature, and what is kept beside the features.

Each `kept.py` is found by its name, so that a feature can be added, and taken away, with its folder.
"""

from importlib import import_module
from pathlib import Path

from service.language import N_
from service.register import Basis, Class, Columns, Fate, Kept, Of, Subject, Term

HOUSE = (
    Kept(
        "idempotent_answer",
        N_("Answers that are given again when the same request comes twice"),
        Basis.PUBLIC_TASK,
        (
            Columns(
                "collaboration_id namespace key_hash request_hash",
                Class.PSEUDONYM,
                N_("To know the request again; only hashes are kept."),
                Term.ANSWERS,
            ),
            Columns(
                "status body answered_at", Class.TECHNICAL, N_("The answer as it was given; it holds no resident's words."), Term.ANSWERS
            ),
        ),
        goes=("answered_at", Term.ANSWERS),
    ),
    Kept(
        "rollup",
        N_("Sums of messages and answers"),
        Basis.NOBODY,
        (Columns("collaboration_id subject period area_id cell slot count", Class.PUBLIC, N_("The figures of the account."), Term.STAYS),),
    ),
    Kept(
        "tombstone",
        N_("What was taken out for good: the kind, the day, why, by whom. It holds no words"),
        Basis.OBLIGATION,
        (
            Columns("collaboration_id id subject_id actor_id", Class.PSEUDONYM, N_("Numbers that stand for what and who."), Term.STAYS),
            Columns("gone why actor_kind at", Class.HANDLING, N_("To take it out again after an older safety copy came back."), Term.STAYS),
        ),
        tuple(Of(subject, "subject_id", Fate.STAYS, Fate.STAYS) for subject in Subject),
    ),
    Kept(
        "version",
        N_("When a page must be made anew"),
        Basis.NOBODY,
        (Columns("collaboration_id slot number", Class.TECHNICAL, N_("Counts changes."), Term.STAYS),),
    ),
    Kept(
        "server_key",
        N_("Fingerprints of the server's keys; never the keys"),
        Basis.NOBODY,
        (Columns("id version fingerprint first_used_at", Class.TECHNICAL, N_("To notice a wrong key."), Term.KEYS),),
    ),
)
"""The tables that belong to no feature."""


def _of_features() -> tuple[Kept, ...]:
    found = sorted(Path(__file__).parent.glob("*/kept.py"))
    return tuple(one for path in found for one in import_module(f"service.{path.parent.name}.kept").KEPT)


REGISTER: tuple[Kept, ...] = (*_of_features(), *HOUSE)
"""What is kept, what for, on what ground, for how long: every column once."""
