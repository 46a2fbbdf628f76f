"""Leave a tombstone for what was taken out for good.

Why: What somebody took back must be taken out again when an older backup is put in place. What was taken back before this release
has none: `withdrawn_at` of the rows is copied here.
Safe for the running release: yes, it writes no tombstones; what it takes back meanwhile is not in the ledger.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1520"
down_revision = "2026_11_23_1600"


def upgrade() -> None:
    op.create_table(
        "tombstone",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gone", column_types.words("gone", "message", "story", "contact", "person"), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("why", column_types.words("why", "taken_back", "erased", "left"), nullable=False),
        sa.Column("actor_kind", column_types.words("actorkind", "resident", "staff", "key", "operator"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_tombstone")),
        sa.UniqueConstraint("collaboration_id", "gone", "subject_id", name=op.f("uq_tombstone_collaboration_id_gone_subject_id")),
    )
    op.create_index(op.f("ix_tombstone_at"), "tombstone", ["at"])
    op.execute(
        "insert into tombstone (collaboration_id, id, gone, subject_id, why, actor_kind, at) "
        "select collaboration_id, id, 'message', id, 'taken_back', 'resident', withdrawn_at from feedback where withdrawn_at is not null"
    )
    op.execute(
        "insert into tombstone (collaboration_id, id, gone, subject_id, why, actor_kind, at) "
        "select collaboration_id, id, 'story', id, 'taken_back', 'staff', withdrawn_at from narrative where withdrawn_at is not null"
    )


def downgrade() -> None:
    op.drop_table("tombstone")
