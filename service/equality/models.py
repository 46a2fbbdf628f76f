"""The sums of what people say about themselves. There is no row for anybody: an answer adds one to a sum of its month."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.tables import Moment, of_collaboration, word_type


class Question(StrEnum):
    """What is asked, in the groups of the census and the harmonised standards. Nobody has to answer any."""

    AGE = "age"
    SEX = "sex"
    ETHNICITY = "ethnicity"
    DISABILITY = "disability"
    CARING = "caring"
    LANGUAGE = "language"


ANSWERS = {
    Question.AGE: ("under_16", "16_24", "25_44", "45_64", "65_74", "75_over"),
    Question.SEX: ("female", "male"),
    Question.ETHNICITY: ("asian", "black", "mixed", "white", "other"),
    Question.DISABILITY: ("yes", "no"),
    Question.CARING: ("yes", "no"),
    Question.LANGUAGE: ("english_or_welsh", "other"),
}
"""What can be answered. "I would rather not say" is nobody's answer, and is counted nowhere."""


class EqualityCount(SQLModel, table=True):
    """How often an answer was given in a month. Questions are counted apart, so that no two answers stand together either."""

    __tablename__ = "equality_count"
    __table_args__ = (of_collaboration(),)

    collaboration_id: UUID = Field(primary_key=True)
    month: str = Field(primary_key=True, max_length=7)
    question: Question = Field(primary_key=True, sa_type=word_type(Question))
    answer: str = Field(primary_key=True, max_length=20)
    count: int


class EqualityTurn(SQLModel, table=True):
    """That a page was sent, so that two taps count once: a hash of its number, and the month. It knows neither answer nor message.

    Where a table keeps its rows in the order of their coming, this one does not.
    """

    __tablename__ = "equality_turn"
    __table_args__ = (of_collaboration(), {"sqlite_with_rowid": False})

    collaboration_id: UUID = Field(primary_key=True)
    turn_hash: str = Field(primary_key=True, max_length=64)
    month_began_at: datetime = Field(sa_type=Moment)
