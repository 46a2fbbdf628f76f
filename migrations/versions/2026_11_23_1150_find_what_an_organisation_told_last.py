"""Find what an organisation told last.

Why: The account names the members that have gone quiet; without this index it would read every story.
Safe for the running release: yes.
"""

from alembic import op

revision = "2026_11_23_1150"
down_revision = "2026_11_23_1110"


def upgrade() -> None:
    op.create_index(
        op.f("ix_narrative_collaboration_id_organisation_id_submitted_at"),
        "narrative",
        ["collaboration_id", "organisation_id", "submitted_at"],
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_narrative_collaboration_id_organisation_id_submitted_at"), table_name="narrative")
