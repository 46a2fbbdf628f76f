"""`said backup`, `said key restore`."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from pathlib import Path
from typing import Annotated

import typer

from service import server_keys
from service.cli.session import present, watching
from service.database import sqlite_driver
from service.errors import FieldError, Invalid
from service.keeping import ledger
from service.photos import files
from service.settings import Settings

SHORTEST = 12
"""Characters of a passphrase."""

LOOK = 0.2
"""Seconds between two looks at how far a copy is."""

Passphrase = Annotated[
    Path | None,
    typer.Option("--passphrase-file", exists=True, dir_okay=False, help="A file with the passphrase; absent: asks for it"),
]


def register(app: typer.Typer, key: typer.Typer) -> None:
    """Adds these commands."""
    app.command("backup")(backup)
    key.command("restore")(restore_keys)


def backup(
    folder: Annotated[Path | None, typer.Argument(file_okay=False, help="Where the copy goes; absent: SAID_VAR/backups")] = None,
    keys: Annotated[Path | None, typer.Option(file_okay=False, help="Seal the server keys into this other folder")] = None,
    photos: Annotated[Path | None, typer.Option(file_okay=False, help="Where the photos go; absent, with SQLite: beside the copy")] = None,
    passphrase_file: Passphrase = None,
) -> None:
    """Copy the database (SQLite) while the service runs, and the photos; with --keys seal the server keys as well, apart.

    PostgreSQL is copied with its own pg_dump; there this command seals the keys and packs the photos. docs/operating.md says how
    to restore. Prints what was made.
    """
    settings = Settings()
    is_sqlite = settings.database.startswith("sqlite")
    if not is_sqlite and (folder is not None or (keys is None and photos is None)):
        raise RuntimeError(
            "The database is PostgreSQL: copy it with pg_dump --format=custom, as docs/operating.md says. "
            "This command seals the keys and packs the photos: --keys, --photos."
        )
    target = folder or settings.var / "backups"
    if keys is not None and keys.absolute().resolve() == target.absolute().resolve():
        raise Invalid(FieldError("keys", "Keep the keys apart from the copy of the database: name another folder."))
    sealed = server_keys.seal(settings.var / "keys", _passphrase(passphrase_file, confirm=True)) if keys is not None else None
    moment = f"{present():%Y-%m-%dT%H%M%SZ}"
    if is_sqlite:
        typer.echo(_copy(Path(settings.database.removeprefix("sqlite:///")), target, f"said-{moment}.db"))
    if (is_sqlite or photos is not None) and files.folder_in(settings.var).is_dir():  # after the database: no row is without its file
        typer.echo(_kept(photos or target, f"said-photos-{moment}.tar", lambda path: files.pack(settings.var, path)))
    known = ledger.path_in(settings.var)
    if known.exists():
        typer.echo(_kept(keys or target, f"said-erasures-{moment}.jsonl", lambda path: path.write_bytes(known.read_bytes())))
    if keys is not None and sealed is not None:
        typer.echo(_kept(keys, f"said-keys-{moment}.sealed", lambda path: path.write_bytes(sealed)))
    else:
        typer.echo("The server keys are not in it: --keys FOLDER seals them. Without them no code opens anything.", err=True)


def restore_keys(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What `said backup --keys` made")],
    passphrase_file: Passphrase = None,
) -> None:
    """Put sealed server keys back. A key that is there already is never replaced by another one."""
    restored = server_keys.unseal(Settings().var / "keys", file.read_bytes(), _passphrase(passphrase_file, confirm=False))
    typer.echo(f"Server keys put back: {len(restored)}. Restart the service to use them.")


def _passphrase(file: Path | None, *, confirm: bool) -> str:
    words = file.read_text("utf-8").strip() if file else typer.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm, err=True)
    if len(words) < SHORTEST:
        raise Invalid(FieldError("passphrase", f"The passphrase is too short: at least {SHORTEST} characters."))
    return str(words)


def _kept(folder: Path, name: str, write: Callable[[Path], object]) -> Path:
    """Writes a file whole or not at all, and never over another one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, part = folder / name, folder / f".{name}.part"
    if path.exists():
        raise RuntimeError(f"{path} is there already, and is left as it is. Try again in a second.")
    part.unlink(missing_ok=True)
    try:
        part.touch(mode=0o600, exist_ok=False)
        write(part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _copy(database: Path, folder: Path, name: str) -> Path:
    if not database.exists():
        raise RuntimeError(f"There is no database at {database}.")
    return _kept(folder, name, lambda part: _vacuum(database, part))


def _vacuum(database: Path, part: Path) -> None:
    """A whole, compact copy of one moment; the service reads and writes on. What was deleted is not in it."""

    def copy() -> None:
        driver = sqlite_driver()
        source = driver.connect(str(database))
        try:
            source.execute("PRAGMA busy_timeout=15000")
            source.execute("VACUUM INTO ?", (str(part),))
        finally:
            source.close()
        copied = driver.connect(str(part))
        try:
            [found] = copied.execute("PRAGMA quick_check").fetchone()
        finally:
            copied.close()
        if found != "ok":
            raise RuntimeError("The copy is damaged. Look at the disk, and at the database with PRAGMA integrity_check.")

    with ThreadPoolExecutor(1) as thread, watching(database.stat().st_size, "Copy") as pulse:
        done = thread.submit(copy)
        while not done.done():
            try:
                done.result(timeout=LOOK)
            except NotYetError:
                pulse(part.stat().st_size if part.exists() else 0)
        done.result()
