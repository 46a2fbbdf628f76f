"""Keep the answers to requests that carry an idempotency key.

Why: A partner that tries again must not do its work twice, and must get the same answer.
Safe for the running release: yes, it does not know this table.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1020"
down_revision = "2026_11_23_1010"


def upgrade() -> None:
    op.create_table(
        "idempotent_answer",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("namespace", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("answered_at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_idempotent_answer_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "namespace", "key_hash", name=op.f("pk_idempotent_answer")),
    )
    op.create_index(
        op.f("ix_idempotent_answer_collaboration_id_answered_at"), "idempotent_answer", ["collaboration_id", "answered_at"], unique=False
    )


def downgrade() -> None:
    op.drop_table("idempotent_answer")
