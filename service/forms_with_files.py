"""Forms with photos, as a route asks for them: what was typed, and the files beside it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request

from service.guard import MOST_BODY
from service.html import Filling, Form, filled_form, form_of
from service.problems import AnyStatus
from service.uploads import Sent, is_multipart, read_form


@dataclass
class FormWithFiles(Form[Filling]):
    """A form, and the files that came with it."""

    sent: Sent = field(default_factory=Sent)


def form_with_files(model: type[Filling], files: str, *, most_files: int, most_of_a_file: int) -> Callable[[Request], Any]:
    """A dependency that reads a form into `model`, and the files under the name `files`. The route says how much it reads at most."""
    plain = form_of(model)

    async def read(request: Request) -> FormWithFiles[Filling]:
        if not is_multipart(request):
            await _read_little(request)
            form, sent = await plain(request), Sent()
        else:
            sent = await read_form(request, files, most_files=most_files, most_of_a_file=most_of_a_file)
            form = filled_form(model, sent.fields)
        return FormWithFiles(form.values, form.errors, form.filled, form.order, sent)

    return read


async def _read_little(request: Request) -> None:
    """A form without files is short, whatever the route would read. Raises: AnyStatus (413)."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY:
            raise AnyStatus(413)
    request._body = bytes(body)  # noqa: SLF001 (as if the framework had read it)
