"""Create places.

Why: Every other table belongs to a collaboration, so these come first.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_0900"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "collaboration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "type",
            column_types.words("type", "collaborative_council", "collaborative_market", "agent_of_change", "system_connector"),
            nullable=False,
        ),
        sa.Column("initiated_by", column_types.words("initiator", "public_authority", "voluntary_sector", "both"), nullable=True),
        sa.Column("scope", column_types.words("scope", "group", "whole_council"), nullable=True),
        sa.Column("started_on", column_types.Day(), nullable=True),
        sa.Column("ends_on", column_types.Day(), nullable=True),
        sa.Column("rationales", column_types.Json(), nullable=False),
        sa.Column("region", sa.String(length=3), nullable=False),
        sa.Column("closed_on", column_types.Json(), nullable=False),
        sa.Column("open_on", column_types.Json(), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("languages", column_types.Json(), nullable=False),
        sa.Column("read_by", sa.String(length=200), nullable=True),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.Column("complaints_url", sa.String(length=500), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("added_at", column_types.Moment(), nullable=False),
        sa.CheckConstraint(
            "ends_on is null or started_on is null or ends_on >= started_on", name=op.f("ck_collaboration_ends_after_start")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collaboration")),
        sa.UniqueConstraint("slug", name=op.f("uq_collaboration_slug")),
    )
    op.create_table(
        "organisation",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            column_types.words(
                "organisationkind",
                "council",
                "nhs",
                "police",
                "school",
                "vcs",
                "community_group",
                "business",
                "funder",
                "regulator",
                "other",
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_organisation_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("collaboration_id", "code", name=op.f("uq_organisation_collaboration_id_code")),
    )
    op.create_table(
        "membership",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("since", column_types.Day(), nullable=True),
        sa.Column("until", column_types.Day(), nullable=True),
        sa.Column("contributes", column_types.Json(), nullable=False),
        sa.CheckConstraint("until is null or since is null or until >= since", name=op.f("ck_membership_until_after_since")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "organisation_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_membership_collaboration_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_membership_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_membership")),
    )
    op.create_index(
        op.f("ix_membership_collaboration_id_organisation_id"), "membership", ["collaboration_id", "organisation_id"], unique=False
    )
    op.create_table(
        "governance_period",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "form",
            column_types.words("governanceform", "self_governed", "lead_organisation", "administrative_organisation"),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("since", column_types.Day(), nullable=True),
        sa.Column("until", column_types.Day(), nullable=True),
        sa.CheckConstraint("(form = 'self_governed') = (organisation_id is null)", name=op.f("ck_governance_period_runner_named")),
        sa.CheckConstraint("until is null or since is null or until >= since", name=op.f("ck_governance_period_until_after_since")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "organisation_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_governance_period_collaboration_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_governance_period_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_governance_period")),
    )
    op.create_index(
        "uq_governance_period_open",
        "governance_period",
        ["collaboration_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "area",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", column_types.words("areakind", "place", "ward", "neighbourhood", "other", "comparator"), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("population_as_of", column_types.Day(), nullable=True),
        sa.Column("shape", column_types.Json(), nullable=True),
        sa.CheckConstraint("parent_id is null or parent_id <> id", name=op.f("ck_area_not_its_own_parent")),
        sa.CheckConstraint("population is null or population >= 0", name=op.f("ck_area_population")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "parent_id"], ["area.collaboration_id", "area.id"], name=op.f("fk_area_collaboration_id_parent_id")
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_area_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_area")),
        sa.UniqueConstraint("collaboration_id", "code", name=op.f("uq_area_collaboration_id_code")),
    )
    op.create_table(
        "topic",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "organisation_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_topic_collaboration_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_topic_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_topic")),
        sa.UniqueConstraint("collaboration_id", "code", name=op.f("uq_topic_collaboration_id_code")),
    )


def downgrade() -> None:
    op.drop_table("topic")
    op.drop_table("area")
    op.drop_table("governance_period")
    op.drop_table("membership")
    op.drop_table("organisation")
    op.drop_table("collaboration")
