"""Create the holders of keys.

Why: A partner system holds at most two live keys, in named collaborations.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_0930"
down_revision = "2026_11_23_0920"


def upgrade() -> None:
    op.create_table(
        "holder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("scopes", column_types.Json(), nullable=False),
        sa.Column("added_at", column_types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holder")),
        sa.UniqueConstraint("name", name=op.f("uq_holder_name")),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", column_types.Moment(), nullable=False),
        sa.Column("expires_at", column_types.Moment(), nullable=True),
        sa.Column("revoked_at", column_types.Moment(), nullable=True),
        sa.Column("used_at", column_types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["holder_id"], ["holder.id"], name=op.f("fk_api_key_holder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
    )
    op.create_index(op.f("ix_api_key_holder_id"), "api_key", ["holder_id"], unique=False)
    op.create_table(
        "holder_place",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "organisation_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_holder_place_collaboration_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_holder_place_collaboration_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["holder.id"], name=op.f("fk_holder_place_holder_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_holder_place")),
        sa.UniqueConstraint("collaboration_id", "holder_id", name=op.f("uq_holder_place_collaboration_id_holder_id")),
    )


def downgrade() -> None:
    op.drop_table("holder_place")
    op.drop_table("api_key")
    op.drop_table("holder")
