"""Hear what senders say of answers, and say what became of messages.

Why: Who was answered says whether it was an answer; a no opens the message again, and what became of it is told.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1750"
down_revision = "2026_11_23_1743"

SAME_MESSAGE = (["collaboration_id", "feedback_id"], ["feedback.collaboration_id", "feedback.id"])


def upgrade() -> None:
    op.create_table(
        "addition",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=True),
        sa.Column("answered", column_types.words("answered", "yes", "partly", "no", "skip"), nullable=True),
        sa.Column("better", column_types.words("better", "yes", "partly", "no", "too_soon"), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.CheckConstraint("(reply_id is null) = (answered is null)", name=op.f("ck_addition_check_of_a_reply")),
        sa.CheckConstraint("better is null or answered is not null", name=op.f("ck_addition_better_in_a_check")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_addition_collaboration_id")),
        sa.ForeignKeyConstraint(*SAME_MESSAGE, name=op.f("fk_addition_collaboration_id_feedback_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "reply_id"], ["reply.collaboration_id", "reply.id"], name=op.f("fk_addition_collaboration_id_reply_id")
        ),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_addition")),
        sa.UniqueConstraint("collaboration_id", "feedback_id", "reply_id", name=op.f("uq_addition_collaboration_id_feedback_id_reply_id")),
    )
    op.create_index(op.f("ix_addition_collaboration_id_feedback_id"), "addition", ["collaboration_id", "feedback_id"])
    op.create_table(
        "follow_up",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_follow_up_collaboration_id")),
        sa.ForeignKeyConstraint(*SAME_MESSAGE, name=op.f("fk_follow_up_collaboration_id_feedback_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "organisation_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_follow_up_collaboration_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_follow_up_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_follow_up")),
    )
    op.create_index(op.f("ix_follow_up_collaboration_id_feedback_id"), "follow_up", ["collaboration_id", "feedback_id"])


def downgrade() -> None:
    op.drop_table("follow_up")
    op.drop_table("addition")
