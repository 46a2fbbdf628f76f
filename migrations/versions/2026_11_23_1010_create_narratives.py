"""Create narratives and consents.

Why: Stories, and what their tellers said yes to.
Safe for the running release: yes, it does not know these tables.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1010"
down_revision = "2026_11_23_1000"


def upgrade() -> None:
    op.create_table(
        "narrative",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("kind", column_types.words("kind", "worked", "did_not_work", "mixed", "surprise"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("barrier", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=True),
        sa.Column("occurred_on", column_types.Day(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("whole_place", sa.Boolean(), nullable=False),
        sa.Column("promise_id", sa.Uuid(), nullable=True),
        sa.Column("indicator_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("tags", column_types.Json(), nullable=False),
        sa.Column("signifiers", column_types.Json(), nullable=True),
        sa.Column(
            "captured_by",
            column_types.words("capturer", "resident", "community_reporter", "frontline", "coordinator", "partner_org", "import"),
            nullable=False,
        ),
        sa.Column("wish", column_types.words("visibility", "private", "partners", "public"), nullable=False),
        sa.Column(
            "state",
            column_types.words(
                "storystate",
                "draft",
                "submitted",
                "checking",
                "asked_back",
                "shared_partners",
                "shared_public",
                "kept_private",
                "paused",
                "withdrawn",
            ),
            nullable=False,
        ),
        sa.Column("author_kind", column_types.words("actorkind", "resident", "staff", "key", "operator"), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.Column("origin", sa.String(length=80), nullable=True),
        sa.Column("ref", sa.String(length=120), nullable=True),
        sa.Column("submitted_at", column_types.Moment(), nullable=False),
        sa.Column("published_on", column_types.Day(), nullable=True),
        sa.Column("withdrawn_at", column_types.Moment(), nullable=True),
        sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_at is not null)", name=op.f("ck_narrative_withdrawn_dated")),
        sa.CheckConstraint(
            "state <> 'shared_public' or (checked_by is not null and published_on is not null)", name=op.f("ck_narrative_public_checked")
        ),
        sa.CheckConstraint("state <> 'withdrawn' or coalesce(title, body, barrier) is null", name=op.f("ck_narrative_withdrawn_blank")),
        sa.CheckConstraint("author_id is null or checked_by is null or author_id <> checked_by", name=op.f("ck_narrative_second_person")),
        sa.ForeignKeyConstraint(["checked_by"], ["staff.id"], name=op.f("fk_narrative_checked_by")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "area_id"], ["area.collaboration_id", "area.id"], name=op.f("fk_narrative_collaboration_id_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "indicator_id"],
            ["indicator.collaboration_id", "indicator.id"],
            name=op.f("fk_narrative_collaboration_id_indicator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "organisation_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_narrative_collaboration_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "promise_id"],
            ["promise.collaboration_id", "promise.id"],
            name=op.f("fk_narrative_collaboration_id_promise_id"),
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_narrative_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_narrative")),
        sa.UniqueConstraint("collaboration_id", "origin", "ref", name=op.f("uq_narrative_collaboration_id_origin_ref")),
        sa.UniqueConstraint("collaboration_id", "public_id", name=op.f("uq_narrative_collaboration_id_public_id")),
    )
    op.create_index(
        op.f("ix_narrative_collaboration_id_state_occurred_on"), "narrative", ["collaboration_id", "state", "occurred_on"], unique=False
    )
    op.create_table(
        "consent",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("narrative_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", column_types.words("purpose", "share_words_public", "share_partners"), nullable=False),
        sa.Column("wording_version", sa.String(length=40), nullable=False),
        sa.Column("given_on", column_types.Day(), nullable=False),
        sa.Column("expires_on", column_types.Day(), nullable=True),
        sa.Column("withdrawn_at", column_types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "narrative_id"],
            ["narrative.collaboration_id", "narrative.id"],
            name=op.f("fk_consent_collaboration_id_narrative_id"),
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_consent_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_collaboration_id_narrative_id"), "consent", ["collaboration_id", "narrative_id"], unique=False)


def downgrade() -> None:
    op.drop_table("consent")
    op.drop_table("narrative")
