"""Say letters in the place's own words.

Why: A place adds a sentence of its own to the beginning and to the end of what it sends, in each language. The link and the warning stay.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1714"
down_revision = "2026_11_23_1713"


def upgrade() -> None:
    op.create_table(
        "letter_wording",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("opening", sa.String(length=400), nullable=True),
        sa.Column("closing", sa.String(length=400), nullable=True),
        sa.Column("changed_at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_letter_wording_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_letter_wording")),
        sa.UniqueConstraint("collaboration_id", "purpose", "language", name=op.f("uq_letter_wording_collaboration_id_purpose_language")),
    )


def downgrade() -> None:
    op.drop_table("letter_wording")
