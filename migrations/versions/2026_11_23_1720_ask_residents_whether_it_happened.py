"""Ask residents whether it happened: checks of promises, and invitations to check.

Why: A promise has three voices, and what residents say is one of them. Whoever makes it does not mark it.
Safe for the running release: yes, nothing used these tables before.
"""

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_1720"
down_revision = "2026_11_23_1714"


def upgrade() -> None:
    op.create_table(
        "check_round",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("promise_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", column_types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_check_round_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "promise_id"],
            ["promise.collaboration_id", "promise.id"],
            name=op.f("fk_check_round_collaboration_id_promise_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "organisation_id"],
            ["organisation.collaboration_id", "organisation.id"],
            name=op.f("fk_check_round_collaboration_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_check_round_staff_id")),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_check_round")),
    )
    op.create_index(op.f("ix_check_round_collaboration_id_promise_id"), "check_round", ["collaboration_id", "promise_id"])
    op.create_table(
        "check_invitation",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_check_invitation_collaboration_id")),
        sa.ForeignKeyConstraint(
            ["collaboration_id", "round_id"],
            ["check_round.collaboration_id", "check_round.id"],
            name=op.f("fk_check_invitation_collaboration_id_round_id"),
        ),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_check_invitation")),
        sa.UniqueConstraint("collaboration_id", "code_hash", name=op.f("uq_check_invitation_collaboration_id_code_hash")),
    )
    op.create_index(op.f("ix_check_invitation_collaboration_id_round_id"), "check_invitation", ["collaboration_id", "round_id"])
    op.create_table(
        "promise_check",
        sa.Column("collaboration_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("promise_id", sa.Uuid(), nullable=False),
        sa.Column("phase", sa.Integer(), nullable=False),
        sa.Column("verdict", column_types.words("verdict", "yes", "partly", "no", "do_not_know"), nullable=False),
        sa.Column("came", column_types.words("came", "receipt", "invitation", "open"), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("share", column_types.words("wish", "team_only", "words_public"), nullable=False),
        sa.Column("shown", column_types.words("shown", "not_offered", "waiting", "published", "withheld"), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(came = 'receipt') = (feedback_id is not null)", name=op.f("ck_promise_check_receipt_named")),
        sa.CheckConstraint("(came = 'invitation') = (invitation_id is not null)", name=op.f("ck_promise_check_invitation_named")),
        sa.CheckConstraint("shown <> 'published' or share = 'words_public'", name=op.f("ck_promise_check_shown_as_wished")),
        sa.ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"], name=op.f("fk_promise_check_collaboration_id")),
        *(
            sa.ForeignKeyConstraint(
                ["collaboration_id", column],
                [f"{table}.collaboration_id", f"{table}.id"],
                name=op.f(f"fk_promise_check_collaboration_id_{column}"),
            )
            for table, column in (
                ("promise", "promise_id"),
                ("area", "area_id"),
                ("feedback", "feedback_id"),
                ("check_invitation", "invitation_id"),
            )
        ),
        sa.PrimaryKeyConstraint("collaboration_id", "id", name=op.f("pk_promise_check")),
        sa.UniqueConstraint(
            "collaboration_id", "promise_id", "feedback_id", name=op.f("uq_promise_check_collaboration_id_promise_id_feedback_id")
        ),
        sa.UniqueConstraint("collaboration_id", "invitation_id", name=op.f("uq_promise_check_collaboration_id_invitation_id")),
    )
    op.create_index(op.f("ix_promise_check_collaboration_id_feedback_id"), "promise_check", ["collaboration_id", "feedback_id"])


def downgrade() -> None:
    op.drop_table("promise_check")
    op.drop_table("check_invitation")
    op.drop_table("check_round")
