"""The kinds of record that can be imported, with their fields."""

from pydantic import BaseModel

from service.database import WriteSession
from service.imports.collected import FeedbackRow, NarrativeRow, PromiseRow, take_feedback, take_narratives, take_promises
from service.imports.described import (
    AreaRow,
    ComparatorRow,
    IndicatorRow,
    take_areas,
    take_comparators,
    take_indicators,
    take_organisations,
    take_topics,
)
from service.imports.runs import Kind, Reader, Result, Run, as_json, as_list, as_number, as_text, as_whole
from service.outcomes import batches as outcomes
from service.outcomes import sheets as readings
from service.places.models import OrganisationIn, TopicIn
from service.results import batches as observations
from service.results.sheets import COLUMNS, DIMENSION

OBSERVATIONS = "observations"
READINGS = "readings"


def _fields(shape: type[BaseModel], /, **readers: Reader) -> dict[str, Reader]:
    return {name: readers.get(name, as_text) for name in shape.model_fields}


def _never(_run: Run, _writes: WriteSession, _items: object) -> list[Result]:
    raise NotImplementedError


KINDS: dict[str, Kind] = {
    "areas": Kind(fields=_fields(AreaRow, shape=as_json, population=as_whole), needs=("code", "name"), take=take_areas),
    "organisations": Kind(fields=_fields(OrganisationIn, contributes=as_list), needs=("code", "name"), take=take_organisations),
    "topics": Kind(fields=_fields(TopicIn), needs=("code", "name"), take=take_topics),
    "comparators": Kind(fields=_fields(ComparatorRow), needs=("group", "area"), take=take_comparators),
    "indicators": Kind(
        fields=_fields(IndicatorRow, range_low=as_number, range_high=as_number),
        needs=("code", "name", "kind", "unit", "good_direction"),
        take=take_indicators,
    ),
    "feedback": Kind(
        fields={name: reader for name, reader in _fields(FeedbackRow).items() if name != "contact"},
        needs=("ref", "received_at"),
        take=take_feedback,
        told=frozenset({"state", "publication"}),
        build=False,
        sourced="source",
    ),
    "promises": Kind(
        fields=_fields(PromiseRow),
        needs=("text", "maker", "due_on", "ref"),
        take=take_promises,
        told=frozenset({"standing"}),
        build=False,
        sourced="origin",
    ),
    "narratives": Kind(
        fields={name: reader for name, reader in _fields(NarrativeRow, tags=as_list, signifiers=as_json).items() if name != "consent"},
        needs=("kind", "body", "occurred_on", "ref"),
        take=take_narratives,
        told=frozenset({"state", "organisation", "captured_by"}),
        prefixes=("consent.",),
        build=False,
        sourced="origin",
    ),
    OBSERVATIONS: Kind(
        fields=dict.fromkeys([*COLUMNS, "reason"], as_text),
        needs=("indicator", "period"),
        take=_never,
        prefixes=(DIMENSION,),
        sort=observations.OBSERVATIONS,
    ),
    READINGS: Kind(
        fields=dict.fromkeys([*readings.COLUMNS, "reason"], as_text),
        needs=("person", "value", "on", "by"),
        take=_never,
        prefixes=("consent.",),
        sort=outcomes.READINGS,
    ),
}


def kind_of(name: str) -> Kind:
    """The kind with this name."""
    return KINDS[name]
