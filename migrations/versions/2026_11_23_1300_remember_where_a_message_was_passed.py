"""Remember to which organisation a message was passed on, and when it came back.

Why: Whoever wrote it reads on its trail who has it now, and who had it before.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1300"
down_revision = "2026_11_23_1200"


def upgrade() -> None:
    op.create_table(
        "passing",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_passing_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name=op.f("fk_passing_collaboration_id_feedback_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "organisation_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_passing_collaboration_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_passing_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_passing")),
    )
    op.create_index(op.f("ix_passing_collaboration_id_feedback_id"), "passing", ["collaboration_id", "feedback_id"])


def downgrade() -> None:
    op.drop_table("passing")
