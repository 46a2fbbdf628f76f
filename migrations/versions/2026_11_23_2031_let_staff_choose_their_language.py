"""Let staff choose in which language they work.

Why: Their pages and the letters to them came in whatever their browser or their place had first.
Safe for the running release: yes, where nobody chose it is as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_2031"
down_revision = "2026_11_23_2030"


def upgrade() -> None:
    op.add_column("staff", sa.Column("language", sa.String(length=12), nullable=True))


def downgrade() -> None:
    op.drop_column("staff", "language")
