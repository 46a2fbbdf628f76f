"""The tables of saved views, and what may be sent."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from service.inbox.models import Part, Wanted
from service.tables import Input, Moment, Plain, new_id, of_collaboration

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), Plain]


class SavedView(SQLModel, table=True):
    """A list of the inbox under a name. What it is narrowed by stands in codes, as an address says it; `position` orders its shelf."""

    __tablename__ = "saved_view"
    __table_args__ = (of_collaboration(), Index(None, "collaboration_id", "staff_id"))

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    staff_id: UUID = Field(foreign_key="staff.id")
    shared: bool = False
    position: int
    name: str = Field(max_length=60)
    part: str = Field(max_length=40)
    topic: str = Field(default="", max_length=40)
    area: str = Field(default="", max_length=40)
    organisation: str = Field(default="", max_length=40)
    kind: str = Field(default="", max_length=40)
    whose: str = Field(default="", max_length=40)
    made_at: datetime = Field(sa_type=Moment)

    @property
    def wanted(self) -> Wanted:
        """What it shows."""
        return Wanted(Part(self.part), self.topic, self.area, self.organisation, self.kind, self.whose)


class StartView(SQLModel, table=True):
    """Which view somebody's inbox begins with. Where that view is gone, it begins as everybody's does."""

    __tablename__ = "start_view"
    __table_args__ = (of_collaboration(),)

    collaboration_id: UUID = Field(primary_key=True)
    staff_id: UUID = Field(primary_key=True, foreign_key="staff.id")
    view_id: UUID


class ViewIn(Input):
    """A view to save: its name, and whether it is for all the place's staff."""

    name: Name
    shared: bool = False
