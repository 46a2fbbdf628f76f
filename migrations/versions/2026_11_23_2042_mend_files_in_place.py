"""Mend files in place: cells that somebody corrected for one import.

Why: A misspelt period need not be mended in the file and sent again.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_2042"
down_revision = "2026_11_23_2041"


def upgrade() -> None:
    op.create_table(
        "intake_mending",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("intake_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_column", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.Column("rows", column_types.Json(), nullable=True),
        sa.Column("made_at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_intake_mending_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "intake_id"],
            ["intake.collaboration_id", "intake.id"],
            name=op.f("fk_intake_mending_collaboration_id_intake_id"),
        ),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_intake_mending")),
    )
    op.create_index(op.f("ix_intake_mending_collaboration_id_intake_id"), "intake_mending", ["collaboration_id", "intake_id"])


def downgrade() -> None:
    op.drop_table("intake_mending")
