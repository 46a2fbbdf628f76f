"""Keep concerns apart from everything else, with each step that somebody takes with one.

Why: What may harm somebody, or says that a worker did, is read by few, and who read it and what they did is kept.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1501"
down_revision = "2026_11_23_1500"

STEPS = ("raised", "asked", "alarmed", "taken", "opened", "noted", "set_apart", "closed")
ENDINGS = ("passed_on", "looked_after", "nothing_found")


def upgrade() -> None:
    op.create_table(
        "concern",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=True),
        sa.Column("narrative_id", sa.Uuid(), nullable=True),
        sa.Column("lane", column_types.words("lane", "safeguarding", "allegation"), nullable=False),
        sa.Column("about_staff_id", sa.Uuid(), nullable=True),
        sa.Column("raised_at", column_types.Moment(), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=True),
        sa.Column("state_before", sa.String(length=30), nullable=True),
        sa.Column("publication_before", sa.String(length=30), nullable=True),
        sa.Column("ask_at", column_types.Moment(), nullable=False),
        sa.Column("taken_at", column_types.Moment(), nullable=True),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", column_types.Moment(), nullable=True),
        sa.Column("ending", column_types.words("ending", *ENDINGS), nullable=True),
        sa.CheckConstraint("(feedback_id is null) <> (narrative_id is null)", name=op.f("ck_concern_one_subject")),
        sa.CheckConstraint("(taken_at is null) = (taken_by is null)", name=op.f("ck_concern_taken_by_somebody")),
        sa.CheckConstraint("(closed_at is null) = (ending is null)", name=op.f("ck_concern_closed_with_an_ending")),
        sa.CheckConstraint("closed_at is null or taken_at is not null", name=op.f("ck_concern_closed_after_taken")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_concern_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name=op.f("fk_concern_collaboration_id_feedback_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "narrative_id"],
            ["narrative.collaboration_id", "narrative.id"],
            name=op.f("fk_concern_collaboration_id_narrative_id"),
        ),
        sa.ForeignKeyConstraint(["about_staff_id"], ["staff.id"], name=op.f("fk_concern_about_staff_id")),
        sa.ForeignKeyConstraint(["raised_by"], ["staff.id"], name=op.f("fk_concern_raised_by")),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name=op.f("fk_concern_taken_by")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_concern")),
    )
    op.create_index(op.f("ix_concern_collaboration_id_raised_at"), "concern", ["collaboration_id", "raised_at"])
    waiting = sa.text("taken_at IS NULL")
    op.create_index(op.f("ix_concern_ask_at"), "concern", ["ask_at"], sqlite_where=waiting, postgresql_where=waiting)
    for column in ("feedback_id", "narrative_id"):
        still = sa.text(f"closed_at IS NULL AND {column} IS NOT NULL")
        name = op.f(f"uq_concern_open_{column}")
        op.create_index(name, "concern", ["collaboration_id", column], unique=True, sqlite_where=still, postgresql_where=still)
    op.create_table(
        "concern_step",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("did", column_types.words("did", *STEPS), nullable=False),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("asked_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_concern_step_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "concern_id"],
            ["concern.collaboration_id", "concern.id"],
            name=op.f("fk_concern_step_collaboration_id_concern_id"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_concern_step_staff_id")),
        sa.ForeignKeyConstraint(["asked_id"], ["staff.id"], name=op.f("fk_concern_step_asked_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_concern_step")),
    )
    op.create_index(op.f("ix_concern_step_collaboration_id_concern_id"), "concern_step", ["collaboration_id", "concern_id"])
    op.create_index(op.f("ix_concern_step_collaboration_id_staff_id"), "concern_step", ["collaboration_id", "staff_id"])


def downgrade() -> None:
    op.drop_table("concern_step")
    op.drop_table("concern")
