"""Name themes, say which messages belong to each, and keep what is answered to all of them.

Why: Twenty people say the same in twenty ways. Staff answer them once, and each of them reads it.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1740"
down_revision = "2026_11_23_1732"

OUTCOMES = ("done", "will_do", "already_doing", "cannot_do", "passed_on", "need_more", "thank_you")


def upgrade() -> None:
    op.create_table(
        "theme",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("about", sa.String(length=300), nullable=True),
        sa.Column("named_by", column_types.words("namer", "community", "staff"), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", column_types.Moment(), nullable=False),
        sa.Column("shown_at", column_types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_theme_collaboration_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_theme_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_theme")),
        sa.UniqueConstraint("collaboration_id", "name", name=op.f("uq_theme_collaboration_id_name")),
    )
    op.create_table(
        "theme_message",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("theme_id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_theme_message_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name=op.f("fk_theme_message_collaboration_id_feedback_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "theme_id"],
            ["theme.collaboration_id", "theme.id"],
            name=op.f("fk_theme_message_collaboration_id_theme_id"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_theme_message_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "theme_id", "feedback_id", name=op.f("pk_theme_message")),
    )
    op.create_index(op.f("ix_theme_message_collaboration_id_feedback_id"), "theme_message", ["collaboration_id", "feedback_id"])
    op.create_table(
        "theme_answer",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("theme_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", column_types.words("outcome", *OUTCOMES), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("promised", column_types.Json(), nullable=True),
        sa.Column("promise_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", column_types.Moment(), nullable=False),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", column_types.Moment(), nullable=True),
        sa.Column("returned_why", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["checked_by"], ["staff.id"], name=op.f("fk_theme_answer_checked_by")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_theme_answer_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "promise_id"],
            ["promise.collaboration_id", "promise.id"],
            name=op.f("fk_theme_answer_collaboration_id_promise_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "theme_id"],
            ["theme.collaboration_id", "theme.id"],
            name=op.f("fk_theme_answer_collaboration_id_theme_id"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_theme_answer_staff_id")),
        sa.CheckConstraint("published_at is null or returned_why is null", name=op.f("ck_theme_answer_given_or_returned")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_theme_answer")),
    )
    op.create_index(op.f("ix_theme_answer_collaboration_id_theme_id"), "theme_answer", ["collaboration_id", "theme_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_theme_answer_collaboration_id_theme_id"), table_name="theme_answer")
    op.drop_table("theme_answer")
    op.drop_index(op.f("ix_theme_message_collaboration_id_feedback_id"), table_name="theme_message")
    op.drop_table("theme_message")
    op.drop_table("theme")
