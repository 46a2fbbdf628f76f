"""Let senders do without a code.

Why: Whoever shares a phone may not want anything on it that opens their message. It counts all the same.
Safe for the running release: yes, it gives every message a code, and would open one that has none until the new release runs.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1851"
down_revision = "2026_11_23_1850"


def upgrade() -> None:
    op.add_column("feedback", sa.Column("codeless_at", column_types.Moment(), nullable=True))


def downgrade() -> None:
    op.drop_column("feedback", "codeless_at")
