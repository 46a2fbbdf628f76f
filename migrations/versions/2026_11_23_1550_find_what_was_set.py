"""Find in the journal what was set and who was invited.

Why: Administrators read who changed what; the work of every day, which is most of the journal, is left out of this index.
Safe for the running release: yes, an index more.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_1550"
down_revision = "2026_11_23_1526"

SELDOM = "subject not in ('feedback', 'narrative', 'promise', 'observation')"


def upgrade() -> None:
    op.create_index(
        op.f("ix_journal_entry_collaboration_id_at"),
        "journal_entry",
        ["collaboration_id", "at"],
        unique=False,
        sqlite_where=sa.text(SELDOM),
        postgresql_where=sa.text(SELDOM),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_journal_entry_collaboration_id_at"), table_name="journal_entry")
