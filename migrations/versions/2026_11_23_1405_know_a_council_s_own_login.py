"""Know people by their council's own login.

Why: Staff may sign in with the login that they have at work; a try ends once, and who has come is known by the provider's name for them.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1405"
down_revision = "2026_11_23_1404"


def upgrade() -> None:
    op.create_table(
        "login_try",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", column_types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_try")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_login_try_state_hash")),
    )
    op.create_index(op.f("ix_login_try_expires_at"), "login_try", ["expires_at"], unique=False)
    op.create_table(
        "known_login",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("added_at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_known_login_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_login")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_known_login_issuer_subject")),
    )
    op.create_index(op.f("ix_known_login_staff_id"), "known_login", ["staff_id"], unique=False)


def downgrade() -> None:
    op.drop_table("known_login")
    op.drop_table("login_try")
