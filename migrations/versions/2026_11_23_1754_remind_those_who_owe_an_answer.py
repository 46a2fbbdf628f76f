"""Remind those who owe an answer.

Why: One letter a day says what is due; those who answer for the place are told of what waits far too long; anybody may do without.
Safe for the running release: yes, nothing used these tables before, and the new column may stay empty.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1754"
down_revision = "2026_11_23_1752"


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("kind", column_types.words("reminder_kind", "due", "too_late"), nullable=False),
        sa.Column("day", column_types.Day(), nullable=False),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_reminder_collaboration_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_reminder_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "staff_id", "kind", "day", name=op.f("pk_reminder")),
    )
    op.create_index(op.f("ix_reminder_day"), "reminder", ["day"])
    op.create_table(
        "escalation",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_escalation_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name=op.f("fk_escalation_collaboration_id_feedback_id"),
        ),
        sa.PrimaryKeyConstraint("collaboration_id", "feedback_id", name=op.f("pk_escalation")),
    )
    op.add_column("staff", sa.Column("reminders_off_at", column_types.Moment(), nullable=True))


def downgrade() -> None:
    op.drop_column("staff", "reminders_off_at")
    op.drop_table("escalation")
    op.drop_table("reminder")
