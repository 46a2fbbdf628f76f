"""Tell people in the language in which they asked.

Why: What somebody writes may be in another language than the page on which they asked to be told, and often nobody says which it is.
Safe for the running release: yes, where it is empty the language of the message counts, as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_2030"
down_revision = "2026_11_23_2021"


def upgrade() -> None:
    op.add_column("contact", sa.Column("language", sa.String(length=12), nullable=True))


def downgrade() -> None:
    op.drop_column("contact", "language")
