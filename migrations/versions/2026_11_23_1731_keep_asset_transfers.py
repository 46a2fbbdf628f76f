"""Keep what passes to the community, who can use it before and after, and what became of it.

Why: A place that is handed over is looked at again within a year, and everybody sees whether somebody was shut out.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1731"
down_revision = "2026_11_23_1730"

STANDINGS = ("proposed", "checks_done", "transferred", "reviewed", "kept", "handed_back")


def upgrade() -> None:
    op.create_table(
        "asset_transfer",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asset", sa.String(length=200), nullable=False),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("planned_on", column_types.Day(), nullable=True),
        sa.Column("moved_on", column_types.Day(), nullable=True),
        sa.Column("review_on", column_types.Day(), nullable=True),
        sa.Column("standing", column_types.words("standing", *STANDINGS), nullable=False),
        sa.Column("added_at", column_types.Moment(), nullable=False),
        sa.Column("changed_at", column_types.Moment(), nullable=False),
        sa.CheckConstraint("standing = 'proposed' or plan is not null", name=op.f("ck_asset_transfer_planned")),
        sa.CheckConstraint(
            "standing in ('proposed', 'checks_done') or (moved_on is not null and review_on is not null)",
            name=op.f("ck_asset_transfer_dated"),
        ),
        sa.CheckConstraint("moved_on is null or review_on is null or review_on > moved_on", name=op.f("ck_asset_transfer_reviewed_later")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_asset_transfer_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "organisation_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_asset_transfer_collaboration_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "area_id"],
            ["area.collaboration_id", "area.id"],
            name=op.f("fk_asset_transfer_collaboration_id_area_id"),
        ),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_asset_transfer")),
    )
    op.create_index(op.f("ix_asset_transfer_collaboration_id_standing"), "asset_transfer", ["collaboration_id", "standing"])
    op.create_table(
        "asset_access",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("people", sa.String(length=200), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=True),
        sa.CheckConstraint("before >= 0 and (after is null or after >= 0)", name=op.f("ck_asset_access_counted")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_asset_access_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "transfer_id"],
            ["asset_transfer.collaboration_id", "asset_transfer.id"],
            name=op.f("fk_asset_access_collaboration_id_transfer_id"),
        ),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_asset_access")),
        sa.UniqueConstraint("collaboration_id", "transfer_id", "people", name=op.f("uq_asset_access_collaboration_id_transfer_id_people")),
    )
    op.create_table(
        "asset_move",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("standing", column_types.words("standing", *STANDINGS), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_asset_move_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "transfer_id"],
            ["asset_transfer.collaboration_id", "asset_transfer.id"],
            name=op.f("fk_asset_move_collaboration_id_transfer_id"),
        ),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_asset_move")),
    )
    op.create_index(op.f("ix_asset_move_collaboration_id_transfer_id"), "asset_move", ["collaboration_id", "transfer_id"])


def downgrade() -> None:
    op.drop_table("asset_move")
    op.drop_table("asset_access")
    op.drop_table("asset_transfer")
