"""The register of what is kept: the words with which each feature says, in its `kept.py`, what its columns are for.

It is no description beside the program: taking words out, the periods after which they go, the search for what is held about
somebody, docs/data-register.md and the page "What we keep" are all made from it. A column that is not in it fails a test.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from service.language import N_


class Class(StrEnum):
    """What a column is. The first two are what erasure takes out."""

    WORDS = "words"
    IDENTITY = "identity"
    PSEUDONYM = "pseudonym"
    LOCK = "lock"
    HANDLING = "handling"
    PUBLIC = "public"
    TECHNICAL = "technical"


CLASSES = {
    Class.WORDS: N_("Free words, which may tell who somebody is."),
    Class.IDENTITY: N_("Names somebody, or says how to reach them."),
    Class.PSEUDONYM: N_("Stands for a message, a story or a person, and names nobody by itself."),
    Class.LOCK: N_("A hash that checks a secret, which is not kept itself."),
    Class.HANDLING: N_("What was ticked, what was done and when: the sums are made of it."),
    Class.PUBLIC: N_("Said to everybody by those who run the place."),
    Class.TECHNICAL: N_("Keeps the service working, and is about nobody."),
}


class Basis(StrEnum):
    """On what ground of the law. Which one holds is for the controller's lawyer to confirm: docs/privacy.md."""

    PUBLIC_TASK = "public_task"
    CONSENT = "consent"
    OBLIGATION = "obligation"
    NOBODY = "nobody"


BASES = {
    Basis.PUBLIC_TASK: N_("A task in the public interest (UK GDPR Article 6(1)(e))"),
    Basis.CONSENT: N_("Consent, which can be taken back (Article 6(1)(a))"),
    Basis.OBLIGATION: N_("A duty to be able to show what was done (Articles 5(2) and 32)"),
    Basis.NOBODY: N_("None is needed: it is about no person"),
}


class Term(StrEnum):
    """How long. The first four a collaboration may set; the rest are the same everywhere."""

    UNSHARED_WORDS = "unshared_words"
    SHARED_WORDS = "shared_words"
    CONTACTS = "contacts"
    STAFF_LEFT = "staff_left"
    STAYS = "stays"
    ACCOUNT = "account"
    SESSIONS = "sessions"
    LINKS = "links"
    CHALLENGES = "challenges"
    ANSWERS = "answers"
    LETTERS = "letters"
    DELIVERIES = "deliveries"
    SHEETS = "sheets"
    KEYS = "keys"


TERMS = {
    Term.UNSHARED_WORDS: N_("Until they are taken back, or for as long as the place keeps words that are not shown"),
    Term.SHARED_WORDS: N_("As long as others may read them, then as words that are not shown"),
    Term.CONTACTS: N_("Until the answer was given and could be questioned, and what it promised was told; a year at most"),
    Term.STAFF_LEFT: N_("As long as they work here, then two years"),
    Term.STAYS: N_("Stays, without words, so that the sums stay right"),
    Term.ACCOUNT: N_("As long as the place gives account"),
    Term.SESSIONS: N_("90 days after it ended"),
    Term.LINKS: N_("30 days after it ran out"),
    Term.CHALLENGES: N_("One day"),
    Term.ANSWERS: N_("30 days"),
    Term.LETTERS: N_("Until it is sent; 30 days, without the address, when it could not be"),
    Term.DELIVERIES: N_("30 days after what is told happened"),
    Term.SHEETS: N_("Seven days"),
    Term.KEYS: N_("As long as codes that it made are to open"),
}


DAYS = {Term.SESSIONS: 90, Term.LINKS: 30, Term.CHALLENGES: 1, Term.ANSWERS: 30, Term.LETTERS: 30, Term.DELIVERIES: 30, Term.SHEETS: 7}
"""After so many days rows of these terms go, in every place."""


class Subject(StrEnum):
    """About whom or what something is held."""

    MESSAGE = "message"
    STORY = "story"
    PERSON = "person"


class Fate(StrEnum):
    """What becomes of a row."""

    GOES = "goes"
    BLANKED = "blanked"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Of:
    """Whose a row is: `column` holds the subject's id. What becomes of the row when it is taken back, and when its time is over."""

    subject: Subject
    column: str
    taken_back: Fate
    too_old: Fate


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of one class, for one purpose. `empty` is what is left where nothing would be refused."""

    names: str
    holds: Class
    why: str
    term: Term
    basis: Basis | None = None
    empty: Any = None

    def __iter__(self) -> Iterator[str]:
        return iter(self.names.split())


@dataclass(frozen=True, slots=True)
class Kept:
    """A table. `basis` holds for the columns that name no other."""

    table: str
    what: str
    basis: Basis
    columns: tuple[Columns, ...]
    of: tuple[Of, ...] = ()
    goes: tuple[str, Term] | None = None
    """A row goes when the moment in this column lies so far back."""

    @property
    def names(self) -> list[str]:
        """Every column that it knows."""
        return [name for columns in self.columns for name in columns]

    def blanked(self) -> dict[str, Any]:
        """The columns that erasure takes out, and what is left in them."""
        out = (Class.WORDS, Class.IDENTITY)
        return {name: columns.empty for columns in self.columns if columns.holds in out for name in columns}


def said(kept: Kept, *, among: Subject) -> Of | None:
    """How a table's rows belong to a subject of this kind; None where they do not."""
    return next((of for of in kept.of if of.subject == among), None)


def sheet_of(register: tuple[Kept, ...]) -> str:
    """The register for people to read, as docs/data-register.md holds it."""
    lines = [HEAD, "## Classes", "", "| Class | Is |", "|---|---|", *(f"| `{key}` | {words} |" for key, words in CLASSES.items())]
    lines += ["", "## Grounds", "", "| Ground | Is |", "|---|---|", *(f"| `{key}` | {words} |" for key, words in BASES.items())]
    lines += ["", "## How long", "", "| Term | Is |", "|---|---|", *(f"| `{key}` | {words} |" for key, words in TERMS.items())]
    for kept in sorted(register, key=lambda one: one.table):
        lines += ["", f"## {kept.table}", "", f"{kept.what}.", ""]
        lines += [
            f"Belongs to a {of.subject} by `{of.column}`: {of.taken_back} when taken back, {of.too_old} when its time is over."
            for of in kept.of
        ]
        lines += [""] if kept.of else []
        lines += ["| Columns | Class | What for | Ground | How long |", "|---|---|---|---|---|"]
        for one in kept.columns:
            names = " ".join(f"`{name}`" for name in one)
            lines.append(f"| {names} | {one.holds} | {one.why} | `{one.basis or kept.basis}` | `{one.term}` |")
    return "\n".join([*lines, ""])


HEAD = """# The register of what is kept

Every column of every table: its class, what it is for, on what ground of the law, and how long it is kept. Made from the `kept.py`
of each feature by `said register > docs/data-register.md`; a test fails when a column is missing here, or is here and gone, and when
this file is not what those say. What the grounds mean for you is for your lawyer to confirm: docs/privacy.md.
"""
