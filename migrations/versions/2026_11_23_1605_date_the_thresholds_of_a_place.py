"""Date the thresholds of a place.

Why: A place may set how soon it means to answer, when a message counts, when a member has gone quiet and below what number a split
hides. Each change keeps its first day, its reason and who made it, and figures use the value of the day asked for.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1605"
down_revision = "2026_11_23_1525"

THRESHOLDS = ("answer_within", "counted_after", "quiet_after", "fewest_shown")


def upgrade() -> None:
    op.create_table(
        "threshold_change",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("threshold", column_types.words("threshold", *THRESHOLDS), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("since", column_types.Day(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_threshold_change_collaboration_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_threshold_change_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_threshold_change")),
        sa.UniqueConstraint("collaboration_id", "threshold", "since", name=op.f("uq_threshold_change_collaboration_id_threshold_since")),
    )


def downgrade() -> None:
    op.drop_table("threshold_change")
