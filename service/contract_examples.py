"""Examples for the API document, by operation: what is sent, and what is answered. A test holds each against its schema."""

from typing import Any

PROMISE = "01968a80-4c1e-7b52-9d0f-5a7c3b1e2f64"
STORY = "0b0f6f0e-6a3b-4d7c-9a53-2f1f5c0e8d11"
CODE = {"code": "K7QF-2M9X-TR4D-W8ZP5"}
AT = "2026-11-02T09:30:00Z"
REPLY = {
    "outcome": "will_do",
    "body": "We will put a bench back.",
    "reason": None,
    "organisation": "Hillside Borough Council",
    "promise": PROMISE,
    "task": None,
    "no_kind": None,
}
SAID = {"says": None, "note": None, "at": None}
NOBODY = {"yes": 0, "partly": 0, "no": 0, "do_not_know": 0}
AREA = {
    "code": "hill-road",
    "name": "Hill Road",
    "kind": "neighbourhood",
    "parent": None,
    "population": 4120,
    "population_as_of": "2024-06-30",
    "shape": None,
}
INDICATOR = {
    "name": "Falls at home that needed an ambulance",
    "kind": "how_well",
    "unit": "calls",
    "good_direction": "down",
    "definition": "Ambulance calls to people's homes after a fall.",
    "source": "Ambulance service, monthly",
    "chosen_because": "People told us that they were afraid to fall.",
    "could_be_gamed_by": "Not calling an ambulance.",
}
OBSERVATION = {"indicator": "falls", "period": "2026-Q3", "value": 37, "area": "hill-road"}
PROMISED = {
    "text": "We will put a bench back at the surgery by Easter.",
    "side": "our_part",
    "maker": "council",
    "made_on": "2026-11-02",
    "due_on": "2027-03-28",
    "kept_when": "A bench with arms stands at the surgery.",
}
MOVE = {
    "at": AT,
    "by": "Hillside Borough Council",
    "by_checks": False,
    "note": "The bench is ordered.",
    "evidence": None,
    "reason": None,
    "asked_for": "under_way",
    "moved_from": "made",
    "moved_to": "under_way",
}
PROMISE_OUT = {
    **PROMISED,
    "id": PROMISE,
    "summary": None,
    "review_by": None,
    "source": None,
    "deal": None,
    "deal_id": None,
    "owner": None,
    "audience": None,
    "area": "hill-road",
    "whole_place": False,
    "state": "under_way",
    "overdue": False,
    "review_due": False,
    "claimed_on": None,
    "settled_on": None,
    "successor": None,
    "community_agreed": None,
    "released_by": None,
    "released_on": None,
    "claim": SAID,
    "evidence": SAID,
    "residents": {"n": 0, **NOBODY, "suppressed": False, "open": NOBODY, "asked": 0, "answered": 0, "by_area": []},
    "disagreement": None,
    "history": [MOVE],
}
STORY_OUT = {
    "id": STORY,
    "kind": "did_not_work",
    "state": "shared_public",
    "title": "The key was somewhere else",
    "body": "The bed was ready and the key was not.",
    "barrier": None,
    "language": "en",
    "occurred_on": None,
    "occurred_week": "2026-10-26",
    "area": "hill-road",
    "whole_place": False,
    "promise": None,
    "indicator": None,
    "organisation": "hub",
    "captured_by": "frontline",
    "tags": ["keys"],
    "signifiers": None,
    "week": "2026-11-02",
}
INSTRUMENT = {
    "name": "How safe do you feel after dark?",
    "question": "How safe do you feel when you walk home after dark?",
    "low": 0,
    "high": 10,
    "good_direction": "up",
    "meaningful_change": 2,
    "licence": "own",
    "licence_ref": None,
}
READING = {"person": "p-4711", "instrument": "after-dark", "value": 4, "on": "2026-11-02", "by": "self"}
YES = {"wording_version": "2026-11", "given_on": "2026-11-01"}
STORED = {"received": 1, "created": 1, "corrected": 0, "unchanged": 0, "refused": 0, "conflicts": []}


def page(*items: dict[str, Any]) -> dict[str, Any]:
    """A list that ends with these."""
    return {"items": list(items), "next": None}


BODIES: dict[str, dict[str, Any]] = {
    "feedback_tell": {"kind": "not_good", "body": "The bench by the surgery has gone.", "area": "hill-road", "share": "words_public"},
    "feedback_answer": CODE,
    "feedback_withdraw": CODE,
    "loop_check": {**CODE, "answered": "no", "better": "no", "body": "It still wobbles."},
    "places_put_area": {"name": "Hill Road", "kind": "neighbourhood", "population": 4120, "population_as_of": "2024-06-30"},
    "narratives_tell": {
        "kind": "did_not_work",
        "body": "The bed was ready and the key was not.",
        "occurred_on": "2026-10-30",
        "area": "hill-road",
        "tags": ["keys"],
    },
    "promises_make": PROMISED,
    "promises_update": {"note": "The bench is ordered.", "to": "under_way"},
    "checks_check": {"verdict": "partly", "comment": "There is a bench, without arms."},
    "results_put_indicator": INDICATOR,
    "outcomes_put_instrument": INSTRUMENT,
    "outcomes_record": {"readings": [{**READING, "consent": YES}, {**READING, "on": "2027-02-01", "value": 7}]},
    "results_record": {"observations": [OBSERVATION, {**OBSERVATION, "period": "2026-Q2", "value": 41}]},
}
"""What is sent, by the name of the operation."""

