"""Find what an organisation said last: its newest promise, progress and answer.

Why: The account names the members that have gone quiet; without these indexes it would read every promise and every answer.
Safe for the running release: yes. The index of makers grows by one column and serves what the old one did.
"""

from alembic import op

revision = "2026_11_23_1110"
down_revision = "2026_11_23_1100"


def upgrade() -> None:
    op.create_index(op.f("ix_promise_collaboration_id_maker_id_added_at"), "promise", ["collaboration_id", "maker_id", "added_at"])
    op.drop_index(op.f("ix_promise_collaboration_id_maker_id"), table_name="promise")
    op.create_index(op.f("ix_progress_collaboration_id_organisation_id_at"), "progress", ["collaboration_id", "organisation_id", "at"])
    op.create_index(
        op.f("ix_reply_collaboration_id_organisation_id_published_at"), "reply", ["collaboration_id", "organisation_id", "published_at"]
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_reply_collaboration_id_organisation_id_published_at"), table_name="reply")
    op.drop_index(op.f("ix_progress_collaboration_id_organisation_id_at"), table_name="progress")
    op.create_index(op.f("ix_promise_collaboration_id_maker_id"), "promise", ["collaboration_id", "maker_id"])
    op.drop_index(op.f("ix_promise_collaboration_id_maker_id_added_at"), table_name="promise")
