"""Name helplines of a place.

Why: Whom to ring besides 999 differs from place to place, and was the same for all.
Safe for the running release: yes, it names the numbers for the whole country, as before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_2034"
down_revision = "2026_11_23_2033"


def upgrade() -> None:
    op.add_column("collaboration", sa.Column("helplines", column_types.Json(), nullable=True))


def downgrade() -> None:
    op.drop_column("collaboration", "helplines")
