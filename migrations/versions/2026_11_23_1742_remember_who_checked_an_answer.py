"""Remember who checked an answer.

Why: A claim of change that everybody reads was looked at by somebody who did not write it, and the answer says so.
Safe for the running release: yes, it does not know this column.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_1742"
down_revision = "2026_11_23_1741"


def upgrade() -> None:
    op.add_column("reply", sa.Column("checked_by", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("reply", "checked_by")
