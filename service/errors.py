"""The refusals, the HTTP status of each, and how they are answered: problem details under /api, a page elsewhere.

Refusal
├── NotFound      404  there is no such thing, or it is not yours to know of
├── Refused       403  you may see it, you may not do this
├── Conflict      409  it does not fit with what is there already
├── Invalid       422  what was sent breaks a rule; names the fields
├── Unavailable   503  not stored; the same may be sent again
└── at the HTTP door
    ├── BadRequest   400  the request cannot be read
    ├── NeedsKey     401  a key is missing or wrong
    ├── NeedsSignIn  401  a person must sign in (pages answer with the way there)
    ├── NeedsSecondStep  401  an administrator must show once more who they are
    ├── TooSlow      408  the body did not come
    ├── WrongType    415  the body is of a kind that is not read here
    ├── Stale        412  it changed since you read it
    ├── TooMany      429  wait a little
    └── TooBusy      503  too many large bodies at once
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.language import N_, _


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field, in words for the person who filled it."""

    field: str
    message: str


class Refusal(Exception):
    """What the service will not do, in words that may be shown to the caller."""

    status = 500
    title = N_("Something went wrong")

    def __init__(self, detail: str = "", *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(type(self).__name__)  # the words stay out of tracebacks and logs
        self.detail = detail
        self.headers = dict(headers or {})
        self.errors: Sequence[FieldError] = ()
        self.extra: dict[str, Any] = {}


class NotFound(Refusal):
    """There is no such thing, or it is not the caller's to know of: the two look the same."""

    status = 404
    title = N_("We cannot find that")


class Refused(Refusal):
    """The caller may see the thing, and may not do this with it."""

    status = 403
    title = N_("You cannot do that")


class Conflict(Refusal):
    """It does not fit with what is there already. `allowed` names what would, where there is a list."""

    status = 409
    title = N_("That does not fit with what is already here")

    def __init__(self, detail: str = "", *, allowed: Sequence[str] | None = None) -> None:
        super().__init__(detail)
        self.extra = {} if allowed is None else {"allowed": list(allowed)}


class Invalid(Refusal):
    """What was sent breaks a rule. Names every field at fault, in the order of the form."""

    status = 422
    title = N_("Some of that needs another look")

    def __init__(self, *errors: FieldError) -> None:
        super().__init__(" ".join(error.message for error in errors))
        self.errors = errors


class Unavailable(Refusal):
    """The write was not stored and may be sent again."""

    status = 503
    title = N_("We could not store that just now")

    def __init__(self) -> None:
        super().__init__(_("Nothing was stored. Please send it again in a moment."), headers={"Retry-After": "2"})


class BadRequest(Refusal):
    """The request itself cannot be read."""

    status = 400
    title = N_("We could not read that")


class NeedsKey(Refusal):
    """A key is missing, wrong, expired or revoked: the four look the same."""

    status = 401
    title = N_("A valid key is needed")

    def __init__(self) -> None:
        super().__init__(
            _("Send a key as the header Authorization: Bearer sad_… One that worked before has ended: ask for a new one."),
            headers={"WWW-Authenticate": 'Bearer realm="Said & Done"'},
        )


class NeedsSignIn(Refusal):
    """A person must sign in first."""

    status = 401
    title = N_("Please sign in")


class NeedsSecondStep(NeedsSignIn):
    """An administrator has shown only once who they are."""

    title = N_("Please show once more that it is you")


class WrongType(Refusal):
    """The body is of a kind that is not read here."""

    status = 415
    title = N_("We cannot read that kind of body")


class TooSlow(Refusal):
    """The body did not come, or came in drops. The connection ends with the answer, as the rest of it is never read."""

    status = 408
    title = N_("The rest of this did not arrive")

    def __init__(self) -> None:
        super().__init__(_("It came too slowly, and nothing was stored. Please send it again."), headers={"Connection": "close"})


class TooBusy(Refusal):
    """Too many large bodies come at once, and none of them ended in time."""

    status = 503
    title = N_("Many large files are arriving just now")

    def __init__(self) -> None:
        super().__init__(
            _("Nothing was stored. Please send it again in a minute, or without the files."),
            headers={"Connection": "close", "Retry-After": "60"},
        )


class Stale(Refusal):
    """The thing changed since the caller read it."""

    status = 412
    title = N_("It has changed since you read it")


class TooMany(Refusal):
    """Too many tries in a short time."""

    status = 429
    title = N_("Please wait a little")

    def __init__(self, seconds: int) -> None:
        super().__init__(_("That was tried too often. Wait a little, then try again."), headers={"Retry-After": str(seconds)})


def problem(refusal: Refusal) -> dict[str, Any]:
    """Problem details (RFC 9457). Never repeats what was sent."""
    body: dict[str, Any] = {"type": "about:blank", "title": _(refusal.title), "status": refusal.status}
    if refusal.detail:
        body["detail"] = refusal.detail
    if refusal.errors:
        body["errors"] = [{"field": error.field, "message": error.message} for error in refusal.errors]
    return body | refusal.extra
