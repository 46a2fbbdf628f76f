"""`said serve`, `migrate`, `demo`, `verify`, `openapi`, `register`."""

import fcntl
import gc
import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import uvicorn
from sqlalchemy import inspect, text

from service import server_keys, verification
from service.app import create_app
from service.cli.people import link_to
from service.cli.session import opened, present, reading, writing
from service.database import connect
from service.example.hillside import COORDINATOR, SLUG, make_example, remake_example
from service.journal.actions import OPERATOR
from service.later import later
from service.people.actions import make_link
from service.photos import files as photos
from service.register import sheet_of
from service.registered import REGISTER
from service.search.sources import is_current, rebuild
from service.settings import ROOT, Settings

if TYPE_CHECKING:
    from alembic import command, config
else:
    command, config = later("alembic.command"), later("alembic.config")  # whoever only serves migrates nothing


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    for name, function in {
        "serve": serve,
        "migrate": migrate,
        "demo": demo,
        "verify": verify,
        "openapi": openapi,
        "register": register_sheet,
    }.items():
        app.command(name)(function)


def serve(
    example: Annotated[bool, typer.Option("--example", help="Migrate first, make the example, print a sign-in link for it")] = False,
    migrate_first: Annotated[bool, typer.Option("--migrate", help="Migrate first")] = False,
) -> None:
    """Serve until stopped."""
    settings = Settings()
    with _alone(settings):
        _must_be_free(settings)
        if example or migrate_first:
            _migrate(settings)
        if example:
            demo()
        if not _is_migrated(settings):
            raise RuntimeError("The database is not at this release's migration. Run `said migrate` first.")
        _must_stand_before_the_walls(settings)
        with writing() as writes:
            server_keys.open_keys(writes, settings.var / "keys", present())
        config = uvicorn.Config(
            create_app(settings),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies or None,
            timeout_graceful_shutdown=10,
            h11_max_incomplete_event_size=16 * 1024,
        )
        settle_memory()
        _Server(config, example=example).run()


def settle_memory() -> None:
    """Takes what was loaded so far out of garbage collection: walking it again and again costs a third of a busy server's time.

    It is not searched for rubbish before: among 240,000 objects there were 1,147, and to find them took a tenth of the whole start.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


class _Server(uvicorn.Server):
    """Says where it is once it can be reached."""

    def __init__(self, config: uvicorn.Config, *, example: bool) -> None:
        super().__init__(config)
        self.example = example

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        settings = Settings()
        address = f"http://{settings.host}:{settings.port}"
        typer.echo(f"Said & Done is at {address}")
        if self.example:
            with writing() as writes:
                secret = make_link(writes, OPERATOR, COORDINATOR, present())
            typer.echo(f"The example is at {address}/{SLUG}")
            typer.echo(f"Sign in as its coordinator, once, within 15 minutes: {link_to(secret)}")


def migrate() -> None:
    """Bring the database to this release's migration."""
    _migrate(Settings())
    typer.echo("The database is up to date.")


def demo(
    refresh: Annotated[bool, typer.Option("--refresh", help="Make hillside anew, dated from today; what was said in it is gone")] = False,
) -> None:
    """Make the example collaboration, hillside, if it is not there yet."""
    settings, now = Settings(), present()
    with writing() as writes:
        keys = server_keys.open_keys(writes, settings.var / "keys", now)
        if refresh:
            remake_example(writes, keys, now)
        made = refresh or make_example(writes, keys, now)
    if made:
        typer.echo("Made the example collaboration, hillside.")


def verify(
    mend: Annotated[bool, typer.Option("--mend", help="Make every count what the facts say")] = False,
) -> None:
    """Recompute every count from the facts, look for the file of every photo, and name each difference."""
    if mend:
        with writing() as writes:
            typer.echo(f"Counts put right: {verification.mend(writes)}.")
        return
    with reading() as reads:
        differences, lost = verification.differences(reads), photos.differences(reads, Settings().var)
    for difference in (*differences, *lost):
        typer.echo(difference, err=True)
    if lost:
        raise RuntimeError(f"{len(lost)} photos have lost their file. Take it from a copy: docs/operating.md, Backup.")
    if differences:
        raise RuntimeError(f"{len(differences)} counts differ from the facts.")
    typer.echo("Every count is what the facts say.")


def openapi() -> None:
    """Print the API document."""
    typer.echo(json.dumps(create_app(Settings()).openapi(), indent=2, ensure_ascii=False))


def register_sheet() -> None:
    """Print the register of what is kept: docs/data-register.md."""
    typer.echo(sheet_of(REGISTER), nl=False)


# ---- before serving --------------------------------------------------------------------------------------------------


REVISION = re.compile(r'^(down_)?revision = "([^"]+)"$', re.MULTILINE)


def heads() -> set[str]:
    """The migrations that no other one follows, as their files say it themselves: to look does not need the library that runs them."""
    found = [REVISION.findall(path.read_text()) for path in (ROOT / "migrations" / "versions").glob("*.py")]
    own = {name for named in found for before, name in named if not before}
    return own - {name for named in found for before, name in named if before}


def _config(settings: Settings) -> "config.Config":
    made = config.Config(ROOT / "alembic.ini")
    made.attributes["url"] = settings.database
    return made


def _migrate(settings: Settings) -> None:
    settings.var.mkdir(parents=True, exist_ok=True)
    if not _is_migrated(settings):
        command.upgrade(_config(settings), "head")
    with opened() as database:
        with database.read() as reads:
            known = is_current(reads)
        if not known:  # a first start, words that were there before the index was, or another way of folding them
            rebuild(database.write)


def _is_migrated(settings: Settings) -> bool:
    settings.var.mkdir(parents=True, exist_ok=True)
    engine = connect(settings.database, read_only=True)
    try:
        with engine.connect() as connection:
            known = inspect(connection).has_table("alembic_version")
            present_heads = set(connection.scalars(text("select version_num from alembic_version"))) if known else set()
    finally:
        engine.dispose()
    return present_heads == heads()


def _must_stand_before_the_walls(settings: Settings) -> None:
    """For a superuser of PostgreSQL the walls in the database do not stand: in production that is refused, elsewhere said."""
    engine = connect(settings.database, read_only=True)
    try:
        if engine.dialect.name != "postgresql":
            return
        with engine.connect() as connection:
            query = text("select rolname from pg_roles where rolname = current_user and (rolsuper or rolbypassrls)")
            mighty = connection.scalar(query)
    finally:
        engine.dispose()
    if mighty is None:
        return
    words = (
        f"The database user {mighty} is a superuser or may bypass row-level security, so the walls between collaborations do not stand "
        "in the database. Give the service a role of its own: docs/operating.md, two roles."
    )
    if settings.mode == "production":
        raise RuntimeError(words)
    typer.echo(words, err=True)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """On SQLite one server owns the writing; a second one would break the promise that groups keep."""
    settings.var.mkdir(parents=True, exist_ok=True)
    if not settings.database.startswith("sqlite"):
        yield
        return
    with Path(settings.database.removeprefix("sqlite:///") + ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RuntimeError(
                "Another server is running on this database. Stop it first, or give this one its own SAID_VAR, or use PostgreSQL."
            ) from None
        yield


def _must_be_free(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            raise RuntimeError(f"Port {settings.port} is taken. Choose another, for instance: make run PORT=8001") from None
