"""Retire areas and topics.

Why: An area or a topic that is used no more is offered to nobody, and what was said about it stays.
Safe for the running release: yes, it knows nothing of the new columns, and empty is "not retired".
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1600"
down_revision = "2026_11_23_1545"


def upgrade() -> None:
    op.add_column("area", sa.Column("retired_on", column_types.Day(), nullable=True))
    op.add_column("topic", sa.Column("retired_on", column_types.Day(), nullable=True))


def downgrade() -> None:
    op.drop_column("topic", "retired_on")
    op.drop_column("area", "retired_on")
