"""Say when promises were first settled, from their histories.

Why: The column is new; those that were settled and taken up again belong in the count.
Safe for the running release: yes, it does not know the column.
"""

from alembic import op

revision = "2026_11_23_1722"
down_revision = "2026_11_23_1721"

SETTLED = "('kept', 'partly_kept', 'broken', 'changed', 'released')"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    day = "substr(min(p.at), 1, 10)" if sqlite else "cast(min(p.at) at time zone 'UTC' as date)"
    first = (
        f"select {day} from progress p where p.collaboration_id = promise.collaboration_id "  # noqa: S608 (no value from outside)
        f"and p.promise_id = promise.id and p.moved_to in {SETTLED}"
    )
    op.execute(f"update promise set first_settled_on = coalesce(({first}), settled_on)")  # noqa: S608 (no value from outside)


def downgrade() -> None:
    """The column goes in the step before."""
