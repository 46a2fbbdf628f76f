"""`said`: the command line of the operator."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import typer
from pydantic import ValidationError
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from service import logs
from service.cli import backups, exchange, keeping, open311, partners, people, places, running
from service.errors import Refusal, Unavailable
from service.settings import Settings

app = typer.Typer(
    name="said",
    help="Said & Done: residents say, services do, everyone can see whether it was done.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
running.register(app)
exchange.register(app)
app.add_typer(places.collaboration, name="collaboration")
app.add_typer(places.organisation, name="organisation")
app.add_typer(places.topic, name="topic")
app.add_typer(places.area, name="area")
app.add_typer(people.staff, name="staff")
app.add_typer(partners.key, name="key")
backups.register(app, partners.key)
keeping.register(app)
open311.register(app)


UNMIGRATED = "The database is not at this release's migration. Run `said migrate` first."


def main() -> None:
    """Runs a command; what fails is said in one clear sentence, with a status that is not zero."""
    os.umask(0o077)  # what residents said is nobody else's on this machine
    try:
        logs.configure(Settings().log)
        app()
    except Unavailable as error:
        why = str(getattr(error.__cause__, "orig", ""))
        if "no such table" in why or ("unable to open" in why and not Path(make_url(Settings().database).database or "").exists()):
            _stop(UNMIGRATED)
        _stop("The database does not answer, or another program holds it. Nothing was changed; try again.")
    except SQLAlchemyError as error:
        _stop(UNMIGRATED if "does not exist" in str(getattr(error, "orig", "")) else f"The database refused: {type(error).__name__}.")
    except Refusal as refusal:
        _stop(refusal.detail or refusal.title + ".")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "settings"
        _stop(f"{where}: {str(first['msg']).removeprefix('Value error, ').rstrip('.')}.")
    except (OSError, RuntimeError) as error:
        _stop(str(error))


def _stop(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    sys.exit(1)
