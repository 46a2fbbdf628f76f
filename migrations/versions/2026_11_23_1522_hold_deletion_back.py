"""Hold deletion back where the law asks for it.

Why: What somebody asked for under the law, or what a court may need, must not go because its time is over.
Safe for the running release: yes, nothing used this table before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1522"
down_revision = "2026_11_23_1521"


def upgrade() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", column_types.words("subject", "message", "story", "person"), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=True),
        sa.Column("placed_at", column_types.Moment(), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", column_types.Moment(), nullable=True),
        sa.CheckConstraint("(subject is null) = (subject_id is null)", name=op.f("ck_legal_hold_subject_whole")),
        sa.CheckConstraint("subject <> 'person'", name=op.f("ck_legal_hold_no_person")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_legal_hold_collaboration_id")),
        sa.ForeignKeyConstraint(["placed_by"], ["staff.id"], name=op.f("fk_legal_hold_placed_by")),
        sa.ForeignKeyConstraint(["lifted_by"], ["staff.id"], name=op.f("fk_legal_hold_lifted_by")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_legal_hold")),
    )


def downgrade() -> None:
    op.drop_table("legal_hold")
