"""Remember the week in which a message was first public.

Why: Words that were withheld and are shown again keep their place in the public list; meanwhile `published_on` is empty.
Safe for the running release: yes, it does not know this column.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1100"
down_revision = "2026_11_23_1030"


def upgrade() -> None:
    op.add_column("feedback", sa.Column("first_published_on", column_types.Day(), nullable=True))


def downgrade() -> None:
    op.drop_column("feedback", "first_published_on")
