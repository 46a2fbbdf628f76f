"""Say which news did not arrive.

Why: That somebody could not be told of news stood in the journal only. It stands beside the letters to staff now, and can be sent again.
Safe for the running release: yes, it writes letters to staff as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_2032"
down_revision = "2026_11_23_2031"

MESSAGE = "fk_letter_posted_collaboration_id_feedback_id"
ONE_OF_TWO = "ck_letter_posted_for_one_of_two"


def upgrade() -> None:
    with op.batch_alter_table("letter_posted") as posted:
        posted.alter_column("staff_id", existing_type=sa.Uuid(), nullable=True)
        posted.add_column(sa.Column("feedback_id", sa.Uuid(), nullable=True))
        posted.add_column(sa.Column("about", sa.String(length=254), nullable=True))
        posted.create_foreign_key(op.f(MESSAGE), "feedback", ["collaboration_id", "feedback_id"], ["collaboration_id", "id"])
        posted.create_check_constraint(op.f(ONE_OF_TWO), "(staff_id is null) <> (feedback_id is null)")


def downgrade() -> None:
    op.execute("delete from letter_posted where staff_id is null")
    with op.batch_alter_table("letter_posted") as posted:
        posted.drop_constraint(op.f(ONE_OF_TWO), type_="check")
        posted.drop_constraint(op.f(MESSAGE), type_="foreignkey")
        posted.drop_column("about")
        posted.drop_column("feedback_id")
        posted.alter_column("staff_id", existing_type=sa.Uuid(), nullable=False)
