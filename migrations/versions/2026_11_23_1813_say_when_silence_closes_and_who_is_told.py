"""Say when silence closes a loop, and when those who answer for the place are told that an answer is far too late.

Why: Both are numbers by which a place works, and have a day, a reason and a history as the others have.
Safe for the running release: yes, it sets neither; what was set is forgotten when it goes back.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1813"
down_revision = "2026_11_23_1812"

BEFORE = ("answer_within", "counted_after", "quiet_after", "fewest_shown", "fewest_people", "yes_holds")
AFTER = (*BEFORE, "too_late_after", "uncontested_after")


def changes(thresholds: tuple[str, ...]) -> sa.Table:
    """The table of changes, of these thresholds."""
    return sa.Table(
        "threshold_change",
        sa.MetaData(),
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("threshold", sa.String(length=30), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("since", column_types.Day(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", column_types.Moment(), nullable=False),
        sa.CheckConstraint(allowed(thresholds), name="ck_threshold_change_threshold"),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name="fk_threshold_change_collaboration_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_threshold_change_staff_id"),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name="pk_threshold_change"),
        sa.UniqueConstraint("collaboration_id", "threshold", "since", name="uq_threshold_change_collaboration_id_threshold_since"),
    )


def allowed(thresholds: tuple[str, ...]) -> str:
    return f"threshold IN ({', '.join(repr(threshold) for threshold in thresholds)})"


def allow(before: tuple[str, ...], thresholds: tuple[str, ...]) -> None:
    """Lets these thresholds be set."""
    with op.batch_alter_table("threshold_change", copy_from=changes(before)) as change:
        change.drop_constraint(op.f("ck_threshold_change_threshold"), type_="check")
        change.create_check_constraint(op.f("ck_threshold_change_threshold"), sa.text(allowed(thresholds)))


def upgrade() -> None:
    allow(BEFORE, AFTER)


def downgrade() -> None:
    op.execute("delete from threshold_change where threshold in ('too_late_after', 'uncontested_after')")
    allow(AFTER, BEFORE)
