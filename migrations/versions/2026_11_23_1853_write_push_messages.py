"""Write push messages.

Why: They wait, are tried again and are given up as letters are.
Safe for the running release: yes, it writes no such letters; those that are due when it goes back are forgotten.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1853"
down_revision = "2026_11_23_1852"

BEFORE = ("sign_in", "invitation", "urgent", "news", "reminder", "webhook")
AFTER = (*BEFORE, "push")


def letters(purposes: tuple[str, ...]) -> sa.Table:
    """The table of letters, with these purposes."""
    due = sa.text("given_up_at IS NULL")
    return sa.Table(
        "letter",
        sa.MetaData(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("made_at", column_types.Moment(), nullable=False),
        sa.Column("due_at", column_types.Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("given_up_at", column_types.Moment(), nullable=True),
        sa.CheckConstraint("(address is null) = (given_up_at is not null)", name="ck_letter_address_goes_when_given_up"),
        sa.CheckConstraint(allowed(purposes), name="ck_letter_purpose"),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
        sa.Index("ix_letter_due_at", "due_at", sqlite_where=due, postgresql_where=due),
    )


def allowed(purposes: tuple[str, ...]) -> str:
    return f"purpose IN ({', '.join(repr(purpose) for purpose in purposes)})"


def allow(before: tuple[str, ...], purposes: tuple[str, ...]) -> None:
    """Lets letters have these purposes."""
    with op.batch_alter_table("letter", copy_from=letters(before)) as letter:
        letter.drop_constraint(op.f("ck_letter_purpose"), type_="check")
        letter.create_check_constraint(op.f("ck_letter_purpose"), sa.text(allowed(purposes)))


def upgrade() -> None:
    allow(BEFORE, AFTER)


def downgrade() -> None:
    op.execute("delete from letter where purpose = 'push'")
    allow(AFTER, BEFORE)
