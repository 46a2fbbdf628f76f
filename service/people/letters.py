"""The letters that people get, written in the moment in which they are sent."""

from collections.abc import Callable
from datetime import datetime

from service.database import WriteSession
from service.errors import NotFound
from service.journal.actions import OPERATOR
from service.language import _
from service.outbox.models import Claimed, Written
from service.people.actions import make_link


def sign_in_letter(public_url: str) -> Callable[[WriteSession, Claimed, datetime], Written | None]:
    """Writes the letter with a one-use link, beginning with this address, for whoever may sign in; for anybody else none.

    The form that asked does the same for every address. Whether it is known is looked up here, after the answer has gone.
    """

    def write(writes: WriteSession, letter: Claimed, now: datetime) -> Written | None:
        try:
            secret = make_link(writes, OPERATOR, letter.address, now)
        except NotFound:
            return None
        body = [
            _("Somebody asked for a link to sign in to Said & Done with this address. This is it:"),
            f"{public_url}/staff/sign-in/{secret}",
            _("It works once, and for 15 minutes."),
            _("Was that not you? Then do nothing. Nobody gets in without this link. Do not pass it on."),
        ]
        return Written(_("Your link to sign in to Said & Done"), "\n\n".join(body) + "\n")

    return write
