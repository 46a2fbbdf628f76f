"""Letters also invite.

Why: Whoever invites somebody on the page for it need not hand the link over.
Safe for the running release: yes, it writes letters of the kinds that it knows.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_1402"
down_revision = "2026_11_23_1401"

BEFORE, AFTER = "purpose IN ('sign_in')", "purpose IN ('sign_in', 'invitation')"


def upgrade() -> None:
    _allow(AFTER)


def downgrade() -> None:
    op.execute("delete from letter where purpose = 'invitation'")
    _allow(BEFORE)


def _allow(words: str) -> None:
    with op.batch_alter_table("letter") as letter:
        letter.drop_constraint(op.f("ck_letter_purpose"), type_="check")
        letter.create_check_constraint(op.f("ck_letter_purpose"), sa.text(words))
