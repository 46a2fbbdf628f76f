"""Answer with small things that will be done, beside promises.

Why: Not all that a team will do is a promise that everybody follows; it has a day all the same, and who asked is told when it is done.
Safe for the running release: yes, it does not know this column and answers with promises only.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1812"
down_revision = "2026_11_23_1811"

RULE = "ck_reply_will_do_is_a_promise"
BEFORE = "(outcome = 'will_do') = (promise_id is not null)"
AFTER = "(outcome = 'will_do') = (promise_id is not null or task_due_on is not null)"
ONE = "promise_id is null or task_due_on is null"


def upgrade() -> None:
    with op.batch_alter_table("reply") as reply:
        reply.add_column(sa.Column("task_due_on", column_types.Day(), nullable=True))
        reply.drop_constraint(op.f(RULE), type_="check")
        reply.create_check_constraint(op.f("ck_reply_will_do_is_dated"), sa.text(AFTER))
        reply.create_check_constraint(op.f("ck_reply_promise_or_task"), sa.text(ONE))
    op.create_table(
        "task",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("done_on", column_types.Day(), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_task_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "reply_id"], ["reply.collaboration_id", "reply.id"], name=op.f("fk_task_collaboration_id_reply_id")
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name=op.f("fk_task_collaboration_id_feedback_id"),
        ),
        sa.ForeignKeyConstraint(["done_by"], ["staff.id"], name=op.f("fk_task_done_by")),
        sa.PrimaryKeyConstraint("collaboration_id", "reply_id", name=op.f("pk_task")),
    )
    waits = sa.text("done_on IS NULL")
    op.create_index("ix_task_open", "task", ["collaboration_id", "feedback_id"], sqlite_where=waits, postgresql_where=waits)


def downgrade() -> None:
    if op.get_bind().execute(sa.text("select 1 from reply where task_due_on is not null limit 1")).first() is not None:
        raise RuntimeError("Some answers say that something small will be done: going back would lose it.")
    op.drop_table("task")
    with op.batch_alter_table("reply") as reply:
        reply.drop_constraint(op.f("ck_reply_promise_or_task"), type_="check")
        reply.drop_constraint(op.f("ck_reply_will_do_is_dated"), type_="check")
        reply.create_check_constraint(op.f(RULE), sa.text(BEFORE))
        reply.drop_column("task_due_on")
