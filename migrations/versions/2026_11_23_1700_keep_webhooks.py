"""Keep webhooks.

Why: Programs outside are told when something happens, and need not ask again and again.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1700"
down_revision = "2026_11_23_1610"


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("events", column_types.Json(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("former", sa.Text(), nullable=True),
        sa.Column("former_until", column_types.Moment(), nullable=True),
        sa.Column("given_up", sa.Integer(), nullable=False),
        sa.Column("off_at", column_types.Moment(), nullable=True),
        sa.Column("off_why", column_types.words("off", "paused", "gone", "failing"), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", column_types.Moment(), nullable=False),
        sa.CheckConstraint("(off_at is null) = (off_why is null)", name=op.f("ck_webhook_off_explained")),
        sa.CheckConstraint("(former is null) = (former_until is null)", name=op.f("ck_webhook_former_ends")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_webhook_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "organisation_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_webhook_collaboration_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_webhook_made_by")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_webhook")),
    )


def downgrade() -> None:
    op.drop_table("webhook")
