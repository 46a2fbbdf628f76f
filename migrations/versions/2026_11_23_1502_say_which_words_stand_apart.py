"""Say which messages and stories stand apart, and let the database forbid that these are public.

Why: No mistake in the code can show what may harm somebody; and for what is said of a worker there is no way there at all.
Safe for the running release: yes, it does not know these columns.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1502"
down_revision = "2026_11_23_1501"

LANES = "lane IN ('safeguarding', 'allegation')"
CHECKS = {
    "feedback": (
        "lane_unpublished",
        "lane is null or (publication <> 'published' and (lane <> 'allegation' or publication <> 'waiting'))",
    ),
    "narrative": ("lane_unshared", "lane is null or state not in ('shared_public', 'shared_partners')"),
}


def upgrade() -> None:
    for table, (name, rule) in CHECKS.items():
        if op.get_context().dialect.name == "sqlite":
            # Beside the new column, so that the table need not be made anew: that would lose the other rules of the table.
            op.execute(
                f"ALTER TABLE {table} ADD COLUMN lane VARCHAR(30)"
                f"\n\tCONSTRAINT ck_{table}_{name} CHECK ({rule})"
                f"\n\tCONSTRAINT ck_{table}_lane CHECK ({LANES})"
            )
        else:
            op.add_column(table, sa.Column("lane", column_types.words("lane", "safeguarding", "allegation"), nullable=True))
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def downgrade() -> None:
    for table, (name, _rule) in CHECKS.items():
        if op.get_context().dialect.name != "sqlite":
            op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
        op.drop_column(table, "lane")
