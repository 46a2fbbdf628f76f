"""Create the journal, the rollups and the version.

Why: Every action writes a row here, and every count that a page shows is kept beside its facts.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_0910"
down_revision = "2026_11_23_0900"


def upgrade() -> None:
    op.create_table(
        "journal_entry",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("actor_kind", column_types.words("actorkind", "resident", "staff", "key", "operator"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("fields", column_types.Json(), nullable=True),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_journal_entry")),
    )
    op.create_index(op.f("ix_journal_entry_collaboration_id_subject_id"), "journal_entry", ["collaboration_id", "subject_id"], unique=False)
    op.create_table(
        "rollup",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("cell", sa.String(length=40), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_rollup_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "subject", "month", "area_id", "cell", "slot", name=op.f("pk_rollup")),
    )
    op.create_table(
        "version",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_version_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "slot", name=op.f("pk_version")),
    )


def downgrade() -> None:
    op.drop_table("version")
    op.drop_table("rollup")
    op.drop_table("journal_entry")
