"""Note who gets an answer to a theme before they have it, so that it is given in steps, each once.

Why: Thousands may tell of the same thing. Nobody holds everybody else up while all of them are answered, and none is left out.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_2020"
down_revision = "2026_11_23_2010"

ON_ITS_WAY = sa.text("came IS NULL")


def names(column: str, other: str) -> sa.ForeignKeyConstraint:
    """`column` names a row of another table in the same collaboration."""
    name = op.f(f"fk_theme_giving_collaboration_id_{column}")
    return sa.ForeignKeyConstraint(["collaboration_id", column], [f"{other}.collaboration_id", f"{other}.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "theme_giving",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", column_types.Moment(), nullable=False),
        sa.Column("came", column_types.words("came", "done", "proposed", "answered", "not_yours"), nullable=True),
        sa.Column("reply_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_theme_giving_asked_by")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_theme_giving_collaboration_id")),
        names("answer_id", "theme_answer"),
        names("feedback_id", "feedback"),
        names("reply_id", "reply"),
        sa.PrimaryKeyConstraint("collaboration_id", "answer_id", "feedback_id", name=op.f("pk_theme_giving")),
    )
    op.create_index(op.f("ix_theme_giving_collaboration_id_feedback_id"), "theme_giving", ["collaboration_id", "feedback_id"])
    op.create_index(op.f("ix_theme_giving_collaboration_id_reply_id"), "theme_giving", ["collaboration_id", "reply_id"])
    op.create_index("ix_theme_giving_on_its_way", "theme_giving", ["asked_at"], sqlite_where=ON_ITS_WAY, postgresql_where=ON_ITS_WAY)


def downgrade() -> None:
    op.drop_index("ix_theme_giving_on_its_way", table_name="theme_giving")
    op.drop_index(op.f("ix_theme_giving_collaboration_id_reply_id"), table_name="theme_giving")
    op.drop_index(op.f("ix_theme_giving_collaboration_id_feedback_id"), table_name="theme_giving")
    op.drop_table("theme_giving")
