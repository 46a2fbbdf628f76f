"""Say what is wrong with files: which rows are refused and why, and which say something else than what stands here.

Why: What is wrong is mended in place, beside what stands there.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_2041"
down_revision = "2026_11_23_2040"


def upgrade() -> None:
    op.create_table(
        "intake_finding",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("intake_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("sheet_column", sa.Text(), nullable=False),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("stands", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("rows", column_types.Json(), nullable=False),
        sa.Column("made_at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_intake_finding_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "intake_id"],
            ["intake.collaboration_id", "intake.id"],
            name=op.f("fk_intake_finding_collaboration_id_intake_id"),
        ),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_intake_finding")),
    )
    columns = ["collaboration_id", "intake_id", "number"]
    op.create_index(op.f("ix_intake_finding_collaboration_id_intake_id_number"), "intake_finding", columns)


def downgrade() -> None:
    op.drop_table("intake_finding")
