"""Remember when the periods were carried out.

Why: It happens once a day, whichever server process does it, and people can see that it does.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1523"
down_revision = "2026_11_23_1522"


def upgrade() -> None:
    op.create_table(
        "retention_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("began_at", column_types.Moment(), nullable=False),
        sa.Column("ended_at", column_types.Moment(), nullable=True),
        sa.Column("counts", column_types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    op.create_index(op.f("ix_retention_run_began_at"), "retention_run", ["began_at"])


def downgrade() -> None:
    op.drop_table("retention_run")
