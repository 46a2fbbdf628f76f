"""Register what gets in the way, what became of it, and which stories name it.

Why: A rule that stops somebody is seen by others, looked into, and found to be a real one or only a custom.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1440"
down_revision = "2026_11_23_1405"

KINDS = ("rule", "money", "data", "another_service", "not_sure")
FINDINGS = ("real_rule", "custom_not_rule", "unclear")
STANDINGS = ("reported", "looked_into", *FINDINGS, "worked_round", "escalated", "changed", "accepted")
RULES = ("statute", "regulation", "contract", "funding_term", "data_sharing", "local_policy")


def upgrade() -> None:
    op.create_table(
        "barrier",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", column_types.words("barrierkind", *KINDS), nullable=False),
        sa.Column("theme", sa.String(length=200), nullable=True),
        sa.Column("standing", column_types.words("standing", *STANDINGS), nullable=False),
        sa.Column("finding", column_types.words("finding", *FINDINGS), nullable=True),
        sa.Column("rule_kind", column_types.words("rulekind", *RULES), nullable=True),
        sa.Column("source", sa.String(length=500), nullable=True),
        sa.Column("changer", sa.String(length=200), nullable=True),
        sa.Column("workaround", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("reported_at", column_types.Moment(), nullable=False),
        sa.Column("changed_at", column_types.Moment(), nullable=False),
        sa.CheckConstraint("standing = 'reported' or theme is not null", name=op.f("ck_barrier_named")),
        sa.CheckConstraint("standing in ('reported', 'looked_into') or finding is not null", name=op.f("ck_barrier_found_out")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_barrier_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "organisation_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_barrier_collaboration_id_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_barrier")),
    )
    op.create_index(op.f("ix_barrier_collaboration_id_standing"), "barrier", ["collaboration_id", "standing"])
    op.create_table(
        "barrier_move",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("barrier_id", sa.Uuid(), nullable=False),
        sa.Column("standing", column_types.words("standing", *STANDINGS), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_barrier_move_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "barrier_id"],
            ["barrier.collaboration_id", "barrier.id"],
            name=op.f("fk_barrier_move_collaboration_id_barrier_id"),
        ),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_barrier_move")),
    )
    op.create_index(op.f("ix_barrier_move_collaboration_id_barrier_id"), "barrier_move", ["collaboration_id", "barrier_id"])
    op.create_table(
        "barrier_story",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("narrative_id", sa.Uuid(), nullable=False),
        sa.Column("barrier_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_barrier_story_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "narrative_id"],
            ["narrative.collaboration_id", "narrative.id"],
            name=op.f("fk_barrier_story_collaboration_id_narrative_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "barrier_id"],
            ["barrier.collaboration_id", "barrier.id"],
            name=op.f("fk_barrier_story_collaboration_id_barrier_id"),
        ),
        sa.PrimaryKeyConstraint("collaboration_id", "narrative_id", name=op.f("pk_barrier_story")),
    )
    op.create_index(op.f("ix_barrier_story_collaboration_id_barrier_id"), "barrier_story", ["collaboration_id", "barrier_id"])


def downgrade() -> None:
    op.drop_table("barrier_story")
    op.drop_table("barrier_move")
    op.drop_table("barrier")
