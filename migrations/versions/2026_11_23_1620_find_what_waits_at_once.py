"""Find what waits at once, however much is stored.

Why: The inbox shows the longest wait first and says how many messages each of its parts has. These indexes hold the messages in that
order, grouped by what they can be narrowed to, and the few whose words wait for a decision.
Safe for the running release: yes, the first of them begins with the columns of the one that goes.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_1620"
down_revision = "2026_11_23_1420"

ALIKE = ["collaboration_id", "state", "publication", "organisation_id", "topic_id", "area_id", "whole_place", "kind"]
OFFERED = sa.text("publication = 'waiting'")


def upgrade() -> None:
    op.create_index("ix_feedback_waiting", "feedback", ["collaboration_id", "state", "received_at", "id", "organisation_id"])
    op.create_index("ix_feedback_alike", "feedback", ALIKE)
    op.create_index(
        "ix_feedback_offered", "feedback", ["collaboration_id", "received_at", "id"], sqlite_where=OFFERED, postgresql_where=OFFERED
    )
    op.drop_index("ix_feedback_collaboration_id_state_received_at", table_name="feedback")


def downgrade() -> None:
    op.create_index("ix_feedback_collaboration_id_state_received_at", "feedback", ["collaboration_id", "state", "received_at"])
    op.drop_index("ix_feedback_offered", table_name="feedback")
    op.drop_index("ix_feedback_alike", table_name="feedback")
    op.drop_index("ix_feedback_waiting", table_name="feedback")
