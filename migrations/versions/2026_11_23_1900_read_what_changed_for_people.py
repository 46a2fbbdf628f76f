"""Read what changed for people: instruments, people under made-up names with their yes and their goals, readings and what they said before.

Why: Whether life got better is asked of people themselves, again and again, with their consent.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1900"
down_revision = "2026_11_23_1854"

VERSION = ("collaboration_id", "reading_id", "version")


def own(table: str, *columns: sa.schema.SchemaItem) -> None:
    """A table of collaborations."""
    op.create_table(
        table,
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f(f"fk_{table}_collaboration_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f(f"pk_{table}")),
    )


def names(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """`column` names a row of another table in the same collaboration."""
    name = op.f(f"fk_{table}_collaboration_id_{column}")
    return sa.ForeignKeyConstraint(["collaboration_id", column], [f"{other}.collaboration_id", f"{other}.id"], name=name)


def upgrade() -> None:
    own(
        "instrument",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=True),
        sa.Column("low", sa.Float(53), nullable=False),
        sa.Column("high", sa.Float(53), nullable=False),
        sa.Column("good_direction", column_types.words("better", "up", "down"), nullable=False),
        sa.Column("meaningful_change", sa.Float(53), nullable=True),
        sa.Column("licence", column_types.words("licence", "open", "registered", "own"), nullable=False),
        sa.Column("licence_ref", sa.String(length=200), nullable=True),
        sa.Column("changed_at", column_types.Moment(), nullable=False),
        sa.UniqueConstraint("collaboration_id", "code", name=op.f("uq_instrument_collaboration_id_code")),
        sa.CheckConstraint("low < high", name=op.f("ck_instrument_low_below_high")),
        sa.CheckConstraint("licence <> 'registered' or licence_ref is not null", name=op.f("ck_instrument_licence_named")),
        sa.CheckConstraint("licence <> 'registered' or question is null", name=op.f("ck_instrument_no_closed_words")),
        sa.CheckConstraint("meaningful_change is null or meaningful_change > 0", name=op.f("ck_instrument_change_above_nothing")),
    )
    own(
        "person_key",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("pseudonym", sa.String(length=64), nullable=False),
        sa.Column("added_at", column_types.Moment(), nullable=False),
        names("person_key", "organisation_id", "organisation"),
        sa.UniqueConstraint("collaboration_id", "organisation_id", "pseudonym", name="uq_person_key_pseudonym"),
    )
    own(
        "person_yes",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("wording_version", sa.String(length=40), nullable=False),
        sa.Column("given_on", column_types.Day(), nullable=False),
        sa.Column("expires_on", column_types.Day(), nullable=True),
        sa.Column("recorded_at", column_types.Moment(), nullable=False),
        names("person_yes", "person_id", "person_key"),
        sa.UniqueConstraint("collaboration_id", "person_id", "wording_version", "given_on", name="uq_person_yes_given"),
        sa.CheckConstraint("expires_on is null or given_on <= expires_on", name=op.f("ck_person_yes_in_order")),
    )
    own(
        "goal",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("added_at", column_types.Moment(), nullable=False),
        names("goal", "person_id", "person_key"),
        sa.UniqueConstraint("collaboration_id", "person_id", "words", name="uq_goal_words"),
    )
    own(
        "outcome_reading",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=True),
        sa.Column("episode", sa.String(length=40), nullable=False),
        sa.Column("taken_on", column_types.Day(), nullable=False),
        sa.Column("scored_by", column_types.words("scoredby", "self", "with_help", "worker_view"), nullable=False),
        sa.Column("value", sa.Float(53), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("ref", sa.String(length=120), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", column_types.Moment(), nullable=False),
        names("outcome_reading", "person_id", "person_key"),
        names("outcome_reading", "goal_id", "goal"),
        names("outcome_reading", "area_id", "area"),
        sa.UniqueConstraint("collaboration_id", "person_id", "measure", "episode", "taken_on", "scored_by", name="uq_outcome_reading_key"),
    )
    op.create_index(
        op.f("ix_outcome_reading_collaboration_id_measure_taken_on"), "outcome_reading", ["collaboration_id", "measure", "taken_on"]
    )
    own(
        "earlier_reading",
        sa.Column("reading_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", sa.Float(53), nullable=False),
        sa.Column("recorded_at", column_types.Moment(), nullable=False),
        sa.Column("corrected_at", column_types.Moment(), nullable=False),
        sa.Column("actor_kind", column_types.words("actorkind", "resident", "staff", "key", "operator"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        names("earlier_reading", "reading_id", "outcome_reading"),
        names("earlier_reading", "person_id", "person_key"),
        sa.UniqueConstraint(*VERSION, name=op.f(f"uq_earlier_reading_{'_'.join(VERSION)}")),
    )


def downgrade() -> None:
    op.drop_table("earlier_reading")
    op.drop_index(op.f("ix_outcome_reading_collaboration_id_measure_taken_on"), table_name="outcome_reading")
    for table in ("outcome_reading", "goal", "person_yes", "person_key", "instrument"):
        op.drop_table(table)
