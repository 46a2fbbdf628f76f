"""What everybody may expect of each route: the small rule that the matrix holds against the service."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from fastapi.routing import APIRoute

from service.partners.models import Scope
from service.people.models import Role
from tests.walls.world import ANSWERERS, DECIDERS, OTHER, READERS, Caller, World

STAFF = "staff of the collaboration"
WHO = {
    "anyone": "anyone",
    "anyone or a key": "anyone; a key is recognised",
    "anyone or feedback:write": "anyone; a key needs feedback:write",
    "narratives:write": "key with narratives:write",
    "outcomes:write": "key with outcomes:write",
    "promises:write": "key with promises:write",
    "promises:write of the maker": "key with promises:write",
    "signed in": "staff",
    "half-way": "staff, also before their second step",
    "front": "anyone, and staff are recognised",
    "any member": STAFF,
    "viewer": STAFF,
    "reader": STAFF,
    "reader of the message": STAFF,
    "answerer of the message": STAFF,
    "decider of the message": STAFF,
    "sender of the message": STAFF,
    "reader of the promise": STAFF,
    "coordinator": STAFF,
    "coordinator of the council": STAFF,
    "coordinator, of any promise": STAFF,
    "reader of the story": STAFF,
    "reader of the barrier": STAFF,
    "mover of the barrier": STAFF,
    "checker of the story": STAFF,
    "administrator": "administrators of the collaboration",
    "any administrator": "administrators of the collaboration, or of one of its organisations",
    "any administrator, of a person here": "administrators of the collaboration, or of one of its organisations",
    "steward": STAFF,
}
"""Who a route is for, and what it must say of itself."""

INDICATOR = {"name": "School", "kind": "population", "unit": "%", "good_direction": "up"}
PROMISE = {"text": "x", "side": "our_part", "maker": "council", "made_on": "2026-11-01", "due_on": "2027-05-01", "kept_when": "x"}
PROMISE_FORM = {**PROMISE, "idempotency_key": ""}
STORY = {"kind": "mixed", "body": "x", "occurred_on": "2026-11-01"}
NOBODYS = "00000000-0000-7000-8000-000000000000"
"""An id of no row."""

CODE = "the code of a message in the other place"


@dataclass(frozen=True)
class Ask:
    """For whom a route is, what is sent, and how those are answered who may."""

    whom: str = "anyone"
    sends: Any = None
    done: frozenset[int] = frozenset({200})


def ask(whom: str, sends: Any = None, *done: int) -> Ask:
    return Ask(whom, sends, frozenset(done or {200}))


ASKS = {
    "documents.openapi": ask("anyone"),
    "documents.page": ask("anyone"),
    "offline.manifest": ask("anyone"),
    "offline.page": ask("anyone"),
    "offline.worker": ask("anyone"),
    "operations.alive": ask("anyone"),
    "operations.ready": ask("anyone"),
    "operations.robots": ask("anyone"),
    "operations.security": ask("anyone", None, 200, 404),
    "places.list": ask("anyone"),
    "accountability.account": ask("anyone"),
    "accountability.overview": ask("viewer"),
    "accountability.api_show": ask("anyone"),
    "accountability.community_reporting": ask("anyone"),
    "accountability.narratives": ask("anyone"),
    "accountability.outcomes": ask("anyone"),
    "accountability.results": ask("anyone"),
    "accountability.system_health": ask("anyone"),
    "places.about": ask("anyone"),
    "keeping.kept": ask("anyone"),
    "subjects.desk": ask("steward"),
    "subjects.find": ask("administrator", {"known_by": ""}, 422),
    "subjects.ask": ask("administrator", {"wish": ""}, 404),
    "subjects.request": ask("steward", None, 404),
    "subjects.decide": ask("steward", {"agreed": "yes"}, 404),
    "subjects.copy": ask("administrator", {}, 404),
    "places.api_list": ask("anyone"),
    "places.api_organisations": ask("anyone"),
    "places.api_areas": ask("anyone"),
    "places.api_topics": ask("anyone"),
    "places.api_put_area": ask("outcomes:write", {"name": "Hill Road"}),
    "feedback.api_tell": ask("anyone or feedback:write", {"kind": "good"}, 201),
    "feedback.api_published": ask("anyone"),
    "feedback.api_answer": ask("anyone", {"code": CODE}, 404),
    "feedback.api_withdraw": ask("anyone", {"code": CODE}, 404),
    "feedback.tell": ask("anyone"),
    "feedback.tell_area": ask("anyone"),
    "feedback.send": ask("anyone", {"kind": "good", "idempotency_key": ""}),
    "feedback.answer": ask("anyone"),
    "feedback.read_answer": ask("anyone", {"code": CODE}, 404),
    "feedback.desk": ask("any member", None, 303),
    "inbox.list": ask("reader"),
    "saved_views.list": ask("reader"),
    "saved_views.save": ask("reader", {"name": "Mornings"}, 303),
    "saved_views.rename": ask("reader", {"name": "Evenings"}, 404),
    "saved_views.move": ask("reader", {"to": "up"}, 404),
    "saved_views.start": ask("reader", {"start": "yes"}, 404),
    "saved_views.remove": ask("reader", {}, 404),
    "feedback.message": ask("reader of the message"),
    "feedback.mark_read": ask("reader of the message", {}, 303),
    "feedback.reply": ask("answerer of the message", {"outcome": "thank_you", "body": "Thank you."}, 303),
    "feedback.open_contact": ask("answerer of the message", {}),
    "feedback.begin_reply": ask("reader of the message", {"wording": ""}, 422),
    "feedback.pass_on": ask("sender of the message", {"organisation": "hub"}, 303, 409),
    "feedback.give_back": ask("answerer of the message", {}, 303, 409),
    "feedback.assign": ask("answerer of the message", {"staff": ""}, 409),
    "feedback.bulk": ask("reader", {"act": "read", "message": "00000000-0000-7000-8000-000000000000"}, 303),
    "feedback.undo_bulk": ask("reader", {"act": "read", "bulk": "00000000-0000-7000-8000-000000000000"}, 404),
    "feedback.publish": ask("decider of the message", {}, 409),
    "feedback.withhold": ask("decider of the message", {"withheld_reason": "abusive"}, 409),
    "audit.list": ask("any administrator"),
    "audit.file": ask("any administrator"),
    "hosting.settings": ask("any administrator"),
    "hosting.about": ask("administrator"),
    "hosting.describe": ask("administrator", {"name": ""}, 422),
    "hosting.areas": ask("administrator"),
    "hosting.add_area": ask("administrator", {"name": ""}, 422),
    "hosting.area": ask("administrator"),
    "hosting.change_area": ask("administrator", {"name": ""}, 422),
    "hosting.offer_area": ask("administrator", {"act": "bring_back"}, 303),
    "hosting.area_file": ask("administrator"),
    "hosting.take_areas": ask("administrator", {"kind": "ward"}, 422),
    "hosting.organisations": ask("administrator"),
    "hosting.add_organisation": ask("administrator", {"name": ""}, 422),
    "hosting.organisation": ask("administrator"),
    "hosting.change_organisation": ask("administrator", {"name": ""}, 422),
    "hosting.membership": ask("administrator", {"on": ""}, 422),
    "hosting.thresholds": ask("administrator"),
    "hosting.threshold": ask("administrator"),
    "hosting.set_threshold": ask("administrator", {"value": ""}, 422),
    "hosting.topics": ask("any administrator"),
    "hosting.add_topic": ask("administrator", {"name": ""}, 422),
    "hosting.topic": ask("administrator"),
    "hosting.change_topic": ask("administrator", {"name": ""}, 422),
    "hosting.offer_topic": ask("administrator", {"act": "bring_back"}, 303),
    "moderation.queue": ask("member", None, 200, 404),
    "moderation.set_aside": ask("member", {"reason": "advert"}, 303, 404),
    "moderation.bring_back": ask("decider of the message", {}, 303),
    "moderation.rate_message": ask("decider of the message", {"severity": "none"}, 303),
    "moderation.rate_story": ask("checker of the story", {"severity": "none"}, 303),
    "moderation.uphold": ask("decider of the message", {"answer": "x"}, 303),
    "moderation.words": ask("member", None, 200, 404),
    "moderation.add_rule": ask("member", {}, 422, 404),
    "moderation.end_rule": ask("member", {}, 404),
    "moderation.names_in_message": ask("decider of the message"),
    "moderation.redact_message": ask("decider of the message", {"pieces": "Nobodyatall"}, 422),
    "moderation.names_in_story": ask("checker of the story"),
    "moderation.redact_story": ask("checker of the story", {"pieces": "Nobodyatall"}, 422),
    "moderation.open_original": ask("member", {"why": "x"}, 404),
    "moderation.put_back": ask("member", {}, 404),
    "safeguarding.lane": ask("member"),
    "safeguarding.ask_message": ask("reader of the message"),
    "safeguarding.ask_story": ask("reader of the story"),
    "safeguarding.raise_message": ask("reader of the message", {"about": "nobody"}, 422),
    "safeguarding.raise_story": ask("reader of the story", {"about": "nobody"}, 422),
    "safeguarding.concern": ask("member", None, 404),
    "safeguarding.take": ask("member", {}, 404),
    "safeguarding.open": ask("member", {}, 404),
    "safeguarding.note": ask("member", {"note": "x"}, 404),
    "safeguarding.set_apart": ask("member", {}, 404),
    "safeguarding.close": ask("member", {"ending": "looked_after"}, 404),
    "safeguarding.rota": ask("member", None, 200, 404),
    "safeguarding.add_turn": ask("member", {}, 404, 422),
    "safeguarding.remove_turn": ask("member", {}, 404),
    "safeguarding.set_minutes": ask("member", {"minutes": "1"}, 404, 422),
    "narratives.api_tell": ask("narratives:write", STORY, 201),
    "narratives.api_list": ask("anyone or a key"),
    "narratives.api_show": ask("anyone or a key", None, 404),
    "narratives.log": ask("reader"),
    "narratives.log_shell": ask("anyone"),
    "narratives.send": ask("reader", {**STORY, "idempotency_key": ""}, 303),
    "narratives.shelf": ask("reader"),
    "narratives.story": ask("reader of the story"),
    "narratives.check": ask("checker of the story", {}, 303, 409),
    "narratives.consent": ask("reader of the story", {"consent": "yes", "given_on": "2026-11-01"}, 303),
    "narratives.share": ask("checker of the story", {"visibility": "private"}, 303, 409),
    "narratives.pause": ask("reader of the story", {}, 409),
    "narratives.withdraw": ask("checker of the story", {}),
    "partners.keys": ask("any administrator"),
    "partners.make_key": ask("any administrator", {"name": ""}, 422),
    "partners.rotate_key": ask("any administrator", {"overlap": "7"}, 404),
    "partners.revoke_key": ask("any administrator", {"key": "x"}, 404),
    "partners.close": ask("any administrator", {}, 404),
    "wordings.list": ask("administrator"),
    "wordings.write": ask("administrator", {"name": ""}, 422),
    "wordings.one": ask("administrator", None, 404),
    "wordings.change": ask("administrator", {"name": ""}, 404),
    "wordings.offer": ask("administrator", {"act": "retire"}, 404),
    "people.front": ask("front", None, 200, 303),
    "people.ask_link": ask("anyone", {"email": "x@example.org"}, 409),
    "people.asked": ask("anyone"),
    "people.confirm": ask("anyone", None, 404),
    "people.sign_in": ask("anyone", {}, 404),
    "people.you": ask("signed in"),
    "people.begin_login": ask("anyone", {}, 404),
    "people.back_from_login": ask("anyone", None, 404),
    "people.end_login": ask("front", {"state": "x", "code": "x"}, 404),
    "people.passkey_question": ask("anyone", {}, 409),
    "people.passkey_sign_in": ask("front", {"credential": "{}"}, 409),
    "people.new_passkey": ask("half-way", {}, 409),
    "people.add_passkey": ask("half-way", {"credential": "{}"}, 409),
    "people.second": ask("half-way", None, 303),
    "people.show_code": ask("half-way", {"code": "123456"}, 303),
    "people.begin_app": ask("half-way", {}, 303, 404),
    "people.app": ask("half-way", None, 200, 303),
    "people.confirm_app": ask("half-way", {"code": "123456"}, 404, 422, 429),
    "people.recovery_codes": ask("signed in", None, 303),
    "people.keep_codes": ask("signed in", {}, 303),
    "people.renew_codes": ask("signed in", {}, 404),
    "people.remove_app": ask("signed in", {}, 404),
    "people.remove_passkey": ask("signed in", {}, 404),
    "people.end_session": ask("signed in", {}, 404),
    "people.end_other_sessions": ask("signed in", {}, 303),
    "people.team": ask("any administrator"),
    "people.invite_form": ask("any administrator"),
    "people.invite": ask("any administrator", {"email": "new@example.org", "role": "frontline"}, 200, 303, 422),
    "people.teammate": ask("any administrator, of a person here"),
    "people.give_role": ask("any administrator, of a person here", {"role": "moderator"}, 303, 409),
    "people.end_role": ask("any administrator", {}, 404),
    "people.invite_again": ask("any administrator, of a person here", {}, 409),
    "people.take_back": ask("any administrator, of a person here", {}, 409),
    "people.let_back": ask("any administrator, of a person here", {}, 303, 409),
    "people.stop_access": ask("any administrator, of a person here", {}, 303, 404),
    "people.sign_out": ask("half-way", {}, 303),
    "search.public": ask("anyone"),
    "search.desk": ask("any member"),
    "promises.list": ask("anyone"),
    "promises.show": ask("anyone"),
    "promises.desk_list": ask("reader"),
    "promises.desk_show": ask("reader of the promise"),
    "promises.desk_new": ask("coordinator"),
    "promises.desk_make": ask("coordinator of the council", PROMISE_FORM, 303),
    "promises.desk_update": ask("coordinator, of any promise", {"note": "x"}, 303),
    "promises.api_list": ask("anyone"),
    "promises.api_show": ask("anyone"),
    "promises.api_make": ask("promises:write", PROMISE, 201),
    "promises.api_update": ask("promises:write of the maker", {"note": "x"}, 201),
    "results.api_indicators": ask("anyone"),
    "system_health.register": ask("reader"),
    "system_health.barrier": ask("reader of the barrier"),
    "system_health.move": ask("mover of the barrier", {"note": "x"}, 303),
    "results.api_observations": ask("anyone"),
    "results.api_put_indicator": ask("outcomes:write", INDICATOR, 200, 201),
    "results.api_record": ask("outcomes:write", {"indicator": "hill-road", "period": "2025", "value": 1}, 200, 422),
}
"""Every route of the house, by name. A new one must be thought of here."""

LAST = "people.sign_out"
"""Asked when all else was: it ends the session that asks."""


ASKED_FOR = {"inbox.list": "?part=answered", "narratives.shelf": "?part=all", "search.desk": "?q=words", "search.public": "?q=words"}
"""The part of a page where the words of this world stand: every message in it has its answer."""


def who_says(route: APIRoute) -> list[str]:
    """What a route says of itself: who may call it."""
    return [str(below.call.who) for below in route.dependant.dependencies if hasattr(below.call, "who")]  # type: ignore[union-attr]


def method_of(route: APIRoute) -> str:
    return min((route.methods or set()) - {"HEAD"})


def routes_of(app: FastAPI) -> list[APIRoute]:
    """The routes that the table knows, with what ends a session at its end."""
    return sorted((route for route in app.state.routes if route.name in ASKS), key=lambda route: route.name == LAST)


# ---- where -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Address:
    """A path with every parameter filled in: whose place it names, and whose thing."""

    path: str
    place: str
    holder: str
    foreign: bool
    """Whether the thing is another place's than the address says."""


