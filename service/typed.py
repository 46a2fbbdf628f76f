"""What somebody on the staff typed into a form that could not be taken: it goes back to them in the answer, and nowhere else."""

from dataclasses import dataclass

from fastapi import Request
from starlette.exceptions import HTTPException

from service.errors import BadRequest, TooBusy, TooSlow
from service.uploads import is_multipart, read_form

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 60
READABLE = 40
"""Characters from which on a field without a space is words as well."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Where it was going, every field of it, and those that are words."""

    address: str
    fields: tuple[tuple[str, str], ...]

    @property
    def words(self) -> tuple[str, ...]:
        """What a person would be sorry to lose. A key of the form's own is none."""
        return tuple(
            value for name, value in self.fields if name != "idempotency_key" and (" " in value.strip() or len(value.strip()) > READABLE)
        )


async def typed_in(request: Request) -> Typed | None:
    """The form that this request sends into a place, if it is one. Codes and passkeys are sent elsewhere, and are not kept."""
    if request.method != "POST" or not request.url.path.startswith("/staff/") or "c" not in request.path_params:
        return None
    try:
        fields = await _fields_of(request)
    except (BadRequest, HTTPException, RuntimeError, TooBusy, TooSlow, UnicodeError):  # larger than is taken here, or gone, or never came
        return None
    if fields is None:
        return None
    if any("\ufffd" in value for _name, value in fields):
        return None
    lang = request.query_params.get("lang")
    return Typed(request.url.path + (f"?lang={lang[:12]}" if lang and lang.isascii() and lang.replace("-", "").isalnum() else ""), fields)


async def _fields_of(request: Request) -> tuple[tuple[str, str], ...] | None:
    """What was typed; files are left behind."""
    if is_multipart(request):
        return tuple((await read_form(request, "", most_files=0, most_of_a_file=0)).fields.items())
    if request.headers.get("content-type", FORM).partition(";")[0].strip().lower() != FORM:
        return None
    sent = await request.form(max_fields=MOST_FIELDS)
    return tuple((name, value) for name, value in sent.multi_items() if isinstance(value, str))
