"""Create people.

Why: Staff are global; their roles stand in a collaboration.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_0920"
down_revision = "2026_11_23_0910"


def upgrade() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("added_at", column_types.Moment(), nullable=False),
        sa.Column("disabled_at", column_types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", column_types.Moment(), nullable=False),
        sa.Column("expires_at", column_types.Moment(), nullable=False),
        sa.Column("used_at", column_types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sign_in_link_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_in_link_secret_hash")),
    )
    op.create_index(op.f("ix_sign_in_link_staff_id"), "sign_in_link", ["staff_id"], unique=False)
    op.create_table(
        "staff_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("started_at", column_types.Moment(), nullable=False),
        sa.Column("seen_at", column_types.Moment(), nullable=False),
        sa.Column("ended_at", column_types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_staff_session_secret_hash")),
    )
    op.create_index(op.f("ix_staff_session_staff_id"), "staff_session", ["staff_id"], unique=False)
    op.create_table(
        "staff_role",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("role", column_types.words("role", "frontline", "coordinator", "moderator", "admin", "viewer"), nullable=False),
        sa.Column("viewer_kind", column_types.words("viewerkind", "councillor", "funder", "regulator"), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("given_at", column_types.Moment(), nullable=False),
        sa.Column("ended_at", column_types.Moment(), nullable=True),
        sa.CheckConstraint("(role = 'viewer') = (viewer_kind is not null)", name=op.f("ck_staff_role_viewer_has_a_kind")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "organisation_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_staff_role_collaboration_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_staff_role_collaboration_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_role_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_staff_role")),
    )
    op.create_index(op.f("ix_staff_role_staff_id_collaboration_id"), "staff_role", ["staff_id", "collaboration_id"], unique=False)
    op.create_index(
        "uq_staff_role_whole",
        "staff_role",
        ["collaboration_id", "staff_id", "role"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL AND organisation_id IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND organisation_id IS NULL"),
    )
    op.create_index(
        "uq_staff_role_within",
        "staff_role",
        ["collaboration_id", "staff_id", "role", "organisation_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL AND organisation_id IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND organisation_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("staff_role")
    op.drop_table("staff_session")
    op.drop_table("sign_in_link")
    op.drop_table("staff")