def addresses(route: APIRoute, world: World) -> list[Address]:
    """The route's path for each place and each thing it can name; things also under the other place's name."""
    named = {
        "{message_id}": world.messages,
        "{promise_id}": world.promises,
        "{narrative_id}": world.stories,
        "{barrier_id}": world.barriers,
        "{staff_id}": world.staff,
    }
    things = next((those for name, those in named.items() if name in route.path), {})
    found = []
    for slug in world.places:
        for place, holder in things or [(slug, "nobody")]:
            filled = {
                "c": slug,
                "area": "hill-road",
                "code": "hill-road",
                "organisation": "council",
                "request_id": "00000000-0000-7000-8000-000000000000",
                "topic": "about-council",
                "wording_id": "00000000-0000-7000-8000-000000000000",
                "holder_id": "00000000-0000-7000-8000-000000000000",
                "threshold": "answer_within",
                "session_id": str(world.sessions[OTHER[slug]]),
                "passkey_id": str(world.passkeys[OTHER[slug]]),
                "staff_id": str(things.get((place, holder))),
                "role_id": "00000000-0000-7000-8000-000000000000",
                "secret": "not-a-secret-that-opens-anything",
                "view_id": str(uuid4()),
                "message_id": str(things.get((place, holder))),
                "view": "community-reporting",
                "concern_id": NOBODYS,
                "rule_id": NOBODYS,
                "redaction_id": NOBODYS,
                "turn_id": NOBODYS,
                "promise_id": str(things.get((place, holder))),
                "narrative_id": str(things.get((place, holder))),
                "barrier_id": str(things.get((place, holder))),
            }
            path = route.path.format(**filled) + ASKED_FOR.get(route.name, "")
            found.append(Address(path, slug, holder, foreign=place != slug))
    return found if "{" in route.path else found[:1]


