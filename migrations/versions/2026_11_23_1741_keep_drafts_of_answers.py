"""Keep drafts of answers, and answers that wait until somebody else has looked at them.

Why: An answer is not always written in one go; who may not answer may still propose one; and a claim of change is checked by a second
person before everybody reads it.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1741"
down_revision = "2026_11_23_1740"

OUTCOMES = ("done", "will_do", "already_doing", "cannot_do", "passed_on", "need_more", "thank_you")


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("standing", column_types.words("draftstanding", "kept", "proposed", "returned"), nullable=False),
        sa.Column("outcome", column_types.words("outcome", *OUTCOMES), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("promised", column_types.Json(), nullable=True),
        sa.Column("written_at", column_types.Moment(), nullable=False),
        sa.Column("returned_why", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_draft_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name=op.f("fk_draft_collaboration_id_feedback_id"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_draft_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_draft")),
        sa.UniqueConstraint("collaboration_id", "feedback_id", "staff_id", name=op.f("uq_draft_collaboration_id_feedback_id_staff_id")),
    )
    op.create_index(op.f("ix_draft_collaboration_id_standing"), "draft", ["collaboration_id", "standing"])
    op.create_table(
        "answer_rule",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("checks", column_types.words("checks", "none", "shown", "every"), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_answer_rule_collaboration_id")),
        sa.ForeignKeyConstraint(["set_by"], ["staff.id"], name=op.f("fk_answer_rule_set_by")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_answer_rule")),
    )


def downgrade() -> None:
    op.drop_table("answer_rule")
    op.drop_index(op.f("ix_draft_collaboration_id_standing"), table_name="draft")
    op.drop_table("draft")
