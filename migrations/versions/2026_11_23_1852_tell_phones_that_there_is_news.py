"""Tell phones that there is news.

Why: A browser can be told by a push message, for which no address is needed. What it takes is kept with the other ways to reach a sender.
Safe for the running release: yes, where only this was left it finds nothing to open.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_1852"
down_revision = "2026_11_23_1851"


def upgrade() -> None:
    op.add_column("contact", sa.Column("push", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("contact", "push")
