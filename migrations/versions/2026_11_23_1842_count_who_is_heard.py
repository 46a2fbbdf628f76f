"""Count who is heard: sums of what people say about themselves, with no row for anybody.

Why: Without asking nobody knows who is not heard; asked with the words, an answer would tell who said them.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1842"
down_revision = "2026_11_23_1840"

QUESTIONS = ("age", "sex", "ethnicity", "disability", "caring", "language")


def upgrade() -> None:
    op.create_table(
        "equality_count",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("question", column_types.words("question", *QUESTIONS), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_equality_count_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "month", "question", "answer", name=op.f("pk_equality_count")),
    )
    op.create_table(
        "equality_turn",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("turn_hash", sa.String(length=64), nullable=False),
        sa.Column("month_began_at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_equality_turn_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "turn_hash", name=op.f("pk_equality_turn")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("equality_turn")
    op.drop_table("equality_count")
