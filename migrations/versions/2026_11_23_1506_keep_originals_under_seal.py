"""Keep the originals of words from which a name was taken out, under seal.

Why: What names somebody is not shown, and what the teller wrote is not lost.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1506"
down_revision = "2026_11_23_1505"


def upgrade() -> None:
    op.create_table(
        "redaction",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=True),
        sa.Column("narrative_id", sa.Uuid(), nullable=True),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.Column("put_back_at", column_types.Moment(), nullable=True),
        sa.CheckConstraint("(feedback_id is null) <> (narrative_id is null)", name=op.f("ck_redaction_one_subject")),
        sa.CheckConstraint("pieces > 0", name=op.f("ck_redaction_something_taken_out")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_redaction_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name=op.f("fk_redaction_collaboration_id_feedback_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "narrative_id"],
            ["narrative.collaboration_id", "narrative.id"],
            name=op.f("fk_redaction_collaboration_id_narrative_id"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_redaction_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_redaction")),
    )
    op.create_index(op.f("ix_redaction_collaboration_id_feedback_id"), "redaction", ["collaboration_id", "feedback_id"])
    op.create_index(op.f("ix_redaction_collaboration_id_narrative_id"), "redaction", ["collaboration_id", "narrative_id"])


def downgrade() -> None:
    op.drop_table("redaction")
