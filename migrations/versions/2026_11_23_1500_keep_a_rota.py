"""Keep a rota: who is on call from when to when, and how long they have.

Why: What cannot wait goes to a named person, and to the next one when that person does not come.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1500"
down_revision = "2026_11_23_1440"


def upgrade() -> None:
    op.create_table(
        "rota_turn",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("place_in_line", sa.Integer(), nullable=False),
        sa.Column("begins_at", column_types.Moment(), nullable=False),
        sa.Column("ends_at", column_types.Moment(), nullable=False),
        sa.Column("removed_at", column_types.Moment(), nullable=True),
        sa.CheckConstraint("begins_at < ends_at", name=op.f("ck_rota_turn_begins_first")),
        sa.CheckConstraint("place_in_line between 1 and 9", name=op.f("ck_rota_turn_place_in_line")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_rota_turn_collaboration_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_rota_turn_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_rota_turn")),
    )
    op.create_index(op.f("ix_rota_turn_collaboration_id_ends_at"), "rota_turn", ["collaboration_id", "ends_at"])
    op.create_table(
        "lane_rule",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("acknowledge_minutes", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", column_types.Moment(), nullable=False),
        sa.CheckConstraint("acknowledge_minutes between 5 and 1440", name=op.f("ck_lane_rule_within_a_day")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_lane_rule_collaboration_id")),
        sa.ForeignKeyConstraint(["set_by"], ["staff.id"], name=op.f("fk_lane_rule_set_by")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_lane_rule")),
    )


def downgrade() -> None:
    op.drop_table("lane_rule")
    op.drop_table("rota_turn")
