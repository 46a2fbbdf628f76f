"""Keep apps that show codes, and the codes that stand in for them.

Why: An administrator without a passkey types a code of an app after their link; ten recovery codes stand in for it, each once.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1404"
down_revision = "2026_11_23_1403"


def upgrade() -> None:
    op.create_table(
        "authenticator_app",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.String(length=300), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("added_at", column_types.Moment(), nullable=False),
        sa.Column("confirmed_at", column_types.Moment(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("wait_until", column_types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_authenticator_app_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticator_app")),
        sa.UniqueConstraint("staff_id", name=op.f("uq_authenticator_app_staff_id")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("made_at", column_types.Moment(), nullable=False),
        sa.Column("seen_at", column_types.Moment(), nullable=True),
        sa.Column("used_at", column_types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recovery_code_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_staff_id"), "recovery_code", ["staff_id"], unique=False)


def downgrade() -> None:
    op.drop_table("recovery_code")
    op.drop_table("authenticator_app")
