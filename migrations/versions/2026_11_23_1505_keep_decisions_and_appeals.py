"""Keep who decided what about a message, and let its sender disagree once with each decision.

Why: Another person than who decided before looks again; and everybody can read how often that changed something.
Safe for the running release: yes, nothing used these tables before. Decisions made before are filled in from the journal, which knows
who and when; the reason is known for those that still hold.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1505"
down_revision = "2026_11_23_1504"

FILL = """
insert into decision (collaboration_id, id, feedback_id, verdict, reason, staff_id, at)
select entry.collaboration_id, entry.id, entry.subject_id, entry.verb,
       case when entry.verb = 'withheld' and feedback.publication = 'withheld' then feedback.withheld_reason end,
       case when entry.actor_kind = 'staff' then entry.actor_id end, entry.at
from journal_entry as entry
join feedback on feedback.collaboration_id = entry.collaboration_id and feedback.id = entry.subject_id
where entry.subject = 'feedback' and entry.verb in ('published', 'withheld')
"""


def upgrade() -> None:
    verdicts = column_types.words("verdict", "published", "withheld", "set_aside", "brought_back")
    op.create_table(
        "decision",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", verdicts, nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("state_before", sa.String(length=30), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_decision_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name=op.f("fk_decision_collaboration_id_feedback_id"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_decision_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_collaboration_id_feedback_id_at"), "decision", ["collaboration_id", "feedback_id", "at"])
    op.create_table(
        "appeal",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("made_at", column_types.Moment(), nullable=False),
        sa.Column("outcome", column_types.words("outcome", "changed", "upheld"), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("decided_at", column_types.Moment(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(decided_at is null) = (outcome is null)", name=op.f("ck_appeal_decided_with_an_outcome")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_appeal_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name=op.f("fk_appeal_collaboration_id_feedback_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "decision_id"],
            ["decision.collaboration_id", "decision.id"],
            name=op.f("fk_appeal_collaboration_id_decision_id"),
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_appeal_decided_by")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("collaboration_id", "decision_id", name=op.f("uq_appeal_collaboration_id_decision_id")),
    )
    op.create_index(op.f("ix_appeal_collaboration_id_feedback_id"), "appeal", ["collaboration_id", "feedback_id"])
    op.create_index(op.f("ix_appeal_collaboration_id_made_at"), "appeal", ["collaboration_id", "made_at"])
    op.execute(FILL)


def downgrade() -> None:
    op.drop_table("appeal")
    op.drop_table("decision")
