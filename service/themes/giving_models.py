"""The tables of answers to many on their way: who gets one, what came of it, and what all who have it are told since."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from service.feedback.answer_models import Came
from service.tables import Moment, new_id, of_collaboration, of_same, word_type

ON_ITS_WAY = text("came IS NULL")
UNTOLD = text("told_at IS NULL")


class ThemeGiving(SQLModel, table=True):
    """A message that gets an answer to its theme: noted when somebody says so, given soon after. Until then `came` says nothing.

    `asked_by` gives it, and answers for it; `reply_id`: the reply that the message has since.
    """

    __tablename__ = "theme_giving"
    __table_args__ = (
        of_collaboration(),
        of_same("theme_answer", "answer_id"),
        of_same("feedback", "feedback_id"),
        of_same("reply", "reply_id"),
        Index(None, "collaboration_id", "feedback_id"),
        Index(None, "collaboration_id", "reply_id"),
        Index("ix_theme_giving_on_its_way", "asked_at", sqlite_where=ON_ITS_WAY, postgresql_where=ON_ITS_WAY),
    )

    collaboration_id: UUID = Field(primary_key=True)
    answer_id: UUID = Field(primary_key=True)
    feedback_id: UUID = Field(primary_key=True)
    asked_by: UUID = Field(foreign_key="staff.id")
    asked_at: datetime = Field(sa_type=Moment)
    came: Came | None = Field(default=None, sa_type=word_type(Came))
    reply_id: UUID | None = None


class ThemeNews(SQLModel, table=True):
    """What became of an answer to many, told to each who has it. `done`: with it, the small thing that it said is done.

    `told_to`: the last message that was told; `told_at`: since when all of them are.
    """

    __tablename__ = "theme_news"
    __table_args__ = (
        of_collaboration(),
        of_same("theme_answer", "answer_id"),
        Index(None, "collaboration_id", "answer_id"),
        Index("ix_theme_news_untold", "at", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    answer_id: UUID
    body: str = Field(sa_type=Text)
    done: bool = False
    staff_id: UUID = Field(foreign_key="staff.id")
    at: datetime = Field(sa_type=Moment)
    told_to: UUID | None = None
    told_at: datetime | None = Field(default=None, sa_type=Moment)
