"""Write down what webhooks are to be told.

Why: What happened is told after the commit, tried again when the receiver does not take it, and never lost or made up.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1701"
down_revision = "2026_11_23_1700"

EVENTS = (
    *("feedback.created", "feedback.updated", "reply.published", "promise.created", "promise.updated"),
    *("narrative.published", "narrative.updated", "observations.stored", "ping"),
)
WAITS = sa.text("standing = 'waiting'")


def of_a_webhook(table: str) -> tuple[sa.ForeignKeyConstraint, sa.ForeignKeyConstraint]:
    """Belongs to a collaboration, and to a webhook in it."""
    key = ["collaboration_id", "webhook_id"]
    return (
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f(f"fk_{table}_collaboration_id")),
        sa.ForeignKeyConstraint(key, ["webhook.collaboration_id", "webhook.id"], name=op.f(f"fk_{table}_collaboration_id_webhook_id")),
    )


def upgrade() -> None:
    op.create_table(
        "webhook_event",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("event", column_types.words("event", *EVENTS), nullable=False),
        *of_a_webhook("webhook_event"),
        sa.PrimaryKeyConstraint("collaboration_id", "webhook_id", "event", name=op.f("pk_webhook_event")),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("event", column_types.words("event", *EVENTS), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("happened_at", column_types.Moment(), nullable=False),
        sa.Column("standing", column_types.words("standing", "waiting", "delivered", "given_up"), nullable=False),
        sa.Column("due_at", column_types.Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", column_types.Moment(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("fault", sa.String(length=20), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        *of_a_webhook("webhook_delivery"),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_webhook_delivery")),
    )
    op.create_index(
        "ix_webhook_delivery_due", "webhook_delivery", ["webhook_id", "due_at", "id"], sqlite_where=WAITS, postgresql_where=WAITS
    )
    op.create_index(
        "ix_webhook_delivery_turn", "webhook_delivery", ["webhook_id", "subject_id", "id"], sqlite_where=WAITS, postgresql_where=WAITS
    )
    op.create_index(
        op.f("ix_webhook_delivery_collaboration_id_webhook_id_id"), "webhook_delivery", ["collaboration_id", "webhook_id", "id"]
    )
    op.create_index(op.f("ix_webhook_delivery_happened_at"), "webhook_delivery", ["happened_at"])


def downgrade() -> None:
    op.drop_table("webhook_delivery")
    op.drop_table("webhook_event")
