"""Hold words until somebody has looked, by rules of a place or by hand; and know messages that say the same.

Why: What is odd, names somebody or may harm is not shown by mistake, and a flood of copies is one line in a list.
Safe for the running release: yes, nothing used these tables before, and it does not know the new column.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1504"
down_revision = "2026_11_23_1503"

SEVERITIES = ("none", "odd", "third_party", "risk", "urgent")


def upgrade() -> None:
    op.create_table(
        "hold",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=True),
        sa.Column("narrative_id", sa.Uuid(), nullable=True),
        sa.Column("severity", column_types.words("severity", *SEVERITIES), nullable=False),
        sa.Column("cause", column_types.words("cause", "words", "links", "person"), nullable=False),
        sa.Column("made_at", column_types.Moment(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("looked_at", column_types.Moment(), nullable=True),
        sa.Column("looked_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(feedback_id is null) <> (narrative_id is null)", name=op.f("ck_hold_one_subject")),
        sa.CheckConstraint("(looked_at is null) = (looked_by is null)", name=op.f("ck_hold_looked_by_somebody")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_hold_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name=op.f("fk_hold_collaboration_id_feedback_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "narrative_id"],
            ["narrative.collaboration_id", "narrative.id"],
            name=op.f("fk_hold_collaboration_id_narrative_id"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_hold_made_by")),
        sa.ForeignKeyConstraint(["looked_by"], ["staff.id"], name=op.f("fk_hold_looked_by")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_hold")),
    )
    op.create_index(op.f("ix_hold_collaboration_id_made_at"), "hold", ["collaboration_id", "made_at"])
    for column in ("feedback_id", "narrative_id"):
        still = sa.text(f"looked_at IS NULL AND {column} IS NOT NULL")
        name = op.f(f"uq_hold_{column}")
        op.create_index(name, "hold", ["collaboration_id", column], unique=True, sqlite_where=still, postgresql_where=still)
    op.create_table(
        "hold_rule",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phrase", sa.String(length=80), nullable=False),
        sa.Column("severity", column_types.words("severity", *SEVERITIES), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", column_types.Moment(), nullable=False),
        sa.Column("ended_at", column_types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_hold_rule_collaboration_id")),
        sa.ForeignKeyConstraint(["added_by"], ["staff.id"], name=op.f("fk_hold_rule_added_by")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_hold_rule")),
    )
    op.add_column("feedback", sa.Column("likeness", sa.String(length=16), nullable=True))
    op.create_index(op.f("ix_feedback_collaboration_id_likeness"), "feedback", ["collaboration_id", "likeness"])


def downgrade() -> None:
    op.drop_index(op.f("ix_feedback_collaboration_id_likeness"), "feedback")
    op.drop_column("feedback", "likeness")
    op.drop_table("hold_rule")
    op.drop_table("hold")
