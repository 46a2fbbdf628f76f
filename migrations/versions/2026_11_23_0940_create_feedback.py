"""Create feedback, replies and contacts.

Why: What residents say, what is answered, and apart from both how to reach the sender.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_0940"
down_revision = "2026_11_23_0935"


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=True),
        sa.Column("key_hash", sa.String(length=64), nullable=True),
        sa.Column("body_hash", sa.String(length=64), nullable=True),
        sa.Column("kind", column_types.words("kind", "good", "not_good", "idea", "question"), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("want", sa.Text(), nullable=True),
        sa.Column("have", sa.Text(), nullable=True),
        sa.Column("gap", sa.Text(), nullable=True),
        sa.Column("tier", column_types.words("tier", "alone", "with_help", "done_for_us", "not_sure"), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("whole_place", sa.Boolean(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("share", column_types.words("share", "team_only", "words_public"), nullable=False),
        sa.Column("occurred_on", column_types.Day(), nullable=True),
        sa.Column("channel", column_types.words("channel", "web", "paper", "phone", "in_person"), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column(
            "captured_by",
            column_types.words("capturer", "resident", "community_reporter", "frontline", "coordinator", "partner_org", "import"),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=80), nullable=True),
        sa.Column("ref", sa.String(length=120), nullable=True),
        sa.Column(
            "state",
            column_types.words(
                "state",
                "received",
                "acknowledged",
                "routed",
                "in_review",
                "replied",
                "loop_closed",
                "reopened",
                "merged",
                "not_feedback",
                "safeguarding_hold",
                "withdrawn",
            ),
            nullable=False,
        ),
        sa.Column(
            "publication", column_types.words("publication", "not_offered", "waiting", "published", "withheld", "withdrawn"), nullable=False
        ),
        sa.Column("withheld_reason", sa.String(length=40), nullable=True),
        sa.Column("published_on", column_types.Day(), nullable=True),
        sa.Column("promise_id", sa.Uuid(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", column_types.Moment(), nullable=False),
        sa.Column("read_at", column_types.Moment(), nullable=True),
        sa.Column("replied_at", column_types.Moment(), nullable=True),
        sa.Column("withdrawn_at", column_types.Moment(), nullable=True),
        sa.CheckConstraint("(publication = 'withdrawn') = (withdrawn_at is not null)", name=op.f("ck_feedback_withdrawn_unpublished")),
        sa.CheckConstraint("(publication = 'published') = (published_on is not null)", name=op.f("ck_feedback_published_dated")),
        sa.CheckConstraint("(publication = 'withheld') = (withheld_reason is not null)", name=op.f("ck_feedback_withheld_explained")),
        sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_at is not null)", name=op.f("ck_feedback_withdrawn_dated")),
        sa.CheckConstraint("not (whole_place and area_id is not null)", name=op.f("ck_feedback_one_place")),
        sa.CheckConstraint("withdrawn_at is null or coalesce(body, want, have, gap) is null", name=op.f("ck_feedback_withdrawn_blank")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "area_id"], ["area.collaboration_id", "area.id"], name=op.f("fk_feedback_collaboration_id_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "promise_id"],
            ["promise.collaboration_id", "promise.id"],
            name=op.f("fk_feedback_collaboration_id_promise_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "merged_into_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name=op.f("fk_feedback_collaboration_id_merged_into_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "organisation_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_feedback_collaboration_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "topic_id"], ["topic.collaboration_id", "topic.id"], name=op.f("fk_feedback_collaboration_id_topic_id")
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_feedback_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("collaboration_id", "key_hash", name=op.f("uq_feedback_collaboration_id_key_hash")),
        sa.UniqueConstraint("collaboration_id", "public_id", name=op.f("uq_feedback_collaboration_id_public_id")),
        sa.UniqueConstraint("collaboration_id", "source", "ref", name=op.f("uq_feedback_collaboration_id_source_ref")),
    )
    op.create_index(
        op.f("ix_feedback_collaboration_id_published_on_public_id"),
        "feedback",
        ["collaboration_id", "published_on", "public_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_feedback_collaboration_id_received_at_id"), "feedback", ["collaboration_id", "received_at", "id"], unique=False
    )
    op.create_index(
        op.f("ix_feedback_collaboration_id_state_received_at"), "feedback", ["collaboration_id", "state", "received_at"], unique=False
    )
    op.create_table(
        "contact",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name=op.f("fk_contact_collaboration_id_feedback_id"),
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_contact_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "feedback_id", name=op.f("pk_contact")),
    )
    op.create_table(
        "reply",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            column_types.words("outcome", "done", "will_do", "already_doing", "cannot_do", "passed_on", "need_more", "thank_you"),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("promise_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", column_types.Moment(), nullable=False),
        sa.CheckConstraint("outcome not in ('cannot_do', 'passed_on') or reason is not null", name=op.f("ck_reply_reason_given")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name=op.f("fk_reply_collaboration_id_feedback_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "organisation_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_reply_collaboration_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_reply_collaboration_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_reply_staff_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "promise_id"],
            ["promise.collaboration_id", "promise.id"],
            name=op.f("fk_reply_collaboration_id_promise_id"),
        ),
        sa.CheckConstraint("(outcome = 'will_do') = (promise_id is not null)", name=op.f("ck_reply_will_do_is_a_promise")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_reply")),
    )
    op.create_index(op.f("ix_reply_collaboration_id_feedback_id"), "reply", ["collaboration_id", "feedback_id"], unique=False)


def downgrade() -> None:
    op.drop_table("reply")
    op.drop_table("contact")
    op.drop_table("feedback")
