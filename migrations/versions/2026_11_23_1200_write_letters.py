"""Write letters.

Why: Staff may ask for a sign-in link by mail; what is to be sent waits here until it is sent.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1200"
down_revision = "2026_11_23_1150"


def upgrade() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", column_types.words("purpose", "sign_in"), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("made_at", column_types.Moment(), nullable=False),
        sa.Column("due_at", column_types.Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("given_up_at", column_types.Moment(), nullable=True),
        sa.CheckConstraint("(address is null) = (given_up_at is not null)", name=op.f("ck_letter_address_goes_when_given_up")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    op.create_index(
        op.f("ix_letter_due_at"),
        "letter",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("given_up_at IS NULL"),
        postgresql_where=sa.text("given_up_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("letter")
