"""`said key`."""

from datetime import timedelta
from typing import Annotated

import typer

from service import server_keys
from service.cli.session import place_of, present, writing
from service.errors import FieldError, Invalid
from service.journal.actions import OPERATOR
from service.partners.actions import Grants, add_key, revoke_key
from service.partners.models import Scope
from service.places.queries import find_organisation
from service.settings import Settings

key = typer.Typer(no_args_is_help=True, help="Give keys to partner systems, take them back, rotate the server's own.")


@key.command("add")
def add_one(
    name: Annotated[str, typer.Argument(help="Who holds it. The same name again makes a second live key, for rotation")],
    scope: Annotated[list[Scope], typer.Option(help="What it may do; may be repeated")],
    collaboration: Annotated[list[str], typer.Option(help="Where; may be repeated")],
    organisation: Annotated[str | None, typer.Option(help="For which organisation: its code")] = None,
    days: Annotated[int | None, typer.Option(help="For how many days; absent: until it is revoked", min=1)] = None,
) -> None:
    """Make a key; prints it once, and nothing else."""
    with writing() as writes:
        places = []
        for slug in dict.fromkeys(collaboration):
            place = place_of(writes, slug)
            found = find_organisation(writes, place.id, organisation) if organisation else None
            if organisation and found is None:
                raise Invalid(FieldError("organisation", f"There is no organisation with the code {organisation} in {slug}."))
            places.append((place.id, found.id if found else None))
        if Scope.OUTCOMES_WRITE in scope and organisation is None:
            raise Invalid(
                FieldError("organisation", "A key that writes outcomes needs --organisation: its figures are that organisation's.")
            )
        lasts = timedelta(days=days) if days else None
        made = add_key(writes, OPERATOR, name, Grants(frozenset(scope), places), present(), lasts)
    typer.echo(made)


@key.command("revoke")
def revoke_one(key_id: Annotated[str, typer.Argument(metavar="ID", help="The part between sad_ and the next _")]) -> None:
    """End a key at once."""
    with writing() as writes:
        revoke_key(writes, OPERATOR, key_id, present())
    typer.echo("The key is revoked.")


@key.command("rotate-server")
def rotate_server() -> None:
    """Make a new version of the server's own key. Codes made before stay good. Restart the service to use it."""
    folder = Settings().var / "keys"
    server_keys.load_or_make(folder)
    version = server_keys.rotate(folder).current.version
    typer.echo(
        f"Version {version} of the server key is made. Restart the service to use it, and back up {folder.name}/ apart from the database."
    )
