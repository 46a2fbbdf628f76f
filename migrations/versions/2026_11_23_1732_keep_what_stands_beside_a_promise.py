"""Keep the milestones of promises, and which indicators, stories and messages stand beside them.

Why: On the way to a day that is far off there are steps to see, and behind a promise there are words and numbers.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1732"
down_revision = "2026_11_23_1731"

ONE_THING = (
    "(indicator_id is not null and narrative_id is null and feedback_id is null)"
    " or (indicator_id is null and narrative_id is not null and feedback_id is null)"
    " or (indicator_id is null and narrative_id is null and feedback_id is not null)"
)


def _same(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_collaboration_id_{column}")
    return sa.ForeignKeyConstraint(["collaboration_id", column], [f"{of}.collaboration_id", f"{of}.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "milestone",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("promise_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("due_on", column_types.Day(), nullable=False),
        sa.Column("done_on", column_types.Day(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("added_at", column_types.Moment(), nullable=False),
        sa.CheckConstraint("done_on is null or note is not null", name=op.f("ck_milestone_done_explained")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_milestone_collaboration_id")),
        _same("milestone", "promise_id", "promise"),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_milestone")),
    )
    op.create_index(op.f("ix_milestone_collaboration_id_promise_id_due_on"), "milestone", ["collaboration_id", "promise_id", "due_on"])
    op.create_table(
        "promise_link",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("promise_id", sa.Uuid(), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=True),
        sa.Column("narrative_id", sa.Uuid(), nullable=True),
        sa.Column("feedback_id", sa.Uuid(), nullable=True),
        sa.Column("added_at", column_types.Moment(), nullable=False),
        sa.CheckConstraint(ONE_THING, name=op.f("ck_promise_link_one_thing")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_promise_link_collaboration_id")),
        _same("promise_link", "promise_id", "promise"),
        _same("promise_link", "indicator_id", "indicator"),
        _same("promise_link", "narrative_id", "narrative"),
        _same("promise_link", "feedback_id", "feedback"),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_promise_link")),
        *(
            sa.UniqueConstraint("collaboration_id", "promise_id", thing, name=op.f(f"uq_promise_link_collaboration_id_promise_id_{thing}"))
            for thing in ("indicator_id", "narrative_id", "feedback_id")
        ),
    )
    op.create_index(op.f("ix_promise_link_collaboration_id_feedback_id"), "promise_link", ["collaboration_id", "feedback_id"])
    op.create_index(op.f("ix_promise_link_collaboration_id_narrative_id"), "promise_link", ["collaboration_id", "narrative_id"])


def downgrade() -> None:
    op.drop_table("promise_link")
    op.drop_table("milestone")