def sent(route: APIRoute, world: World, place: str) -> dict[str, Any]:
    """What goes with the request."""
    body = ASKS[route.name].sends
    if body is None:
        return {}
    body = {name: world.codes[OTHER[place]] if value == CODE else value for name, value in body.items()}
    body |= {"idempotency_key": str(uuid4())} if "idempotency_key" in body else {}
    return {"json": body} if route.path.startswith("/api/") else {"data": body}


# ---- the rule --------------------------------------------------------------------------------------------------------


def expected(route: APIRoute, caller: Caller, at: Address) -> set[int]:
    """The statuses that are right for this caller at this address."""
    wanted = ASKS[route.name]
    done = {404} if at.foreign else set(wanted.done)
    if wanted.whom in ("anyone", "anyone or a key", "front"):
        return done
    if ":write" in wanted.whom:
        return _for_a_key(wanted.whom, done, caller, at)
    if not caller.is_staff:
        return {303} if method_of(route) == "GET" else {401}
    if wanted.whom in ("signed in", "half-way"):
        return done
    return _for_staff(wanted.whom, done, caller, at)


def _for_a_key(whom: str, done: set[int], caller: Caller, at: Address) -> set[int]:
    scope = Scope(whom.removeprefix("anyone or ").removesuffix(" of the maker"))
    if caller.scopes is None:
        return done if whom.startswith("anyone") else {401}
    if caller.place != at.place:
        return {404}
    if scope not in caller.scopes:
        return {403}
    other_maker = whom.endswith("of the maker") and not at.foreign and at.holder != caller.organisation
    return {403} if other_maker else done


