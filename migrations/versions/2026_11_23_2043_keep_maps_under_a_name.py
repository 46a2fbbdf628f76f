"""Keep maps under a name: how the columns of somebody's files are read, for the next time.

Why: The same file comes every quarter.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_2043"
down_revision = "2026_11_23_2042"


def upgrade() -> None:
    op.create_table(
        "intake_map",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("written", column_types.Json(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_intake_map_collaboration_id")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_intake_map_made_by")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_intake_map")),
        sa.UniqueConstraint("collaboration_id", "name", name=op.f("uq_intake_map_collaboration_id_name")),
    )


def downgrade() -> None:
    op.drop_table("intake_map")
