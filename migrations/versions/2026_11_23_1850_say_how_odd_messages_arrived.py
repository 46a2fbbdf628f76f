"""Say what was odd about how a message arrived.

Why: Forms that a program filled in, or very many messages from one address, are looked at before they are shown. Nothing is refused.
Safe for the running release: yes, it holds for none of these reasons, and reads no signs.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1850"
down_revision = "2026_11_23_1842"

BEFORE = ("words", "links", "person")
AFTER = (*BEFORE, "signs")
SEVERITIES = ("none", "odd", "third_party", "risk", "urgent")


def holds(causes: tuple[str, ...], *more: sa.schema.SchemaItem) -> sa.Table:
    """The table of holds, for these causes."""
    one_each = []
    for column in ("feedback_id", "narrative_id"):
        still = sa.text(f"looked_at IS NULL AND {column} IS NOT NULL")
        one_each.append(sa.Index(f"uq_hold_{column}", "collaboration_id", column, unique=True, sqlite_where=still, postgresql_where=still))
    severities = ", ".join(repr(severity) for severity in SEVERITIES)
    return sa.Table(
        "hold",
        sa.MetaData(),
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=True),
        sa.Column("narrative_id", sa.Uuid(), nullable=True),
        sa.Column("severity", sa.String(length=30), nullable=False),
        sa.Column("cause", sa.String(length=30), nullable=False),
        sa.Column("made_at", column_types.Moment(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("looked_at", column_types.Moment(), nullable=True),
        sa.Column("looked_by", sa.Uuid(), nullable=True),
        *more,
        sa.CheckConstraint(f"severity IN ({severities})", name="ck_hold_severity"),
        sa.CheckConstraint(allowed(causes), name="ck_hold_cause"),
        sa.CheckConstraint("(feedback_id is null) <> (narrative_id is null)", name="ck_hold_one_subject"),
        sa.CheckConstraint("(looked_at is null) = (looked_by is null)", name="ck_hold_looked_by_somebody"),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name="fk_hold_collaboration_id"),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name="fk_hold_collaboration_id_feedback_id",
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "narrative_id"],
            ["narrative.collaboration_id", "narrative.id"],
            name="fk_hold_collaboration_id_narrative_id",
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_hold_made_by"),
        sa.ForeignKeyConstraint(["looked_by"], ["staff.id"], name="fk_hold_looked_by"),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name="pk_hold"),
        sa.Index("ix_hold_collaboration_id_made_at", "collaboration_id", "made_at"),
        *one_each,
    )


def allowed(causes: tuple[str, ...]) -> str:
    return f"cause IN ({', '.join(repr(cause) for cause in causes)})"


def upgrade() -> None:
    with op.batch_alter_table("hold", copy_from=holds(BEFORE)) as hold:
        hold.add_column(sa.Column("signs", sa.String(length=80), nullable=True))
        hold.drop_constraint(op.f("ck_hold_cause"), type_="check")
        hold.create_check_constraint(op.f("ck_hold_cause"), sa.text(allowed(AFTER)))


def downgrade() -> None:
    op.execute("update hold set cause = 'words' where cause = 'signs'")
    with op.batch_alter_table("hold", copy_from=holds(AFTER, sa.Column("signs", sa.String(length=80), nullable=True))) as hold:
        hold.drop_constraint(op.f("ck_hold_cause"), type_="check")
        hold.create_check_constraint(op.f("ck_hold_cause"), sa.text(allowed(BEFORE)))
        hold.drop_column("signs")
