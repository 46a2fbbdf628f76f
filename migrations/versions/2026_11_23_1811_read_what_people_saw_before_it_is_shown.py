"""Say which words of checks wait for somebody to read them, and how careful they have to be.

Why: What people saw is screened as messages are, and stands in the inbox of those who decide about it.
Safe for the running release: yes, it does not know these columns; what it takes in meanwhile waits on the page of the promise.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1811"
down_revision = "2026_11_23_1810"

SEVERITIES = ("none", "odd", "third_party", "risk", "urgent")


def upgrade() -> None:
    op.add_column("promise_check", sa.Column("waits_since", column_types.Moment(), nullable=True))
    if op.get_context().dialect.name == "sqlite":
        # Beside the new column, so that the table need not be made anew: that would lose the other rules of the table.
        listed = ", ".join(repr(severity) for severity in SEVERITIES)
        op.execute(
            "ALTER TABLE promise_check ADD COLUMN severity VARCHAR(30)"
            f"\n\tCONSTRAINT ck_promise_check_severity CHECK (severity IN ({listed}))"
        )
        op.execute("update promise_check set waits_since = month || '-01T00:00:00.000000Z' where comment is not null and shown = 'waiting'")
    else:
        op.add_column("promise_check", sa.Column("severity", column_types.words("severity", *SEVERITIES), nullable=True))
        op.execute(
            "update promise_check set waits_since = cast(month || '-01T00:00:00Z' as timestamptz) "
            "where comment is not null and shown = 'waiting'"
        )
    waits = sa.text("waits_since IS NOT NULL")
    op.create_index(
        "ix_promise_check_waiting", "promise_check", ["collaboration_id", "promise_id"], sqlite_where=waits, postgresql_where=waits
    )


def downgrade() -> None:
    op.drop_index("ix_promise_check_waiting", "promise_check")
    op.drop_column("promise_check", "severity")
    op.drop_column("promise_check", "waits_since")
