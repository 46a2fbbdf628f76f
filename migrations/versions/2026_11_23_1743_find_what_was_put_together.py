"""Find the messages that were put together with another.

Why: When a message is answered or taken back, those that say the same follow it; they are found without reading all the others.
Safe for the running release: yes.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_1743"
down_revision = "2026_11_23_1742"

MERGED = sa.text("merged_into_id is not null")


def upgrade() -> None:
    op.create_index("ix_feedback_merged", "feedback", ["collaboration_id", "merged_into_id"], sqlite_where=MERGED, postgresql_where=MERGED)


def downgrade() -> None:
    op.drop_index("ix_feedback_merged", table_name="feedback")
