"""Create promises and their progress.

Why: A promise keeps its first wording; what became of it is a history that only grows.
Safe for the running release: yes, it does not know these tables.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_0935"
down_revision = "2026_11_23_0930"


def upgrade() -> None:
    op.create_table(
        "promise",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("side", column_types.words("side", "our_part", "your_part"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("maker_id", sa.Uuid(), nullable=True),
        sa.Column("owner", sa.String(length=200), nullable=True),
        sa.Column("made_on", column_types.Day(), nullable=True),
        sa.Column("due_on", column_types.Day(), nullable=True),
        sa.Column("review_by", column_types.Day(), nullable=True),
        sa.Column("kept_when", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=500), nullable=True),
        sa.Column("deal", sa.String(length=200), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("whole_place", sa.Boolean(), nullable=False),
        sa.Column(
            "standing",
            column_types.words(
                "standing",
                "draft",
                "proposed",
                "made",
                "under_way",
                "stalled",
                "claimed_kept",
                "kept",
                "partly_kept",
                "disputed",
                "broken",
                "changed",
                "released",
                "invited",
                "taken_up",
                "done",
                "let_go",
                "paused",
            ),
            nullable=False,
        ),
        sa.Column("claimed_on", column_types.Day(), nullable=True),
        sa.Column("settled_on", column_types.Day(), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.Column("community_agreed", sa.Boolean(), nullable=True),
        sa.Column("released_by", sa.String(length=200), nullable=True),
        sa.Column("released_on", column_types.Day(), nullable=True),
        sa.Column("origin", sa.String(length=80), nullable=True),
        sa.Column("ref", sa.String(length=120), nullable=True),
        sa.Column("added_at", column_types.Moment(), nullable=False),
        sa.Column("changed_at", column_types.Moment(), nullable=False),
        sa.CheckConstraint(
            "(side = 'our_part' and standing in ('draft', 'proposed', 'made', 'under_way', 'stalled', "
            "'claimed_kept', 'kept', 'partly_kept', 'disputed', 'broken', 'changed', 'released')) "
            "or (side = 'your_part' and standing in ('draft', 'invited', 'taken_up', 'done', 'let_go', 'paused'))",
            name=op.f("ck_promise_standing_of_side"),
        ),
        sa.CheckConstraint("side = 'your_part' or maker_id is not null", name=op.f("ck_promise_maker_named")),
        sa.CheckConstraint(
            "standing <> 'changed' or (successor_id is not null and community_agreed is not null)", name=op.f("ck_promise_change_explained")
        ),
        sa.CheckConstraint(
            "standing <> 'released' or (released_by is not null and released_on is not null)", name=op.f("ck_promise_release_recorded")
        ),
        sa.CheckConstraint("due_on is not null or review_by is not null", name=op.f("ck_promise_dated")),
        sa.CheckConstraint("not (whole_place and area_id is not null)", name=op.f("ck_promise_one_place")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "area_id"], ["area.collaboration_id", "area.id"], name=op.f("fk_promise_collaboration_id_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "maker_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_promise_collaboration_id_maker_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "successor_id"],
            ["promise.collaboration_id", "promise.id"],
            name=op.f("fk_promise_collaboration_id_successor_id"),
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_promise_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_promise")),
        sa.UniqueConstraint("collaboration_id", "origin", "ref", name=op.f("uq_promise_collaboration_id_origin_ref")),
    )
    op.create_index(op.f("ix_promise_collaboration_id_maker_id"), "promise", ["collaboration_id", "maker_id"], unique=False)
    op.create_index(
        op.f("ix_promise_collaboration_id_standing_due_on"), "promise", ["collaboration_id", "standing", "due_on"], unique=False
    )
    op.create_table(
        "progress",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("promise_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "asked_for",
            column_types.words(
                "asked_for",
                "draft",
                "proposed",
                "made",
                "under_way",
                "stalled",
                "claimed_kept",
                "kept",
                "partly_kept",
                "disputed",
                "broken",
                "changed",
                "released",
                "invited",
                "taken_up",
                "done",
                "let_go",
                "paused",
            ),
            nullable=True,
        ),
        sa.Column(
            "moved_from",
            column_types.words(
                "moved_from",
                "draft",
                "proposed",
                "made",
                "under_way",
                "stalled",
                "claimed_kept",
                "kept",
                "partly_kept",
                "disputed",
                "broken",
                "changed",
                "released",
                "invited",
                "taken_up",
                "done",
                "let_go",
                "paused",
            ),
            nullable=True,
        ),
        sa.Column(
            "moved_to",
            column_types.words(
                "moved_to",
                "draft",
                "proposed",
                "made",
                "under_way",
                "stalled",
                "claimed_kept",
                "kept",
                "partly_kept",
                "disputed",
                "broken",
                "changed",
                "released",
                "invited",
                "taken_up",
                "done",
                "let_go",
                "paused",
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("actor_kind", column_types.words("actorkind", "resident", "staff", "key", "operator"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "organisation_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_progress_collaboration_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "promise_id"],
            ["promise.collaboration_id", "promise.id"],
            name=op.f("fk_progress_collaboration_id_promise_id"),
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_progress_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_progress")),
        sa.UniqueConstraint("collaboration_id", "promise_id", "number", name=op.f("uq_progress_collaboration_id_promise_id_number")),
    )


def downgrade() -> None:
    op.drop_table("progress")
    op.drop_table("promise")
