"""Index words, so that messages, answers, stories and promises can be found by them.

Why: Searching in every row takes the longer the more is said. Words that are there already are taken up by `said migrate`, after this.
Safe for the running release: yes, it does not know this table; what it stores meanwhile is taken up when the next release starts.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "2026_11_23_1545"
down_revision = "2026_11_23_1540"

FTS5 = """
CREATE VIRTUAL TABLE search_words USING fts5(
    collaboration_id UNINDEXED, kind UNINDEXED, thing UNINDEXED, about UNINDEXED, words,
    tokenize = 'ascii', detail = 'none', columnsize = 0
)
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(FTS5)
        # What is taken back leaves the index at once, not when it is next put in order.
        op.execute("INSERT INTO search_words (search_words, rank) VALUES ('secure-delete', 1)")
        return
    op.create_table(
        "search_words",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("thing", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("words", TSVECTOR(), nullable=False),
    )
    op.create_index(op.f("ix_search_words_collaboration_id_about"), "search_words", ["collaboration_id", "about"])
    op.create_index(op.f("ix_search_words_words"), "search_words", ["words"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_table("search_words")
