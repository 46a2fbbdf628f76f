"""Pages: one template, whole or one block of it; and forms: one input class, what was typed, what is wrong with it."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, UndefinedError
from jinja2.bccache import Bucket, FileSystemBytecodeCache
from jinja2.utils import missing
from pydantic import BaseModel, ValidationError

from service import language
from service.days import local_day
from service.errors import BadRequest, FieldError, Invalid, NeedsSecondStep, NeedsSignIn, NotFound, Refusal
from service.inputs import explain
from service.language import _
from service.navigation import bar_for
from service.places.queries import HARMLESS, PlaceCard
from service.static import Static
from service.typed import Typed

TEMPLATES = Path(__file__).resolve().parent.parent / "web" / "templates"
PRIVATE = {"Cache-Control": "no-store"}
"""For every page that holds a code, somebody's words, or a key of its own."""

Filling = TypeVar("Filling", bound=BaseModel)


class Strict(ChainableUndefined):
    """A missing top-level name is an error; a missing attribute is empty, which the GOV.UK macros need.

    `caller`, `undefined` and `null` are names that those macros ask for on purpose.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self._undefined_obj is missing and self._undefined_name not in ("caller", "undefined", "null"):
            raise UndefinedError(f"the template names {self._undefined_name!r}, which the page does not give it")


class Compiled(FileSystemBytecodeCache):
    """Templates as Python reads them, kept from one start to the next. A template that was changed since is compiled anew."""

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):  # neither a folder that cannot be read nor a full disk keeps a page back
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def environment(static: Static, kept: Path | None = None) -> Environment:
    """The templates, and what every one of them may call. `kept`: the folder for compiled ones."""
    if kept is not None:
        with suppress(OSError):
            kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    loaders = {"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}
    env = Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), PrefixLoader(loaders)]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=Strict,
        bytecode_cache=Compiled(str(kept)) if kept is not None else None,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        language.raw_gettext, language.raw_ngettext, newstyle=True, pgettext=language.raw_pgettext
    )
    env.globals |= {
        "apart": language.apart,
        "comma": language.comma,
        "day": language.day,
        "listed": language.listed,
        "in_chart": language.in_chart,
        "local_day": local_day,
        "month": language.month,
        "moment": language.moment,
        "number": language.number,
        "percent": language.percent,
        "static": static.url,
    }
    env.globals["ui"] = _Macros(env)
    return env


class _Macros:
    """The macros of ui.html, from the first page that asks for one."""

    def __init__(self, env: Environment) -> None:
        self._env = env

    @cached_property
    def _module(self) -> Any:
        return self._env.get_template("ui.html").module

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


# ---- pages -----------------------------------------------------------------------------------------------------------


def page(  # noqa: PLR0913 (each is a fact of the answer)
    request: Request,
    template: str,
    *,
    place: PlaceCard | None = None,
    here: str | None = None,
    fragments: Sequence[str] = (),
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """The whole page; or, when htmx asks for one of `fragments` by its id, that block alone.

    `fragments` are names of blocks (`message_rows`); each holds one element, whose id is the name with hyphens.
    """
    env: Environment = request.app.state.templates
    spoken = language_of(request, place)
    names = {
        "language": spoken,
        "languages": _languages(request, place, spoken),
        "place": place,
        "here": here,
        "forget": False,
        "leave": False,
        "leave_to": place.leave_to if place else HARMLESS,
        "member": None,
        "bar": None,
        "url": partial(_url, request),
        **context,
    }
    with language.speaking(spoken):
        if place and names["member"]:
            names["bar"] = bar_for(names["member"], here)
        found = env.get_template(template)
        block = _fragment(request, fragments)
        if block is None:
            text = found.render(names)
        else:
            text = "".join(found.blocks[block](found.new_context(names)))
    answer = HTMLResponse(text, status, {"Content-Language": spoken.code, "Cache-Control": "no-cache", **(headers or {})})
    answer.headers["Vary"] = "Accept-Language" + (", HX-Request-Type, HX-Target" if fragments else "")
    return answer


def see_other(request: Request, route: str, **parameters: Any) -> RedirectResponse:
    """Where to look after a POST that changed something."""
    return RedirectResponse(_url(request, route, **parameters), 303, PRIVATE)


def language_of(request: Request, place: PlaceCard | None) -> language.Language:
    """The language of this request's answer."""
    if place is None:
        return language.current()
    asked = request.query_params.get("lang")
    offered = language.offered_at(request.url.path, place.languages)
    preferred = getattr(request.state, "prefers", None)
    return language.choose(asked, request.headers.get("accept-language", ""), offered, preferred=preferred)


def _fragment(request: Request, fragments: Sequence[str]) -> str | None:
    if request.headers.get("hx-request-type") != "partial":
        return None
    target = re.sub(r"^[a-z]*#", "", request.headers.get("hx-target", ""))
    return next((name for name in fragments if name.replace("_", "-") == target), None)


def _url(request: Request, route: str, **parameters: Any) -> str:
    """The path of a route; keeps the language that the page was asked for in."""
    named: dict[str, Any] = request.app.state.route_called  # the router itself would try one route after the other
    known = {name: str(value) for name, value in parameters.items() if name in named[route].param_convertors}
    query = {name: value for name, value in parameters.items() if name not in known and value not in (None, "")}
    if lang := request.query_params.get("lang"):
        query.setdefault("lang", lang[:12])
    path = str(named[route].url_path_for(route, **known))
    return f"{path}?{urlencode(query)}" if query else path


