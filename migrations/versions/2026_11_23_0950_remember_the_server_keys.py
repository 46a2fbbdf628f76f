"""Remember the server keys.

Why: A service that starts with another one's key files, or with none, must notice before it gives codes that open nothing.
Safe for the running release: yes, it does not know this table.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_0950"
down_revision = "2026_11_23_0940"


def upgrade() -> None:
    op.create_table(
        "server_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("first_used_at", column_types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_key")),
        sa.UniqueConstraint("version", name=op.f("uq_server_key_version")),
    )


def downgrade() -> None:
    op.drop_table("server_key")
