"""A wording, and what may be typed to make one."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel
from pydantic import Field as Limit
from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.feedback.models import Outcome
from service.places.models import LanguageTag
from service.tables import Line, Moment, Paragraph, Words, new_id, of_collaboration, word_type


class Wording(SQLModel, table=True):
    """What an answer can begin with: for an outcome, or for any; in a language. Whoever answers changes it as they like."""

    __table_args__ = (of_collaboration(), UniqueConstraint("collaboration_id", "name"))

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    name: str = Field(max_length=80)
    outcome: Outcome | None = Field(default=None, sa_type=word_type(Outcome))
    language: str | None = Field(default=None, max_length=12)
    body: str = Field(max_length=5_000)
    reason: str | None = Field(default=None, max_length=1_000)
    changed_at: datetime = Field(sa_type=Moment)
    retired_at: datetime | None = Field(default=None, sa_type=Moment)


class WordingForm(BaseModel):
    """A wording as it is typed. Without an outcome it is for any answer."""

    name: Annotated[Line, Limit(max_length=80)]
    outcome: Outcome | None = None
    language: LanguageTag | None = None
    body: Annotated[Words, Limit(min_length=1)]
    reason: Paragraph | None = None


class OfferForm(BaseModel):
    """Whether it is offered any more."""

    act: Literal["retire", "bring_back"]
