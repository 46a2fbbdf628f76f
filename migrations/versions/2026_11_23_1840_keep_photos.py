"""Keep photos: what came with a message, as files beside the database, and who may see each.

Why: A picture of a broken step says more than a page. Nobody sees one before somebody looked at it.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1840"
down_revision = "2026_11_23_1830"


def upgrade() -> None:
    op.create_table(
        "photo",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("stage", column_types.words("stage", "waiting", "shown", "not_shown"), nullable=False),
        sa.Column("alt", sa.Text(), nullable=True),
        sa.Column("decided_at", column_types.Moment(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("stage <> 'shown' or alt is not null", name=op.f("ck_photo_shown_in_words")),
        sa.CheckConstraint("(stage = 'waiting') = (decided_at is null)", name=op.f("ck_photo_decided_dated")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_photo_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name=op.f("fk_photo_collaboration_id_feedback_id"),
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_photo_decided_by")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_photo")),
        sa.UniqueConstraint("collaboration_id", "public_id", name=op.f("uq_photo_collaboration_id_public_id")),
        sa.UniqueConstraint("name", name=op.f("uq_photo_name")),
    )
    op.create_index(op.f("ix_photo_collaboration_id_feedback_id_number"), "photo", ["collaboration_id", "feedback_id", "number"])


def downgrade() -> None:
    op.drop_table("photo")
