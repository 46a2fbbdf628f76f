"""Sessions remember that their person has shown twice who they are.

Why: Administrators need two proofs; a session with one leads only to the page on which the second is given.
Safe for the running release: yes, it does not know this column.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1403"
down_revision = "2026_11_23_1402"


def upgrade() -> None:
    op.add_column("staff_session", sa.Column("proven_at", column_types.Moment(), nullable=True))


def downgrade() -> None:
    op.drop_column("staff_session", "proven_at")
