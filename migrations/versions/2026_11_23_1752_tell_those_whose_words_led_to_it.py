"""Tell those whose words led to it.

Why: Each sender is told once of everything that happened to what they said, and finds what is new since they last looked.
Safe for the running release: yes, nothing used these tables before; the index is small, as few answers make promises.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1752"
down_revision = "2026_11_23_1750"

KINDS = ("replied", "moved", "followed_up", "reopened", "closed", "contested")
SAME_MESSAGE = (["collaboration_id", "feedback_id"], ["feedback.collaboration_id", "feedback.id"])
UNTOLD = sa.text("told_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "hop",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", column_types.words("hopkind", *KINDS), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=True),
        sa.Column("promise_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.Column("told_to", sa.Uuid(), nullable=True),
        sa.Column("told_at", column_types.Moment(), nullable=True),
        sa.CheckConstraint("(feedback_id is null) <> (promise_id is null)", name=op.f("ck_hop_one_subject")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_hop_collaboration_id")),
        sa.ForeignKeyConstraint(*SAME_MESSAGE, name=op.f("fk_hop_collaboration_id_feedback_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "promise_id"], ["promise.collaboration_id", "promise.id"], name=op.f("fk_hop_collaboration_id_promise_id")
        ),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_hop")),
        sa.UniqueConstraint("collaboration_id", "kind", "subject_id", name=op.f("uq_hop_collaboration_id_kind_subject_id")),
    )
    op.create_index(op.f("ix_hop_collaboration_id_feedback_id"), "hop", ["collaboration_id", "feedback_id"])
    op.create_index("ix_hop_at", "hop", ["at"], sqlite_where=UNTOLD, postgresql_where=UNTOLD)
    op.create_table(
        "notice",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("hop_id", sa.Uuid(), nullable=False),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_notice_collaboration_id")),
        sa.ForeignKeyConstraint(*SAME_MESSAGE, name=op.f("fk_notice_collaboration_id_feedback_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "hop_id"], ["hop.collaboration_id", "hop.id"], name=op.f("fk_notice_collaboration_id_hop_id")
        ),
        sa.PrimaryKeyConstraint("collaboration_id", "feedback_id", "hop_id", name=op.f("pk_notice")),
    )
    op.create_table(
        "look",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("day", column_types.Day(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_look_collaboration_id")),
        sa.ForeignKeyConstraint(*SAME_MESSAGE, name=op.f("fk_look_collaboration_id_feedback_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "feedback_id", name=op.f("pk_look")),
    )
    op.create_index(op.f("ix_reply_collaboration_id_promise_id"), "reply", ["collaboration_id", "promise_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_reply_collaboration_id_promise_id"), table_name="reply")
    op.drop_table("look")
    op.drop_table("notice")
    op.drop_table("hop")