@dataclass(frozen=True)
class Choice:
    """A language in the foot of the page, and this page's address in it."""

    code: str
    name: str
    dir: str
    href: str
    current: bool


def _languages(request: Request, place: PlaceCard | None, spoken: language.Language) -> list[Choice]:
    """This page in its other languages. None for the answer to a POST: the link would be another page and lose this one."""
    if request.method != "GET":
        return []
    codes = language.offered_at(request.url.path, place.languages if place else language.available())
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    found = [language.Language(code) for code in codes]
    return [Choice(one.code, one.name, one.dir, f"?{urlencode([*kept, ('lang', one.code)])}", one == spoken) for one in found]


# ---- forms -----------------------------------------------------------------------------------------------------------


@dataclass
class Form(Generic[Filling]):
    """What was typed, what is wrong with it in the order of the fields, and, when nothing is, the input."""

    values: dict[str, str] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)
    filled: Filling | None = None
    order: Sequence[str] = ()

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def error(self, name: str) -> str | None:
        return next((error.message for error in self.errors if error.field == name), None)

    def must_be_filled(self) -> Filling:
        """The input. Raises: Invalid with the form's own errors."""
        if self.filled is None:
            raise Invalid(*self.errors)
        return self.filled

    def need(self, words: Mapping[str, str]) -> None:
        """Says of every one of these fields that is empty what is missing, beside whatever else is wrong, in the order of the form."""
        wrong = {error.field: error.message for error in self.errors}
        wrong |= {name: sentence for name, sentence in words.items() if not self.value(name).strip()}
        self.errors = [FieldError(name, wrong[name]) for name in self.order if name in wrong]

    def refuse(self, refusal: Refusal, default_field: str) -> None:
        """Takes over the errors of a refusal, so that the form can show them."""
        self.errors += list(refusal.errors) or [FieldError(default_field, refusal.detail)]


def form_of(model: type[Filling]) -> Callable[[Request], Awaitable[Form[Filling]]]:
    """A dependency that reads a form into `model`. Nothing typed is lost: what is refused is kept to be shown again."""

    async def read(request: Request) -> Form[Filling]:
        known = {name: model.model_fields[name].alias or name for name in model.model_fields}
        if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            _must_be_text(await request.body())
        async with request.form(max_fields=60, max_files=4, max_part_size=64 * 1024) as sent:
            values = {name: value for name in known if isinstance(value := sent.get(name), str)}
        return filled_form(model, values)

    return read


def filled_form(model: type[Filling], sent: Mapping[str, str]) -> Form[Filling]:
    """What was sent, read into `model`. Raises: BadRequest for what is no text."""
    known = {name: model.model_fields[name].alias or name for name in model.model_fields}
    values = {name: sent[name] for name in known if name in sent}
    if any("\ufffd" in value for value in values.values()):
        raise BadRequest(_("The form holds bytes that are not text. Type it again, and send it."))
    form: Form[Filling] = Form(values=values, order=list(known))
    try:
        form.filled = model.model_validate({name: value for name, value in values.items() if value.strip()})
    except ValidationError as error:
        form.errors = explain(error.errors(include_input=False, include_url=False, include_context=True), list(known))
    return form


def _must_be_text(body: bytes) -> None:
    """Raises: BadRequest for bytes that no browser sends, which would otherwise be read as other letters."""
    try:
        body.decode()
    except UnicodeDecodeError:
        raise BadRequest(_("The form holds bytes that are not text. Type it again, and send it.")) from None


# ---- refusals --------------------------------------------------------------------------------------------------------


def refusal_page(request: Request, refusal: Refusal, typed: Typed | None = None) -> HTMLResponse:
    """A calm page that says what happened and what to do next, under the head of the place where it happened.

    What was typed stands in it. Whoever was signed out meanwhile signs in beside it, and sends it again from here.
    """
    place, member = getattr(request.state, "place", None) or _place_of(request), getattr(request.state, "member", None)
    with language.speaking(language_of(request, place)):
        message = refusal.detail or (_("Check the address, or start again from the first page.") if isinstance(refusal, NotFound) else "")
        title = _(refusal.title)
    facts: dict[str, Any] = {"title": title, "message": message, "next": []}
    headers = {**PRIVATE, **refusal.headers}
    facts["typed"] = typed
    if isinstance(refusal, NeedsSignIn) and typed is not None:
        half_way = isinstance(refusal, NeedsSecondStep)
        return page(request, "signed_out.html", place=place, status=refusal.status, headers=headers, typed=typed, half_way=half_way)
    return page(request, "error.html", place=place, status=refusal.status, headers=headers, member=member, **facts)


def _place_of(request: Request) -> PlaceCard | None:
    """The place that an address of no page begins with, as far as it is remembered: nothing is asked of the database for this."""
    first, _slash, rest = request.url.path.lstrip("/").partition("/")
    slug = rest.partition("/")[0] if first == "staff" else first
    known: dict[str, tuple[float, PlaceCard]] = request.app.state.known_places
    return known[slug][1] if slug in known else None
