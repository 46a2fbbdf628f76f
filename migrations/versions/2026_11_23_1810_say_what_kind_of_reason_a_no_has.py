"""Say what kind of reason a no has, beside its words.

Why: Everybody can see what stands in the way most often: money, the law, or that it is not ours to do.
Safe for the running release: yes, it does not know these columns; a no without a kind counts as one with another reason.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1810"
down_revision = "2026_11_23_1756"

KINDS = ("not_ours", "no_money", "not_lawful", "not_safe", "others_first", "other")
RULE = "no_kind is null or outcome = 'cannot_do'"
TABLES = ("reply", "draft", "theme_answer")


def upgrade() -> None:
    listed = ", ".join(repr(kind) for kind in KINDS)
    for table in TABLES:
        if op.get_context().dialect.name == "sqlite":
            # Beside the new column, so that the table need not be made anew: that would lose the other rules of the table.
            rule = f"\n\tCONSTRAINT ck_reply_kind_of_a_no CHECK ({RULE})" if table == "reply" else ""
            op.execute(
                f"ALTER TABLE {table} ADD COLUMN no_kind VARCHAR(30){rule}\n\tCONSTRAINT ck_{table}_no_kind CHECK (no_kind IN ({listed}))"
            )
        else:
            op.add_column(table, sa.Column("no_kind", column_types.words("no_kind", *KINDS), nullable=True))
            if table == "reply":
                op.create_check_constraint(op.f("ck_reply_kind_of_a_no"), table, RULE)
        noes = sa.table(table, sa.column("outcome", sa.String), sa.column("no_kind", sa.String))
        op.execute(noes.update().where(noes.c.outcome == "cannot_do").values(no_kind="other"))
    op.execute(
        "insert into rollup (collaboration_id, subject, period, area_id, cell, slot, count) "
        "select collaboration_id, 'no', period, area_id, 'other', slot, count from rollup where subject = 'answer' and cell = 'cannot_do'"
    )


def downgrade() -> None:
    op.execute("delete from rollup where subject = 'no'")
    with op.batch_alter_table("reply") as reply:  # a later one may have made the table anew: then its rules stand beside no column
        reply.drop_constraint(op.f("ck_reply_kind_of_a_no"), type_="check")
        reply.drop_constraint(op.f("ck_reply_no_kind"), type_="check")
        reply.drop_column("no_kind")
    op.drop_column("draft", "no_kind")
    op.drop_column("theme_answer", "no_kind")
