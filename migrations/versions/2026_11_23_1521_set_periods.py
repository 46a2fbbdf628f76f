"""Remember how long a place keeps words and contacts.

Why: A period is a promise to residents: who changed it, when and why stays readable.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1521"
down_revision = "2026_11_23_1520"


def upgrade() -> None:
    op.create_table(
        "retention_period",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("settable", column_types.words("settable", "unshared_words", "contacts"), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("set_at", column_types.Moment(), nullable=False),
        sa.CheckConstraint("months > 0", name=op.f("ck_retention_period_months")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_retention_period_collaboration_id")),
        sa.ForeignKeyConstraint(["set_by"], ["staff.id"], name=op.f("fk_retention_period_set_by")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_retention_period")),
    )
    op.create_index(
        op.f("ix_retention_period_collaboration_id_settable_set_at"), "retention_period", ["collaboration_id", "settable", "set_at"]
    )


def downgrade() -> None:
    op.drop_table("retention_period")
