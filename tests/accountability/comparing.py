"""The account of a place, as the API and the pages give it, against plain SQL over its facts."""

from collections.abc import Iterator
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from service.accountability.models import View
from tests.accountability import independent
from tests.accountability.independent import Facts


def figures_of(client: TestClient, slug: str, **query: str) -> list[dict[str, Any]]:
    """Every figure of the five views, as the API answers it."""
    found = []
    for view in View:
        answer = client.get(f"/api/v1/{slug}/account/{view}", params=query)
        assert answer.status_code == 200, answer.text
        found += answer.json()["figures"]
    return found


def by_code(figures: list[dict[str, Any]], by: str | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """The figures that are split by this, or not at all."""
    for figure in figures:
        if set(figure["by"] or {}) == ({by} if by else set()):
            yield (figure["by"][by] if by else figure["figure"]), figure


def said(figure: dict[str, Any]) -> tuple[Any, Any, Any]:
    return figure["value"], figure["n"], figure["denominator"]


def compare(client: TestClient, slug: str, facts: Facts) -> None:
    """Every figure of the place against plain SQL."""
    figures = figures_of(client, slug)
    whole = {code: said(figure) for code, figure in by_code(figures, None)}
    assert whole == {code: pytest.approx(found) for code, found in independent.whole_place(facts).items()}
    _compare_splits(facts, figures)
    _compare_indicators(facts, figures)
    _compare_pages(client, slug, figures)


def _compare_splits(facts: Facts, figures: list[dict[str, Any]]) -> None:
    publications = {key: one["n"] for key, one in by_code(figures, "state") if one["figure"] == "messages_by_publication" and one["n"]}
    assert publications == independent.by_publication(facts)
    standings = {key: one["n"] for key, one in by_code(figures, "state") if one["figure"] == "barriers_open" and one["n"]}
    assert standings == independent.barriers_by_standing(facts)
    reasons = {key: one["n"] for key, one in by_code(figures, "state") if one["figure"] == "messages_withheld" and one["n"]}
    assert reasons == independent.by_reason(facts)
    noes = {key: one["n"] for key, one in by_code(figures, "kind") if one["figure"] == "honest_no_by_kind" and one["n"]}
    assert noes == independent.noes_by_kind(facts)
    parts = {key: one["n"] for key, one in by_code(figures, "state") if one["figure"] == "loop_by_part" and one["n"]}
    assert parts == independent.loops_by_part(facts)
    tellers = {key: one["n"] for key, one in by_code(figures, "kind") if one["figure"] == "stories_by_teller"}
    assert tellers == independent.by_teller(facts)
    for code, figure in ((code, one) for code, one in by_code(figures, "area") if one["figure"] == "residents_say_it_happened"):
        yes, other = independent.happened_by_area(facts).get(code, (0, 0))
        assert figure["suppressed"] or (figure["n"], figure["denominator"]) == (yes, yes + other)
        assert figure["suppressed"] or not any(0 < cell < 5 for cell in (yes, other))
    for what in ("kind", "area"):
        real = independent.messages_by(facts, what)
        shown = {key: one for key, one in by_code(figures, what) if one["figure"] == "messages_received"}
        for key, figure in shown.items():
            if not figure["suppressed"]:
                assert figure["n"] == real.get(key, 0)
                assert figure["n"] == 0 or figure["n"] >= 5
        small = {key for key, n in real.items() if key in shown and 0 < n < 5}
        assert small <= {key for key, figure in shown.items() if figure["suppressed"] and figure["value"] is None}


def _compare_indicators(facts: Facts, figures: list[dict[str, Any]]) -> None:
    told: dict[str, dict[str, Any]] = {}
    for key, figure in by_code(figures, "indicator"):
        told.setdefault(key, {})[figure["figure"]] = said(figure)
    for code, found in independent.indicators(facts).items():
        for name, expected in found.items():
            assert told[code][name] == pytest.approx(expected), (code, name)


def _compare_pages(client: TestClient, slug: str, figures: list[dict[str, Any]]) -> None:
    """The sentences of the whole place stand on the pages word for word."""
    pages = " ".join(spoken(client.get(f"/{slug}/{view}").text) for view in View)
    for _code, figure in by_code(figures, None):
        assert spoken(figure["words"]) in pages, figure["words"]


def spoken(html: str) -> str:
    """The words of a page, without its marks."""
    return " ".join(LexborHTMLParser(f"<div>{html}</div>").text(deep=True).split())
