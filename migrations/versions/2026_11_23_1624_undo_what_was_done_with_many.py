"""Remember for a while how messages were before something was done with several of them.

Why: Whoever marks ten messages and presses the wrong button takes it back.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1624"
down_revision = "2026_11_23_1622"

STATES = (
    *("received", "acknowledged", "routed", "in_review", "replied", "loop_closed", "reopened", "merged", "not_feedback"),
    *("safeguarding_hold", "withdrawn"),
)


def upgrade() -> None:
    op.create_table(
        "bulk_item",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("bulk_id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("act", column_types.words("together", "read", "take", "pass_on"), nullable=False),
        sa.Column("result", column_types.words("result", "done", "already", "answered", "not_yours", "undone"), nullable=False),
        sa.Column("state_before", column_types.words("state", *STATES), nullable=False),
        sa.Column("read_before", column_types.Moment(), nullable=True),
        sa.Column("organisation_before", sa.Uuid(), nullable=True),
        sa.Column("taken_before", sa.Uuid(), nullable=True),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_bulk_item_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name=op.f("fk_bulk_item_collaboration_id_feedback_id"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_bulk_item_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "bulk_id", "feedback_id", name=op.f("pk_bulk_item")),
    )
    op.create_index(op.f("ix_bulk_item_collaboration_id_at"), "bulk_item", ["collaboration_id", "at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_bulk_item_collaboration_id_at"), table_name="bulk_item")
    op.drop_table("bulk_item")
