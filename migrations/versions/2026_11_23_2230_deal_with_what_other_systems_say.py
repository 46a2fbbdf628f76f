"""Remember when somebody dealt with what another system says of a message.

Why: What another system says waits in the inbox until whoever sent the message was told something, or somebody puts it away.
Safe for the running release: yes, the column may be empty.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_2230"
down_revision = "2026_11_23_2100"

WAITS = sa.text("dealt_at is null")


def upgrade() -> None:
    op.add_column("outside_note", sa.Column("dealt_at", column_types.Moment(), nullable=True))
    op.create_index(
        "ix_outside_note_waiting", "outside_note", ["collaboration_id", "feedback_id"], sqlite_where=WAITS, postgresql_where=WAITS
    )


def downgrade() -> None:
    op.drop_index("ix_outside_note_waiting", table_name="outside_note")
    op.drop_column("outside_note", "dealt_at")
