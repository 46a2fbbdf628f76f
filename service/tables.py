"""What every table shares: names of constraints, ids, moments, lists, and words stored as text with a check."""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticKnownError
from sqlalchemy import JSON, Date, DateTime, Dialect, ForeignKeyConstraint, String, TypeDecorator
from sqlalchemy import Enum as EnumType
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel
from uuid_utils.compat import uuid7

from service.language import N_

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.model_config["defer_build"] = True  # a table's class checks nothing; pydantic need not prepare for it while the service starts

MOST_WORDS = 5_000  # characters of a message
MOMENT_WIDTH = 27  # characters of 2026-11-22T09:30:00.000000Z


def new_id() -> UUID:
    """A UUIDv7: rows come in order of time, and no sequence is needed."""
    return uuid7()


def moment_text(value: datetime) -> str:
    """A moment as fixed-width text in UTC, so that text sorts as time does. Refuses a naive moment."""
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return value.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: timestamptz on PostgreSQL, fixed-width ISO text on SQLite."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(String(MOMENT_WIDTH) if sqlite else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        text = moment_text(value)
        return text if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC)


class Day(TypeDecorator[date]):
    """A calendar day: date on PostgreSQL, ISO text on SQLite (where a CAST to DATE would make a number of it)."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(10) if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        return value.isoformat() if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:  # noqa: ARG002
        return date.fromisoformat(value) if isinstance(value, str) else value


class Json(TypeDecorator[Any]):
    """A list or an object: jsonb on PostgreSQL, text on SQLite. Assign it anew; a change in place is not saved."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())


def word_type(words: type[StrEnum], name: str | None = None) -> EnumType:
    """A StrEnum stored as text with a CHECK, the same on both databases. Several columns of one table need a name each."""
    return EnumType(
        words,
        native_enum=False,
        create_constraint=True,
        length=30,
        name=name or words.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def of_collaboration() -> ForeignKeyConstraint:
    """The row belongs to a collaboration."""
    return ForeignKeyConstraint(["collaboration_id"], ["collaboration.id"])


def of_same(table: str, column: str) -> ForeignKeyConstraint:
    """`column` names a row of `table` in the same collaboration: no reference crosses the wall."""
    return ForeignKeyConstraint(["collaboration_id", column], [f"{table}.collaboration_id", f"{table}.id"])


APPEND_ONLY: dict[str, Any] = {"info": {"append_only": True}}
"""Last in `__table_args__`: rows are added and never changed or taken out. On PostgreSQL the service has no right to more."""


# ---- what an input may hold ------------------------------------------------------------------------------------------


def _plain(value: str) -> str:
    """Refuses what no person types and no database stores alike: NUL and lone surrogates."""
    if "\x00" in value:
        raise ValueError(N_("This has a character that cannot be stored."))
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(N_("This has a character that cannot be stored.")) from None
    return value


Plain = AfterValidator(_plain)

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Plain]
CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")
ExactCode = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
"""A code in an address, which a program writes: white space around it is no slip of somebody's hand."""

Code = Annotated[ExactCode, StringConstraints(strip_whitespace=True)]

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), Plain]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_000), Plain]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MOST_WORDS), Plain]
"""Free words of three lengths."""


def _truth(value: object) -> object:
    """Takes true and false, also as the text that a sheet holds; nothing else that could be read as one of them."""
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise PydanticKnownError("bool_type")


Truth = Annotated[bool, BeforeValidator(_truth)]
"""A yes or a no."""


def _iso_day(value: object) -> object:
    """Refuses what pydantic would read as seconds since 1970, or as a moment."""
    if isinstance(value, date) or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)):
        return value
    raise ValueError(A_DATE)


A_DATE = N_("Write the date as year, month and day, for instance 2026-11-22.")
IsoDay = Annotated[date, BeforeValidator(_iso_day)]
"""A calendar day as it is sent: 2026-11-22, and nothing else."""


class Input(BaseModel):
    """What a caller sends. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)
