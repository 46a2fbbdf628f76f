"""The answer to a message as it is typed, with the promise that "we will do this" makes."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, model_validator
from pydantic import Field as Limit

from service.errors import FieldError
from service.feedback import rules
from service.feedback.draft_models import TASK, Unsent, task_of
from service.feedback.draft_queries import DraftCard
from service.feedback.models import NoKind, Outcome, ReplyIn
from service.html import Form
from service.language import _
from service.promises.models import PromiseIn, Said, Side
from service.tables import Code, IsoDay, Line, Paragraph, Words
from service.wordings.queries import WordingLine

PROMISED = "promise_"
"""Begins the names of the fields that only `will_do` asks for."""


class ReplyForm(BaseModel):
    """The reply, every field of it, in the order of the form."""

    outcome: Outcome | None = None
    promise_as: Literal["", "promise", "task"] = ""
    promise_text: Said | None = None
    promise_role: Line | None = None
    promise_maker: Code | None = None
    promise_due_on: IsoDay | None = None
    promise_kept_when: Said | None = None
    body: Words | None = None
    no_kind: NoKind | None = None
    reason: Paragraph | None = None
    seen: int | None = None
    idempotency_key: Annotated[str, Limit(max_length=60)] = ""

    @model_validator(mode="before")
    @classmethod
    def _what_belongs_to_the_outcome(cls, typed: dict[str, Any]) -> dict[str, Any]:
        """Nobody is told what is wrong with a promise that they do not make, nor of a no that they do not say."""
        if typed.get("outcome") != Outcome.CANNOT_DO:
            typed = {**typed, "no_kind": None}
        if typed.get("outcome") == Outcome.WILL_DO:
            return typed
        return {name: value for name, value in typed.items() if not name.startswith(PROMISED)}

    def reply(self, promise_id: UUID | None) -> ReplyIn:
        """The reply itself."""
        said = {"outcome": self.outcome, "body": self.body or "", "reason": self.reason, "no_kind": self.no_kind}
        return ReplyIn.model_validate({**said, "promise": promise_id, "task": task_of(self.unsent().promised)})

    @property
    def says_task(self) -> bool:
        """Whether what it will do is smaller than a promise."""
        return self.outcome == Outcome.WILL_DO and self.promise_as == TASK

    def unsent(self) -> Unsent:
        """All of it, as far as it is written."""
        promised = {"text": self.promise_text, "due_on": self.promise_due_on.isoformat() if self.promise_due_on else None}
        if self.promise_as == TASK:
            promised |= {"as": TASK, "role": self.promise_role}
        else:
            promised |= {"maker": self.promise_maker, "kept_when": self.promise_kept_when}
        given = {name: value for name, value in promised.items() if value} if self.outcome == Outcome.WILL_DO else {}
        return Unsent(self.outcome, self.body or None, self.reason or None, given or None, self.no_kind)

    def promise(self, area: str | None, today: date, *, whole_place: bool) -> PromiseIn:
        """The promise, made today, for where it is about. Nothing of a message's words goes into it."""
        return PromiseIn.model_validate(
            {
                "side": Side.OUR_PART,
                "text": self.promise_text,
                "maker": self.promise_maker,
                "made_on": today,
                "due_on": self.promise_due_on,
                "kept_when": self.promise_kept_when,
                "area": area,
                "whole_place": whole_place,
            }
        )


def needed_to_reply(form: Form[ReplyForm]) -> dict[str, str]:
    """What the chosen outcome cannot do without, and what to say where it is missing."""
    outcome = form.value("outcome")
    if outcome not in set(Outcome):
        form.errors = [error for error in form.errors if error.field != "outcome"]
        form.errors.append(FieldError("outcome", _("Choose what came of it.")))
    needed = {"body": _("Write the answer.")}
    if outcome in rules.EXPLAINED:
        needed["reason"] = _("Say why, in words the person can check.")
    if outcome == Outcome.CANNOT_DO:
        needed["no_kind"] = _("Choose what stands in the way.")
    if outcome == Outcome.WILL_DO:
        needed |= {"promise_text": _("Write what exactly will be done.")}
        if form.value("promise_as") == TASK:
            return needed | {"promise_role": _("Say who of the team does it."), "promise_due_on": _("Say by when.")}
        needed |= {
            "promise_maker": _("Say which organisation does it."),
            "promise_due_on": _("Say by when."),
            "promise_kept_when": _("Say what will count as kept."),
        }
    return needed


def in_this_form(errors: Sequence[FieldError]) -> list[FieldError]:
    """What is wrong with the promise, beside the fields of this form."""
    return [FieldError(f"{PROMISED}{error.field}", error.message) for error in errors]


class BeginForm(ReplyForm):
    """The reply so far, and a wording to go on with."""

    wording: UUID | None = None


def begun_with(form: Form[BeginForm], wording: WordingLine) -> None:
    """Puts a wording behind what was typed. An outcome or a reason that was given stays."""
    for name, words in (("body", wording.body), ("reason", wording.reason)):
        typed = form.value(name).rstrip()
        if words and not (name == "reason" and typed):
            form.values[name] = f"{typed}\n\n{words}" if typed else words
    if wording.outcome and not form.value("outcome"):
        form.values["outcome"] = wording.outcome
    form.values["wording"] = ""


def taken_up(form: Form[Any], draft: DraftCard) -> None:
    """Goes on with what somebody has written before."""
    promised = {f"{PROMISED}{name}": str(value) for name, value in (draft.promised or {}).items() if value}
    said = {name: getattr(draft, name) or "" for name in ("outcome", "body", "reason", "no_kind")}
    form.values |= {**said, **promised}


def form_of_unsent(draft: Unsent) -> ReplyForm:
    """What was not given yet, as it was typed."""
    promised = {f"{PROMISED}{name}": value for name, value in (draft.promised or {}).items()}
    said = {"outcome": draft.outcome, "body": draft.body, "reason": draft.reason, "no_kind": draft.no_kind}
    return ReplyForm.model_validate({**said, **promised})
