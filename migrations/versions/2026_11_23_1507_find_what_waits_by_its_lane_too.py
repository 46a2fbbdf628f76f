"""Find what waits by its lane too.

Why: Who may read a message depends on whether it stands apart, and the inbox asks that of every message that waits.
Safe for the running release: yes, the indexes are those of before with a column more.
"""

from alembic import op

revision = "2026_11_23_1507"
down_revision = "2026_11_23_1506"

INDEXES = {
    "ix_feedback_waiting": ["collaboration_id", "state", "received_at", "id", "organisation_id"],
    "ix_feedback_alike": ["collaboration_id", "state", "publication", "organisation_id", "topic_id", "area_id", "whole_place", "kind"],
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.drop_index(name, table_name="feedback")
        op.create_index(name, "feedback", [*columns, "lane"])


def downgrade() -> None:
    for name, columns in INDEXES.items():
        op.drop_index(name, table_name="feedback")
        op.create_index(name, "feedback", columns)