ANSWERS: dict[str, Any] = {
    "feedback_tell": {
        "id": "5f2f6d0e-4a3e-4f0c-8f0b-2f1a7a9f3c21",
        "receipt": CODE["code"],
        "received_at": AT,
        "answer_by": "2026-11-16",
    },
    "feedback_published": page(
        {
            "id": "5f2f6d0e-4a3e-4f0c-8f0b-2f1a7a9f3c21",
            "week": "2026-11-02",
            "kind": "not_good",
            "body": "The bench by the surgery has gone.",
            "want": None,
            "have": None,
            "gap": None,
            "area": "hill-road",
            "whole_place": False,
            "topic": None,
            "language": "en",
            "state": "replied",
            "replies": [{**REPLY, "week": "2026-11-02"}],
            "photos": [],
        }
    ),
    "feedback_answer": {
        "state": "replied",
        "publication": "published",
        "withheld_reason": None,
        "received_at": AT,
        "answer_by": "2026-11-16",
        "days_waiting": 3,
        "kind": "not_good",
        "area": "hill-road",
        "whole_place": False,
        "replies": [{**REPLY, "due_on": "2027-03-28", "published_at": "2026-11-05T10:00:00Z", "checked": False}],
        "trail": [{"step": "received", "at": AT, "organisation": None, "promise": None, "standing": None, "words": None}],
    },
    "feedback_withdraw": {"state": "withdrawn"},
    "places_list": [
        {
            "slug": "hillside",
            "name": "Hillside",
            "type": "collaborative_council",
            "languages": ["en", "cy", "ur"],
            "example": True,
            "links": {"feedback": "/api/v1/hillside/feedback", "page": "/hillside"},
        }
    ],
    "places_organisations": page({"code": "council", "name": "Hillside Borough Council", "kind": "council"}),
    "places_areas": page(AREA),
    "places_topics": page({"code": "paths", "name": "Paths and roads", "organisation": "council"}),
    "places_put_area": AREA,
    "accountability_show": {
        "view": "community-reporting",
        "from": "2026-10-01",
        "to": "2026-10-31",
        "as_of": AT,
        "figures": [
            {
                "figure": "answered_rate",
                "value": 0.8,
                "n": 40,
                "denominator": 50,
                "unit": "share of messages",
                "definition": "Messages with a published answer, of all that count.",
                "source": "Messages sent here",
                "as_of": AT,
                "words": "40 of 50 messages have an answer.",
                "suppressed": False,
                "by": None,
            }
        ],
    },
    "narratives_tell": {"id": STORY, "state": "submitted"},
    "narratives_list": page(STORY_OUT),
    "narratives_show": STORY_OUT,
    "promises_make": PROMISE_OUT,
    "promises_list": page(PROMISE_OUT),
    "promises_show": PROMISE_OUT,
    "promises_update": PROMISE_OUT,
    "checks_check": {"verdict": "partly", "came": "open", "state": "counted_apart"},
    "results_indicators": page({"code": "falls", **INDICATOR, "range_low": None, "range_high": None, "comparator_group": None}),
    "results_put_indicator": {"code": "falls", **INDICATOR, "range_low": None, "range_high": None, "comparator_group": None},
    "results_record": STORED | {"received": 2, "created": 2},
    "results_observations": page(
        {
            **OBSERVATION,
            "period_label": None,
            "dimension": {},
            "organisation": "nhs",
            "numerator": None,
            "denominator": None,
            "missing": None,
            "provisional": False,
            "comment": None,
            "ref": None,
            "version": 1,
            "recorded_at": AT,
            "history": None,
        }
    ),
}
"""What is answered, by the name of the operation."""
ANSWERS["feedback_tell_with_photos"] = ANSWERS["feedback_tell"]
ANSWERS["outcomes_put_instrument"] = {"code": "after-dark", **INSTRUMENT, "shipped": False}
ANSWERS["outcomes_instruments"] = page(ANSWERS["outcomes_put_instrument"])
ANSWERS["outcomes_record"] = ANSWERS["results_record"]
ANSWERS["outcomes_readings"] = page(
    {
        **READING,
        "goal": None,
        "episode": None,
        "area": None,
        "ref": None,
        "consent": {**YES, "expires_on": None},
        "organisation": "hub",
        "version": 1,
        "recorded_at": AT,
        "history": None,
    }
)
ANSWERS["accountability_package"] = {
    "profile": "tabular-data-package",
    "name": "hillside",
    "title": "Hillside",
    "created": AT,
    "resources": [
        {
            "profile": "tabular-data-resource",
            "name": "organisations",
            "path": "data/organisations.csv",
            "format": "csv",
            "schema": {"fields": [{"name": "code", "type": "string"}, {"name": "name", "type": "string"}], "primaryKey": ["code"]},
        }
    ],
}
ANSWERS["loop_check"] = ANSWERS["feedback_answer"] | {"state": "reopened"}
