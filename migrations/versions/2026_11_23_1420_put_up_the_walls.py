"""Put up the walls.

Why: On PostgreSQL a query that forgets its collaboration shows nothing of another one: the database holds the rows back.
Safe for the running release: no, on PostgreSQL it would see nothing; stop it first. On SQLite nothing changes.
"""

from alembic import op

from migrations import row_security

revision = "2026_11_23_1420"
down_revision = "2026_11_23_1605"


def upgrade() -> None:
    row_security.put_up(op.get_bind())


def downgrade() -> None:
    row_security.take_down(op.get_bind())
