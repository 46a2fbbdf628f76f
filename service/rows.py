"""Many rows in one statement: a JSON parameter seen as a table, the same on SQLite and PostgreSQL."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic_core import to_json
from sqlalchemy import ColumnElement, Subquery, Text, bindparam, cast, func, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class json_rows(GenericFunction[Any]):  # noqa: N801 (the name of an SQL function)
    """The elements of a JSON array, one row each."""

    inherit_cache = True


@compiles(json_rows)
def _jsonb_each(element: json_rows, compiler: SQLCompiler, **options: Any) -> str:
    # Not json_each: that writes each row out as text, which `->>` reads again for each of its cells. Twice as quick on wide rows.
    return f"jsonb_each({compiler.process(element.clauses, **options)})"


@compiles(json_rows, "postgresql")
def _jsonb_array_elements(element: json_rows, compiler: SQLCompiler, **options: Any) -> str:
    return f"jsonb_array_elements(CAST({compiler.process(element.clauses, **options)} AS JSONB))"


def rows_of(columns: Sequence[ColumnElement[Any]], name: str = "rows") -> Subquery:
    """The parameter `name`, a JSON array of arrays, seen as a table with the names and types of these columns.

    Beware: ids go in as hex text and moments as `tables.moment_text`, which both databases read without a conversion.
    """
    value = func.json_rows(bindparam(name, type_=Text)).table_valued("value", name=f"{name}_item").c.value
    cells = (cast(value.op("->>")(literal_column(str(place))), column.type).label(column.key) for place, column in enumerate(columns))
    # On PostgreSQL evaluated before it is joined: behind row-level security an index is used for plain columns only, as a function that
    # is given a row might tell of rows that must not be seen. Without this every look-up would read the whole table.
    return select(*cells).suffix_with("OFFSET 0", dialect="postgresql").subquery(name)


def json_of(rows: Iterable[Sequence[Any]], name: str = "rows") -> dict[str, str]:
    """The parameter for `rows_of`."""
    return {name: to_json(list(rows)).decode()}
