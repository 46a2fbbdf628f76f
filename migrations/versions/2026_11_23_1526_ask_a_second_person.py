"""Ask a second person before anything is copied out or erased.

Why: An erasure could hide what somebody complained of; so nobody does it alone, and who asked and agreed stays readable.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1526"
down_revision = "2026_11_23_1507"


def upgrade() -> None:
    op.create_table(
        "subject_request",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wish", column_types.words("wish", "copy", "erasure"), nullable=False),
        sa.Column("subject", column_types.words("subject", "message", "story", "person"), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", column_types.Moment(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", column_types.Moment(), nullable=True),
        sa.CheckConstraint("(decided_at is null) = (agreed is null)", name=op.f("ck_subject_request_decision_dated")),
        sa.CheckConstraint("(decided_at is null) = (decided_by is null)", name=op.f("ck_subject_request_decision_signed")),
        sa.CheckConstraint("decided_by is null or decided_by <> asked_by", name=op.f("ck_subject_request_second_person")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_subject_request_collaboration_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_subject_request_asked_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_subject_request_decided_by")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_subject_request")),
    )
    op.create_index(op.f("ix_subject_request_collaboration_id_asked_at"), "subject_request", ["collaboration_id", "asked_at"])


def downgrade() -> None:
    op.drop_table("subject_request")
