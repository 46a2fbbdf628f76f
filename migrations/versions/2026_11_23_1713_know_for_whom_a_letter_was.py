"""Know for whom a letter of a place was that could not be sent.

Why: The administrators of a place see which letters were given up on, why, and can have them sent again. Letters keep no address then;
whom they were for is known by the person's row.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1713"
down_revision = "2026_11_23_1712"


def upgrade() -> None:
    op.create_table(
        "letter_posted",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("made_at", column_types.Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(length=60), nullable=True),
        sa.Column("given_up_at", column_types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_letter_posted_collaboration_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_letter_posted_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_letter_posted")),
    )
    op.create_index(op.f("ix_letter_posted_id"), "letter_posted", ["id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_letter_posted_id"), table_name="letter_posted")
    op.drop_table("letter_posted")
