"""Say where leaving a page leads, and what its title is.

Why: Whoever is watched leaves a page at once for a harmless one; the place says which, and may give such pages a title that tells nothing.
Safe for the running release: yes, both columns may be empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_1830"
down_revision = "2026_11_23_1814"


def upgrade() -> None:
    op.add_column("collaboration", sa.Column("leave_to", sa.String(length=500), nullable=True))
    op.add_column("collaboration", sa.Column("plain_title", sa.String(length=60), nullable=True))


def downgrade() -> None:
    op.drop_column("collaboration", "plain_title")
    op.drop_column("collaboration", "leave_to")
