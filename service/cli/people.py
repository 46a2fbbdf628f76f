"""`said staff`."""

from typing import Annotated

import typer

from service.cli.places import Of, _checked, _given
from service.cli.session import place_of, present, writing
from service.journal.actions import OPERATOR
from service.people.actions import disable, enable, forget_person, invite
from service.people.models import InviteIn, Role, ViewerKind
from service.people.second_actions import forget_second_step
from service.settings import Settings

staff = typer.Typer(no_args_is_help=True, help="Invite people, and end their access.")


def link_to(secret: str) -> str:
    """The address that signs a person in once."""
    return f"{Settings().public_url}/staff/sign-in/{secret}"


@staff.command("invite")
def invite_one(
    email: str,
    role: Annotated[Role, typer.Option(help="What they may do")],
    collaboration: Of,
    organisation: Annotated[str | None, typer.Option(help="The code of their organisation; absent: the whole place")] = None,
    kind: Annotated[ViewerKind | None, typer.Option(help="For whom a viewer looks")] = None,
    name: Annotated[str | None, typer.Option(help="Their name; absent: the first part of the address")] = None,
) -> None:
    """Give a person a role; prints their one-use link (7 days), and nothing else."""
    given = _checked(InviteIn, _given(email=email, name=name, role=role, kind=kind, organisation=organisation))
    with writing() as writes:
        secret = invite(writes, OPERATOR, place_of(writes, collaboration), given, present())
    typer.echo(link_to(secret))


@staff.command("disable")
def disable_one(email: str) -> None:
    """End a person's access, at once and everywhere."""
    with writing() as writes:
        disable(writes, OPERATOR, email, present())
    typer.echo(f"{email} can no longer sign in.")


@staff.command("enable")
def enable_one(email: str) -> None:
    """Give a person back the access that was ended. They need a new link: invite them again."""
    with writing() as writes:
        enable(writes, OPERATOR, email, present())
    typer.echo(f"{email} may sign in again, with a new link.")


@staff.command("forget")
def forget_one(email: str) -> None:
    """Take out the name and the address of somebody who left, for good. A pseudonym stands in their place; what they did stays done."""
    with writing() as writes:
        forget_person(writes, OPERATOR, email, present())
    typer.echo("The name and the address are gone.")


@staff.command("forget-second-step")
def forget_steps_of(email: str) -> None:
    """For an administrator who has lost passkeys, app and recovery codes: their next link lets them set it up anew."""
    with writing() as writes:
        forget_second_step(writes, OPERATOR, email, present())
    typer.echo(f"{email} is signed out, and sets the second step up anew with their next link.")
