"""Bring files in: what staff send, which column is which field, and what came of its rows.

Why: A data officer matches columns, mends cells and sees what would happen, before anything is stored.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_2040"
down_revision = "2026_11_23_2034"


def upgrade() -> None:
    op.create_table(
        "intake",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("encoding", sa.String(length=20), nullable=False),
        sa.Column("written", column_types.Json(), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("stage", column_types.words("stage", "sent", "checking", "checked", "taking", "taken", "failed"), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("corrected", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("differing", sa.Integer(), nullable=False),
        sa.Column("choice", column_types.words("choice", "correct", "leave"), nullable=True),
        sa.Column("otherwise", column_types.Json(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", column_types.Moment(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", column_types.Moment(), nullable=False),
        sa.Column("finished_at", column_types.Moment(), nullable=True),
        sa.CheckConstraint("stage <> 'taken' or finished_at is not null", name=op.f("ck_intake_taken_dated")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_intake_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "organisation_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_intake_collaboration_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_intake_made_by")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_intake")),
    )
    op.create_index(op.f("ix_intake_collaboration_id_made_at"), "intake", ["collaboration_id", "made_at"])
    op.create_index(op.f("ix_intake_stage"), "intake", ["stage"])


def downgrade() -> None:
    op.drop_table("intake")
