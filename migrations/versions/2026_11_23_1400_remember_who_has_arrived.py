"""Remember until when a person is invited, and when they first signed in.

Why: Who invites people sees who has come, and until when the others may; an administrator who never came is not the last one.
Safe for the running release: yes, it does not know these columns.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1400"
down_revision = "2026_11_23_1624"


def upgrade() -> None:
    op.add_column("staff", sa.Column("invited_until", column_types.Moment(), nullable=True))
    op.add_column("staff", sa.Column("arrived_at", column_types.Moment(), nullable=True))
    op.execute("update staff set arrived_at = (select min(started_at) from staff_session where staff_session.staff_id = staff.id)")
    op.execute(
        "update staff set invited_until = (select max(expires_at) from sign_in_link where sign_in_link.staff_id = staff.id) "
        "where arrived_at is null"
    )


def downgrade() -> None:
    op.drop_column("staff", "arrived_at")
    op.drop_column("staff", "invited_until")
