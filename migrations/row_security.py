"""The walls in the database, on PostgreSQL: what `service/walls.py` sets, the policies here read. SQLite has none.

After every upgrade `env.py` puts them up for each table that has a collaboration, so that a new table cannot be forgotten.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, text

SERVICE = "said_service"
"""The role that the service works as, if the operator made one beside the owner of the tables (docs/operating.md)."""

HOUSE = "(select current_setting('said.house', true)) = 'on'"
PLACES = "(select string_to_array(nullif(current_setting('said.places', true), ''), ',')::uuid[])::uuid[]"
WITHIN = f"({HOUSE} or {{column}} = any ({PLACES}))"
INDEX_OF_WORDS = "search_words"
"""Written behind the wall, read without one: PostgreSQL uses no GIN index behind row-level security. It holds folded words and ids; what
they lead to stands behind walls of its own, and a page shows nothing else."""

INSTALLATION = "'00000000-0000-0000-0000-000000000000'"
"""In the journal, the collaboration of what belongs to none: everybody may add such a line, and only the whole house reads it."""


def walled_tables(connection: Connection) -> list[str]:
    """Every table whose rows belong to a collaboration."""
    found = connection.execute(
        text(
            "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid"
            " where c.relkind in ('r', 'p') and c.relnamespace = current_schema()::regnamespace"
            " and a.attname = 'collaboration_id' and not a.attisdropped order by 1"
        )
    )
    return list(found.scalars())


def put_up(connection: Connection) -> None:
    """Row-level security on every table of collaborations, for the owner of the tables as well. What stands already is left alone."""
    if connection.dialect.name != "postgresql":
        return
    for table in walled_tables(connection):
        within = WITHIN.format(column="collaboration_id")
        _policies(connection, table, _changes(within, "found") if table == INDEX_OF_WORDS else {"within": ("all", "using", within)})
    _policies(connection, "journal_entry", {"of_the_installation": ("insert", "with check", f"(collaboration_id = {INSTALLATION})")})
    _policies(connection, "collaboration", _changes(WITHIN.format(column="id"), "listed"))  # which there are is on the first page


def _changes(within: str, read_as: str) -> dict[str, tuple[str, str, str]]:
    """Policies of what everybody may read, and who is within may change."""
    changes = {verb: (verb, "with check" if verb == "insert" else "using", within) for verb in ("insert", "update", "delete")}
    return {read_as: ("select", "using", "(true)"), **changes}


def _policies(connection: Connection, table: str, policies: dict[str, tuple[str, str, str]]) -> None:
    standing = connection.execute(
        text("select policyname from pg_policies where schemaname = current_schema() and tablename = :table"), {"table": table}
    )
    missing = policies.keys() - set(standing.scalars())
    if missing:
        connection.execute(text(f'alter table "{table}" enable row level security, force row level security'))
    for name in sorted(missing):
        verb, clause, condition = policies[name]
        connection.execute(text(f'create policy "{name}" on "{table}" for {verb} {clause} {condition}'))


def take_down(connection: Connection) -> None:
    """The tables as they were before there were walls."""
    if connection.dialect.name != "postgresql":
        return
    standing = text("select tablename, policyname from pg_policies where schemaname = current_schema()")
    for table, name in connection.execute(standing).all():
        connection.execute(text(f'drop policy "{name}" on "{table}"'))
    for table in [*walled_tables(connection), "collaboration"]:
        connection.execute(text(f'alter table "{table}" disable row level security, no force row level security'))


def share_out(connection: Connection, append_only: Iterable[str]) -> None:
    """Who may do what to which table: the service reads and writes, and to what is `append_only` it adds.

    The journal is kept even from the owner of the tables, who would have to take the right back first.
    """
    if connection.dialect.name != "postgresql":
        return
    connection.execute(text("revoke update, delete, truncate on journal_entry from current_user"))
    if connection.scalar(text("select 1 from pg_roles where rolname = :role"), {"role": SERVICE}) is None:
        return
    connection.execute(text(f"grant usage on schema {connection.scalar(text('select current_schema()'))} to {SERVICE}"))
    ours = connection.execute(text("select tablename from pg_tables where schemaname = current_schema() and tableowner = current_user"))
    for table in ours.scalars().all():
        connection.execute(text(f'grant select, insert, update, delete on "{table}" to {SERVICE}'))
    connection.execute(text(f"revoke insert, update, delete on alembic_version from {SERVICE}"))
    for table in append_only:
        connection.execute(text(f'revoke update, delete on "{table}" from {SERVICE}'))
