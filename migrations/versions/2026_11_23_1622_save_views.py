"""Save views of the inbox.

Why: Somebody who looks at the same list every morning keeps it under a name, for themselves or for all staff, and may begin with it.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1622"
down_revision = "2026_11_23_1620"

CODES = ("part", "topic", "area", "organisation", "kind", "whose")


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        *(sa.Column(name, sa.String(length=40), nullable=False) for name in CODES),
        sa.Column("made_at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_saved_view_collaboration_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_saved_view_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_saved_view")),
    )
    op.create_index(op.f("ix_saved_view_collaboration_id_staff_id"), "saved_view", ["collaboration_id", "staff_id"])
    op.create_table(
        "start_view",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("view_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_start_view_collaboration_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_start_view_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "staff_id", name=op.f("pk_start_view")),
    )


def downgrade() -> None:
    op.drop_table("start_view")
    op.drop_index(op.f("ix_saved_view_collaboration_id_staff_id"), table_name="saved_view")
    op.drop_table("saved_view")
