"""Take a photo back again that an older backup brings with it.

Why: Whoever sent photos can take one of them back while the words stay, and a restored copy must not show it again.
Safe for the running release: yes, it leaves no such tombstone.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_2033"
down_revision = "2026_11_23_2032"

BEFORE = ("message", "story", "contact", "person", "consent")
AFTER = (*BEFORE, "photo")


def tombstones(kinds: tuple[str, ...]) -> sa.Table:
    """The table of tombstones, for these kinds."""
    return sa.Table(
        "tombstone",
        sa.MetaData(),
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gone", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(length=30), nullable=False),
        sa.Column("actor_kind", sa.String(length=30), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.CheckConstraint(allowed(kinds), name="ck_tombstone_gone"),
        sa.CheckConstraint("why IN ('taken_back', 'erased', 'left')", name="ck_tombstone_why"),
        sa.CheckConstraint("actor_kind IN ('resident', 'staff', 'key', 'operator')", name="ck_tombstone_actorkind"),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name="pk_tombstone"),
        sa.UniqueConstraint("collaboration_id", "gone", "subject_id", name="uq_tombstone_collaboration_id_gone_subject_id"),
        sa.Index("ix_tombstone_at", "at"),
    )


def allowed(kinds: tuple[str, ...]) -> str:
    return f"gone IN ({', '.join(repr(kind) for kind in kinds)})"


def allow(before: tuple[str, ...], kinds: tuple[str, ...]) -> None:
    """Lets tombstones be of these kinds."""
    with op.batch_alter_table("tombstone", copy_from=tombstones(before)) as tombstone:
        tombstone.drop_constraint(op.f("ck_tombstone_gone"), type_="check")
        tombstone.create_check_constraint(op.f("ck_tombstone_gone"), sa.text(allowed(kinds)))


def upgrade() -> None:
    allow(BEFORE, AFTER)


def downgrade() -> None:
    op.execute("delete from tombstone where gone = 'photo'")
    allow(AFTER, BEFORE)
