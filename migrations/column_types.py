"""The column types as migrations need them: frozen here, so that an old migration means the same for ever."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine


class Moment(TypeDecorator[Any]):
    """timestamptz, or 27 characters of ISO text on SQLite."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(sa.String(27) if dialect.name == "sqlite" else sa.DateTime(timezone=True))


class Day(TypeDecorator[Any]):
    """date, or 10 characters of ISO text on SQLite."""

    impl = sa.Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(sa.String(10) if dialect.name == "sqlite" else sa.Date())


class Json(TypeDecorator[Any]):
    """jsonb, or JSON text on SQLite."""

    impl = sa.JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else sa.JSON())


def words(name: str, *values: str) -> sa.Enum:
    """Text with a CHECK that it is one of these words."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)
