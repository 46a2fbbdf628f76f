"""Create indicators, comparators, observations and corrections.

Why: What partners count, with every correction that was made to it.
Safe for the running release: yes, it does not know these tables.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1000"
down_revision = "2026_11_23_0950"


def upgrade() -> None:
    op.create_table(
        "comparator_group",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_comparator_group_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_comparator_group")),
        sa.UniqueConstraint("collaboration_id", "code", name=op.f("uq_comparator_group_collaboration_id_code")),
    )
    op.create_table(
        "comparator_member",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "area_id"],
            ["area.collaboration_id", "area.id"],
            name=op.f("fk_comparator_member_collaboration_id_area_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "group_id"],
            ["comparator_group.collaboration_id", "comparator_group.id"],
            name=op.f("fk_comparator_member_collaboration_id_group_id"),
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_comparator_member_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_comparator_member")),
        sa.UniqueConstraint("collaboration_id", "group_id", "area_id", name=op.f("uq_comparator_member_collaboration_id_group_id_area_id")),
    )
    op.create_table(
        "indicator",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("kind", column_types.words("indicatorkind", "population", "how_much", "how_well", "better_off"), nullable=False),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column("good_direction", column_types.words("direction", "up", "down", "in_range"), nullable=False),
        sa.Column("range_low", sa.Float(), nullable=True),
        sa.Column("range_high", sa.Float(), nullable=True),
        sa.Column("definition", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=500), nullable=True),
        sa.Column("chosen_because", sa.Text(), nullable=True),
        sa.Column("could_be_gamed_by", sa.Text(), nullable=True),
        sa.Column("comparator_group_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", column_types.Moment(), nullable=False),
        sa.CheckConstraint(
            "(good_direction = 'in_range') = (range_low is not null and range_high is not null)", name=op.f("ck_indicator_range_given")
        ),
        sa.CheckConstraint("range_low is null or range_high is null or range_low <= range_high", name=op.f("ck_indicator_range_in_order")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "comparator_group_id"],
            ["comparator_group.collaboration_id", "comparator_group.id"],
            name=op.f("fk_indicator_collaboration_id_comparator_group_id"),
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_indicator_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("collaboration_id", "code", name=op.f("uq_indicator_collaboration_id_code")),
    )
    op.create_table(
        "observation",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", column_types.Day(), nullable=False),
        sa.Column("last_day", column_types.Day(), nullable=False),
        sa.Column("dimension", sa.String(length=400), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Float(precision=53), nullable=True),
        sa.Column("numerator", sa.Float(precision=53), nullable=True),
        sa.Column("denominator", sa.Float(precision=53), nullable=True),
        sa.Column("missing", column_types.words("missing", "suppressed", "not_collected", "not_applicable", "unknown"), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("period_label", sa.String(length=80), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("ref", sa.String(length=120), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", column_types.Moment(), nullable=False),
        sa.CheckConstraint("(numerator is null) = (denominator is null)", name=op.f("ck_observation_both_parts")),
        sa.CheckConstraint("(value is null) = (missing is not null)", name=op.f("ck_observation_value_or_missing")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_observation_period_in_order")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "area_id"], ["area.collaboration_id", "area.id"], name=op.f("fk_observation_collaboration_id_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "indicator_id"],
            ["indicator.collaboration_id", "indicator.id"],
            name=op.f("fk_observation_collaboration_id_indicator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "organisation_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_observation_collaboration_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_observation_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_observation")),
        sa.UniqueConstraint(
            "collaboration_id",
            "indicator_id",
            "area_id",
            "first_day",
            "last_day",
            "dimension",
            "organisation_id",
            name="uq_observation_key",
        ),
    )
    op.create_index(
        op.f("ix_observation_collaboration_id_organisation_id_recorded_at"),
        "observation",
        ["collaboration_id", "organisation_id", "recorded_at"],
        unique=False,
    )
    op.create_table(
        "correction",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", sa.Float(precision=53), nullable=True),
        sa.Column("numerator", sa.Float(precision=53), nullable=True),
        sa.Column("denominator", sa.Float(precision=53), nullable=True),
        sa.Column("missing", column_types.words("missing", "suppressed", "not_collected", "not_applicable", "unknown"), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("recorded_at", column_types.Moment(), nullable=False),
        sa.Column("corrected_at", column_types.Moment(), nullable=False),
        sa.Column("actor_kind", column_types.words("actorkind", "resident", "staff", "key", "operator"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "observation_id"],
            ["observation.collaboration_id", "observation.id"],
            name=op.f("fk_correction_collaboration_id_observation_id"),
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_correction_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_correction")),
        sa.UniqueConstraint(
            "collaboration_id", "observation_id", "version", name=op.f("uq_correction_collaboration_id_observation_id_version")
        ),
    )


def downgrade() -> None:
    op.drop_table("correction")
    op.drop_table("observation")
    op.drop_table("indicator")
    op.drop_table("comparator_member")
    op.drop_table("comparator_group")
