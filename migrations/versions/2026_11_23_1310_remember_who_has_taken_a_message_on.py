"""Remember which member of staff has taken a message on.

Why: Two people do not answer the same message, and nobody thinks that somebody else does.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1310"
down_revision = "2026_11_23_1300"


def upgrade() -> None:
    op.create_table(
        "assignment",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_assignment_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name=op.f("fk_assignment_collaboration_id_feedback_id"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_assignment_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "feedback_id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_collaboration_id_staff_id"), "assignment", ["collaboration_id", "staff_id"])


def downgrade() -> None:
    op.drop_table("assignment")
