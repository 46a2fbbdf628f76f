"""Keep who read what.

Why: Whoever opens how a sender may be reached, or words that were hidden, leaves a row that says so.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1540"
down_revision = "2026_11_23_1320"


def upgrade() -> None:
    op.create_table(
        "audit_reading",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "what", column_types.words("what", "contact", "original", "sensitive", "subject_search", "subject_export"), nullable=False
        ),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(length=300), nullable=True),
        sa.Column("actor_kind", column_types.words("actorkind", "resident", "staff", "key", "operator"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.CheckConstraint("what in ('contact', 'sensitive') or why is not null", name=op.f("ck_audit_reading_reason_given")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_audit_reading")),
    )


def downgrade() -> None:
    op.drop_table("audit_reading")
