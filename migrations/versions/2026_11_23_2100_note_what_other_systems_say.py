"""Note what other systems say became of a message.

Why: A partner's case system, or the server that a message came from, knows first what became of it; staff read that beside the message.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_2100"
down_revision = "2026_11_23_2043"

SAID = ("open", "looking", "planned", "under_way", "done", "closed", "nothing_more", "not_theirs", "passed_on", "known", "reopened")


def upgrade() -> None:
    op.create_table(
        "outside_note",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("ref", sa.String(length=120), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("said", column_types.words("said", *SAID), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("said_at", column_types.Moment(), nullable=False),
        sa.Column("heard_at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_outside_note_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name=op.f("fk_outside_note_collaboration_id_feedback_id"),
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["holder.id"], name=op.f("fk_outside_note_holder_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_outside_note")),
        sa.UniqueConstraint("collaboration_id", "source", "ref", name=op.f("uq_outside_note_collaboration_id_source_ref")),
    )
    op.create_index(op.f("ix_outside_note_collaboration_id_feedback_id"), "outside_note", ["collaboration_id", "feedback_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_outside_note_collaboration_id_feedback_id"), table_name="outside_note")
    op.drop_table("outside_note")
