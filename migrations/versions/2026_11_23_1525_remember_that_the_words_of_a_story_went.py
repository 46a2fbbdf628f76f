"""Remember that the words of a story went because their time was over.

Why: Its page then says so, instead of showing a story without words.
Safe for the running release: yes, it does not know this column.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1525"
down_revision = "2026_11_23_1524"


def upgrade() -> None:
    op.add_column("narrative", sa.Column("words_removed_at", column_types.Moment(), nullable=True))


def downgrade() -> None:
    op.drop_column("narrative", "words_removed_at")
