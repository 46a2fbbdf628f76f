"""Count by day as well as by month.

Why: How long an answer took is counted by the day of receipt, since a message joins the count thirty days after that day.
Safe for the running release: no, it names the old column; nothing was released before this one. Counts that are new with this
release are filled from the facts by `said verify --mend`.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_1030"
down_revision = "2026_11_23_1020"


def upgrade() -> None:
    with op.batch_alter_table("rollup") as rollup:
        rollup.alter_column("month", new_column_name="period", existing_type=sa.String(length=7), type_=sa.String(length=10))


def downgrade() -> None:
    op.execute("delete from rollup where length(period) > 7")
    with op.batch_alter_table("rollup") as rollup:
        rollup.alter_column("period", new_column_name="month", existing_type=sa.String(length=10), type_=sa.String(length=7))
