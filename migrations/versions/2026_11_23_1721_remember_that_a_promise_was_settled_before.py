"""Remember that a promise was settled before.

Why: One that was said to be not done, or had been kept, and is taken up again before it is due, would leave the count of what fell due.
Safe for the running release: yes, the column may stay empty.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1721"
down_revision = "2026_11_23_1720"


def upgrade() -> None:
    op.add_column("promise", sa.Column("first_settled_on", column_types.Day(), nullable=True))


def downgrade() -> None:
    op.drop_column("promise", "first_settled_on")
