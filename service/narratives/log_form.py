"""The log as it is typed: its fields, what must be filled in, and what in it could tell who somebody is."""

from collections.abc import Collection
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, model_validator
from pydantic import Field as Limit

from service.errors import FieldError
from service.html import Form
from service.language import _
from service.narratives import rules
from service.narratives.models import Kind, NarrativeIn, Visibility
from service.places.models import LanguageTag
from service.system_health.models import BarrierKind
from service.tables import Code, IsoDay, Line, Sentence, Words
from service.telling_marks import LOOKS_LIKE, find_marks

ONLY_FOR = {"add_promise": ("promise",), "add_outcome": ("indicator",), "add_barrier": ("which", "barrier_words")}
"""Fields that one thing to add it to alone asks for."""

NEW = "new"
"""A barrier that the register does not know yet."""


class LogForm(BaseModel):
    """A story as it is typed, with the API's names and values. `which` is a barrier of the register; `barrier_words` name a new one."""

    body: Words | None = None
    fine: Literal["yes"] | None = None
    area: Code | None = None
    organisation: Code | None = None
    kind: Kind | None = None
    barrier: BarrierKind | Literal["nothing"] | None = None
    add_promise: Literal["yes"] | None = None
    add_outcome: Literal["yes"] | None = None
    add_barrier: Literal["yes"] | None = None
    promise: UUID | None = None
    indicator: Code | None = None
    which: UUID | Literal["new"] = "new"
    barrier_words: Sentence | None = None
    occurred_on: IsoDay | None = None
    visibility: Visibility = Visibility.PRIVATE
    consent: Literal["yes"] | None = None
    given_on: IsoDay | None = None
    title: Line | None = None
    language: LanguageTag | None = None
    act: Literal["send", "next"] = "send"
    idempotency_key: Annotated[str, Limit(max_length=60)] = ""

    @model_validator(mode="before")
    @classmethod
    def _what_belongs_to_the_choice(cls, typed: dict[str, Any]) -> dict[str, Any]:
        """Nobody is told what is wrong with a field that their choice does not ask for."""
        foreign = {name for choice, names in ONLY_FOR.items() if typed.get(choice) != "yes" for name in names}
        return {name: value for name, value in typed.items() if name not in foreign}

    def story(self) -> NarrativeIn:
        """What is sent on, as the API would have it."""
        said = ("body", "area", "kind", "occurred_on", "visibility", "title", "promise", "indicator", "language")
        given = self.model_dump(include=set(said), exclude_none=True)
        if self.barrier_words or self.barrier not in (None, "nothing"):
            given["barrier"] = self.barrier_words or self.barrier
        if self.consent:
            given["consent"] = {"wording_version": rules.WORDING_VERSION, "given_on": self.given_on}
        return NarrativeIn.model_validate(given)

    @property
    def in_the_way(self) -> BarrierKind:
        """What kind of barrier a new one is."""
        return self.barrier if isinstance(self.barrier, BarrierKind) else BarrierKind.NOT_SURE


def needed(form: Form[LogForm], *, several: bool) -> dict[str, str]:
    """What must be filled in, with what to say where it is not. `several`: they write for several organisations."""
    words = {
        "body": _("Say what happened."),
        "kind": _("Say whether it worked."),
        "occurred_on": _("Say on which day it happened."),
    }
    if several:
        words["organisation"] = _("Say for which organisation you write it.")
    if form.value("add_promise"):
        words["promise"] = _("Choose the promise, or do not add it to one.")
    if form.value("add_outcome"):
        words["indicator"] = _("Choose the number, or do not add it to one.")
    if form.value("visibility") == Visibility.PUBLIC:
        words["consent"] = _("Everybody may read it only if the person whose story it is said yes. Tick that, or choose who else may.")
    if form.value("consent"):
        words["given_on"] = _("Say on which day they said yes.")
    return words


def wrong_way(form: Form[LogForm]) -> list[FieldError]:
    """A barrier where nothing got in the way."""
    nothing = form.value("add_barrier") and form.value("barrier") == "nothing"
    return [FieldError("barrier", _("Say what got in the way, or do not add a barrier."))] if nothing else []


def telling(form: Form[LogForm], year: int, known: Collection[str]) -> list[tuple[str, str]]:
    """The words that could tell who somebody is, each with what it looks like."""
    texts = [form.value(name) for name in ("body", "title", "barrier_words")]
    return [(text[found.start : found.end], _(LOOKS_LIKE[found.mark])) for text in texts for found in find_marks(text, year, known)]
