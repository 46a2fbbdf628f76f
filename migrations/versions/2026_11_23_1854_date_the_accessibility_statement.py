"""Date the accessibility statement of a place.

Why: The regulations of 2018 want to know when somebody last looked at it.
Safe for the running release: yes, it does not know the column.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1854"
down_revision = "2026_11_23_1853"


def upgrade() -> None:
    op.add_column("collaboration", sa.Column("accessibility_on", column_types.Day(), nullable=True))


def downgrade() -> None:
    op.drop_column("collaboration", "accessibility_on")
