"""Remember which roles were only stopped.

Why: Somebody who is let back gets the roles that they had, and no others.
Safe for the running release: yes, a stopped role has ended, which it understands.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1401"
down_revision = "2026_11_23_1400"


def upgrade() -> None:
    op.add_column("staff_role", sa.Column("stopped_at", column_types.Moment(), nullable=True))


def downgrade() -> None:
    op.drop_column("staff_role", "stopped_at")
