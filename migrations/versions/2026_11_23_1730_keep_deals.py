"""Keep deals, and move into them what promises named so far.

Why: A deal has a title of its own, and both parts hang on it: what organisations promise and what the community takes on.
Safe for the running release: yes. A line that it writes meanwhile stays a line: its promise hangs on no deal until somebody hangs it there.
"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1730"
down_revision = "2026_11_23_1722"

DATED = "due_on is not null or review_by is not null"
DRAFTS_TOO = f"{DATED} or standing in ('draft', 'proposed')"


def upgrade() -> None:
    op.create_table(
        "deal",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("level", column_types.words("deallevel", "headline", "priority"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("theme", sa.String(length=200), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("since", column_types.Day(), nullable=True),
        sa.Column("until", column_types.Day(), nullable=True),
        sa.Column("added_at", column_types.Moment(), nullable=False),
        sa.Column("changed_at", column_types.Moment(), nullable=False),
        sa.CheckConstraint("level = 'priority' or parent_id is null", name=op.f("ck_deal_headline_stands_alone")),
        sa.CheckConstraint("parent_id is null or parent_id <> id", name=op.f("ck_deal_under_another")),
        sa.CheckConstraint("since is null or until is null or since <= until", name=op.f("ck_deal_dates_in_order")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_deal_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "parent_id"], ["deal.collaboration_id", "deal.id"], name=op.f("fk_deal_collaboration_id_parent_id")
        ),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_deal")),
        sa.UniqueConstraint("collaboration_id", "title", name=op.f("uq_deal_collaboration_id_title")),
    )
    op.create_index(op.f("ix_deal_collaboration_id_parent_id"), "deal", ["collaboration_id", "parent_id"])
    with op.batch_alter_table("promise") as promise:
        promise.add_column(sa.Column("deal_id", sa.Uuid(), nullable=True))
        promise.add_column(sa.Column("audience", sa.String(length=200), nullable=True))
        promise.create_foreign_key(
            op.f("fk_promise_collaboration_id_deal_id"), "deal", ["collaboration_id", "deal_id"], ["collaboration_id", "id"]
        )
        promise.drop_constraint(op.f("ck_promise_dated"), type_="check")
        promise.create_check_constraint(op.f("ck_promise_dated"), sa.text(DRAFTS_TOO))
        promise.create_index(op.f("ix_promise_collaboration_id_deal_id"), ["collaboration_id", "deal_id"])
    move_lines()


def move_lines() -> None:
    """A deal for every line that promises of a place name; spaces around it do not tell two apart."""
    promise = sa.table("promise", *map(sa.column, ("collaboration_id", "deal", "deal_id", "added_at")))
    deal = sa.table("deal", *map(sa.column, ("collaboration_id", "id", "level", "title", "added_at", "changed_at")))
    here = op.get_bind()
    promise.c.collaboration_id.type = deal.c.collaboration_id.type = deal.c.id.type = promise.c.deal_id.type = sa.Uuid()
    here.execute(sa.update(promise).values(deal=sa.func.nullif(sa.func.trim(promise.c.deal), "")).where(promise.c.deal.is_not(None)))
    named = sa.select(promise.c.collaboration_id, promise.c.deal, sa.func.min(promise.c.added_at)).where(promise.c.deal.is_not(None))
    for place, title, since in here.execute(named.group_by(promise.c.collaboration_id, promise.c.deal)).all():
        made = {"collaboration_id": place, "id": uuid4(), "level": "priority", "title": title, "added_at": since, "changed_at": since}
        here.execute(sa.insert(deal).values(made))
        of_it = sa.and_(promise.c.collaboration_id == place, promise.c.deal == title)
        here.execute(sa.update(promise).values(deal_id=made["id"]).where(of_it))


def downgrade() -> None:
    op.execute("update promise set review_by = made_on where due_on is null and review_by is null and made_on is not null")
    op.execute("update promise set review_by = '2026-11-23' where due_on is null and review_by is null")
    with op.batch_alter_table("promise") as promise:
        promise.drop_constraint(op.f("ck_promise_dated"), type_="check")
        promise.create_check_constraint(op.f("ck_promise_dated"), sa.text(DATED))
        promise.drop_index(op.f("ix_promise_collaboration_id_deal_id"))
        promise.drop_constraint(op.f("fk_promise_collaboration_id_deal_id"), type_="foreignkey")
        promise.drop_column("deal_id")
        promise.drop_column("audience")
    op.drop_table("deal")