def _administers(whom: str, caller: Caller, at: Address) -> bool:
    if whom.endswith("of a person here"):
        return caller.knows(at.place, at.holder) and not at.foreign
    return caller.role == Role.ADMIN and (whom.startswith("any") or caller.organisation is None)


def _for_staff(whom: str, done: set[int], caller: Caller, at: Address) -> set[int]:  # noqa: C901, PLR0911 (one line per rule)
    if caller.place != at.place:
        return {404}
    if "administrator" in whom:
        return done if _administers(whom, caller, at) else {404}
    if whom == "steward":
        whole = caller.role in {Role.ADMIN, *DECIDERS} and caller.organisation is None
        return done if whole else {404}
    if whom == "viewer":
        return done if caller.role == Role.VIEWER else {404}
    if whom == "any member":
        return done
    if whom == "reader":
        return done if caller.role in READERS else {404}
    if whom.startswith("coordinator"):
        of_council = whom.endswith("of the council") and caller.organisation not in (None, "council")
        return {404} if caller.role not in ANSWERERS or at.foreign else {403} if of_council else done
    if whom.endswith("of the promise"):
        return done if caller.role in READERS and not at.foreign else {404}
    if at.foreign or not caller.reads(at.place, at.holder):
        return {404}
    if whom.startswith("decider"):
        return done if caller.decides(at.place, at.holder) else {403}
    if whom.startswith("sender"):
        return done if caller.role in ANSWERERS and caller.organisation is None else {403, 404}
    theirs = caller.checks if whom == "checker of the story" else caller.answers
    return done if whom.startswith("reader") or theirs(at.place, at.holder) else {403, 404}
