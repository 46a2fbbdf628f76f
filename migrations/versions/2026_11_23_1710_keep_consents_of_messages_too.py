"""Keep what the senders of messages said yes to, as it is kept of stories.

Why: A yes is given for one use, in one wording, from a day on; it ends on a day, or when it is taken back. Until now that was kept of
stories only. What senders ticked before is kept as a yes of the day on which the message came, without a last day.
Safe for the running release: yes, it names every column that it writes; what is sent to it meanwhile is shown again when it was decided.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1710"
down_revision = "2026_11_23_1701"

BEFORE = ("share_words_public", "share_partners")
AFTER = ("share_words_public", "share_anonymised_partners", "reply")
GIVEN = ("collaboration_id", "id", "feedback_id", "purpose", "wording_version", "how", "given_on")
STANDS = sa.text("withdrawn_at IS NULL AND expired_at IS NULL")


def consents(*more: sa.schema.SchemaItem, nullable: bool, purposes: tuple[str, ...]) -> sa.Table:
    """The table of consents, with these purposes."""
    return sa.Table(
        "consent",
        sa.MetaData(),
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("narrative_id", sa.Uuid(), nullable=nullable),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("wording_version", sa.String(length=40), nullable=False),
        sa.Column("given_on", column_types.Day(), nullable=False),
        sa.Column("expires_on", column_types.Day(), nullable=True),
        sa.Column("withdrawn_at", column_types.Moment(), nullable=True),
        *more,
        sa.CheckConstraint(allowed(purposes), name="ck_consent_purpose"),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "narrative_id"],
            ["narrative.collaboration_id", "narrative.id"],
            name="fk_consent_collaboration_id_narrative_id",
        ),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name="fk_consent_collaboration_id"),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name="pk_consent"),
        sa.Index("ix_consent_collaboration_id_narrative_id", "collaboration_id", "narrative_id"),
    )


def added() -> tuple[sa.schema.SchemaItem, ...]:
    """What this adds to the table."""
    return (
        sa.Column("feedback_id", sa.Uuid(), nullable=True),
        sa.Column("how", sa.String(length=30), nullable=True),
        sa.Column("expired_at", column_types.Moment(), nullable=True),
        sa.CheckConstraint("how IN ('web', 'paper', 'phone', 'in_person')", name="ck_consent_how"),
        sa.CheckConstraint("(feedback_id is null) <> (narrative_id is null)", name="ck_consent_one_subject"),
        sa.CheckConstraint("withdrawn_at is null or expired_at is null", name="ck_consent_ended_once"),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "feedback_id"],
            ["feedback.collaboration_id", "feedback.id"],
            name="fk_consent_collaboration_id_feedback_id",
        ),
    )


def allowed(purposes: tuple[str, ...]) -> str:
    return f"purpose IN ({', '.join(repr(purpose) for purpose in purposes)})"


def upgrade() -> None:
    with op.batch_alter_table("consent", copy_from=consents(nullable=False, purposes=BEFORE)) as consent:
        consent.add_column(sa.Column("feedback_id", sa.Uuid(), nullable=True))
        consent.add_column(sa.Column("how", sa.String(length=30), nullable=True))
        consent.add_column(sa.Column("expired_at", column_types.Moment(), nullable=True))
        consent.alter_column("narrative_id", existing_type=sa.Uuid(), nullable=True)
        consent.drop_constraint(op.f("ck_consent_purpose"), type_="check")
        consent.create_check_constraint(op.f("ck_consent_purpose"), sa.text(allowed(AFTER)))
        consent.create_check_constraint(op.f("ck_consent_how"), sa.text("how IN ('web', 'paper', 'phone', 'in_person')"))
        consent.create_check_constraint(op.f("ck_consent_one_subject"), sa.text("(feedback_id is null) <> (narrative_id is null)"))
        consent.create_check_constraint(op.f("ck_consent_ended_once"), sa.text("withdrawn_at is null or expired_at is null"))
        consent.create_foreign_key(
            op.f("fk_consent_collaboration_id_feedback_id"),
            "feedback",
            ["collaboration_id", "feedback_id"],
            ["collaboration_id", "id"],
        )
    op.create_index(op.f("ix_consent_collaboration_id_feedback_id"), "consent", ["collaboration_id", "feedback_id"])
    op.create_index("ix_consent_expires_on", "consent", ["expires_on"], sqlite_where=STANDS, postgresql_where=STANDS)
    _keep_what_was_ticked()


def _keep_what_was_ticked() -> None:
    """Who offered the words, and who left a way to be reached, said so on the day on which the message came."""
    known = ("collaboration_id", "id", "public_id", "share", "channel", "withdrawn_at")
    feedback = sa.table("feedback", *(sa.column(name) for name in known))
    contact = sa.table("contact", sa.column("collaboration_id"), sa.column("feedback_id"))
    received_at: Any = sa.literal_column("feedback.received_at")
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    day = sa.func.substr(received_at, 1, 10) if on_sqlite else sa.cast(received_at.op("at time zone")("UTC"), sa.Date)
    consent = sa.table("consent", *(sa.column(name) for name in GIVEN))
    said: tuple[Any, ...] = (sa.literal_column("'2026-11'"), feedback.c.channel, day)
    shared = sa.select(feedback.c.collaboration_id, feedback.c.id, feedback.c.id, sa.literal_column("'share_words_public'"), *said)
    shared = shared.where(feedback.c.share == "words_public", feedback.c.withdrawn_at.is_(None))
    reached = sa.select(feedback.c.collaboration_id, feedback.c.public_id, feedback.c.id, sa.literal_column("'reply'"), *said)
    same = (contact.c.collaboration_id == feedback.c.collaboration_id) & (contact.c.feedback_id == feedback.c.id)
    for rows in (shared, reached.join(contact, same)):
        op.execute(sa.insert(consent).from_select(GIVEN, rows))


def downgrade() -> None:
    op.execute("delete from consent where narrative_id is null or purpose = 'share_anonymised_partners'")
    op.drop_index("ix_consent_expires_on", table_name="consent")
    op.drop_index(op.f("ix_consent_collaboration_id_feedback_id"), table_name="consent")
    with op.batch_alter_table("consent", copy_from=consents(*added(), nullable=True, purposes=AFTER)) as consent:
        consent.drop_constraint(op.f("fk_consent_collaboration_id_feedback_id"), type_="foreignkey")
        for name in ("one_subject", "ended_once", "how", "purpose"):
            consent.drop_constraint(op.f(f"ck_consent_{name}"), type_="check")
        consent.create_check_constraint(op.f("ck_consent_purpose"), sa.text(allowed(BEFORE)))
        consent.alter_column("narrative_id", existing_type=sa.Uuid(), nullable=False)
        for name in ("feedback_id", "how", "expired_at"):
            consent.drop_column(name)
