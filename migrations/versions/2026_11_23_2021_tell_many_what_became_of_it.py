"""Keep what all who have an answer to a theme are told since, and who of them was told already.

Why: What was promised to many is done one day, and each of them hears of it, once, without anybody writing it a thousand times.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_2021"
down_revision = "2026_11_23_2020"

UNTOLD = sa.text("told_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "theme_news",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.Column("told_to", sa.Uuid(), nullable=True),
        sa.Column("told_at", column_types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_theme_news_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "answer_id"],
            ["theme_answer.collaboration_id", "theme_answer.id"],
            name=op.f("fk_theme_news_collaboration_id_answer_id"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_theme_news_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_theme_news")),
    )
    op.create_index(op.f("ix_theme_news_collaboration_id_answer_id"), "theme_news", ["collaboration_id", "answer_id"])
    op.create_index("ix_theme_news_untold", "theme_news", ["at"], sqlite_where=UNTOLD, postgresql_where=UNTOLD)


def downgrade() -> None:
    op.drop_index("ix_theme_news_untold", table_name="theme_news")
    op.drop_index(op.f("ix_theme_news_collaboration_id_answer_id"), table_name="theme_news")
    op.drop_table("theme_news")
