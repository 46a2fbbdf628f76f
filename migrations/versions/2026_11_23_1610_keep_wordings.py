"""Keep wordings.

Why: What a place answers often is written once, and whoever answers begins with it.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1610"
down_revision = "2026_11_23_1550"

OUTCOMES = ("done", "will_do", "already_doing", "cannot_do", "passed_on", "need_more", "thank_you")


def upgrade() -> None:
    op.create_table(
        "wording",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("outcome", column_types.words("outcome", *OUTCOMES), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=True),
        sa.Column("body", sa.String(length=5_000), nullable=False),
        sa.Column("reason", sa.String(length=1_000), nullable=True),
        sa.Column("changed_at", column_types.Moment(), nullable=False),
        sa.Column("retired_at", column_types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_wording_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_wording")),
        sa.UniqueConstraint("collaboration_id", "name", name=op.f("uq_wording_collaboration_id_name")),
    )


def downgrade() -> None:
    op.drop_table("wording")
