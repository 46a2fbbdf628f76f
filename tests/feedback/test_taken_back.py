"""Words that are taken back are gone from every page, feed, file and cache with the very next request, whoever asks."""

import inspect
from collections.abc import Callable, Iterator
from uuid import UUID

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlmodel import SQLModel, select

from service.feedback.desk_actions import publish, reply
from service.feedback.models import Outcome, ReplyIn
from service.loop.actions import add_words, follow_up
from service.notices.actions import leave_contact
from service.people.models import Member, Role
from service.places.queries import PlaceCard
from tests.asking import Browser
from tests.make import Make

WORDS, ANSWER, LATER, NEWS = "Asked Zqwords", "Given Zqanswer", "Added Zqlater", "Told Zqnews"
CONTACT = "zqcanary@example.org"
CANARIES = (*(words.split()[1] for words in (WORDS, ANSWER, LATER, NEWS)), CONTACT)
ASKED = {"q=Asked": "q", "format=csv": "format", "part=answered": "part", "part=all": "part"}
"""What is asked for besides, where an address takes it, and by which name it takes it."""


def addresses(app: FastAPI, slug: str, message_id: UUID) -> Iterator[str]:
    """Every address that is read, about this message where one is named."""
    for route in app.state.routes:
        if "GET" in (route.methods or ()) and not route.name.startswith("people."):
            filled = dict.fromkeys(route.param_convertors, str(UUID(int=0)))
            filled |= {"c": slug, "area": "hill-road", "message_id": str(message_id), "view": "community-reporting", "code": "hill-road"}
            path, takes = route.path.format(**filled), set(taken(route.dependant))
            yield from (path, *(f"{path}?{asked}" for asked, name in ASKED.items() if name in takes or reads_for_itself(route)))


def taken(dependant: Dependant) -> Iterator[str]:
    """The names by which an address takes what is asked for."""
    yield from (field.alias for field in dependant.query_params)
    for below in dependant.dependencies:
        yield from taken(below)


def reads_for_itself(route: APIRoute) -> bool:
    """Whether its page reads what is asked for from the request, and not only by name."""
    return "query_params" in inspect.getsource(inspect.getmodule(route.endpoint) or route.endpoint)


def shown(clients: list[Browser], app: FastAPI, slug: str, message_id: UUID) -> set[str]:
    """The addresses at which somebody meets a canary."""
    asked = list(addresses(app, slug, message_id))
    answers = [
        (address, told) for client in clients for address, told in zip(asked, client.asks(("GET", one, {}) for one in asked), strict=True)
    ]
    return {address for address, told in answers if any(word in told.text for word in CANARIES)}


def test_words_are_gone_everywhere_in_the_same_request(
    app: FastAPI,
    make: Make,
    hillside: PlaceCard,
    visitor: Browser,
    resident: Browser,
    at_work: Callable[..., Member],
    signed_in: Callable[..., Browser],
) -> None:
    make.area(hillside, "hill-road")
    told = make.message(hillside, WORDS, kind="not_good", area="hill-road", share="words_public")
    message_id, sam, now = make.message_id(told), at_work(hillside), make.clock()
    with make.database.write() as writes:
        publish(writes, sam, message_id, now)
        reply(writes, sam, message_id, ReplyIn(outcome=Outcome.CANNOT_DO, body=ANSWER, reason=ANSWER), now)
        follow_up(writes, sam, message_id, NEWS, now)
        add_words(writes, make.keys, hillside, told.code, LATER, now)
        leave_contact(writes, make.keys, hillside, told.code, CONTACT, now)
    clients = [visitor, *(signed_in(hillside, role) for role in (Role.COORDINATOR, Role.ADMIN))]
    before = shown(clients, app, hillside.slug, message_id)
    read = {"/hillside/said-and-done", "/hillside/feed.atom", "/api/v1/hillside/feedback", f"/staff/hillside/messages/{message_id}"}
    assert read | {"/hillside/search?q=Asked", "/staff/hillside/search?q=Asked"} <= before
    assert ANSWER in resident.post("/hillside/answer", data={"code": told.code}).text
    assert shown(clients, app, hillside.slug, message_id) == before, "and once more, out of the cache"

    gone = resident.post("/hillside/answer", data={"code": told.code, "act": "withdraw"})
    assert gone.status_code == 200 and not any(word in gone.text for word in CANARIES)
    assert shown(clients, app, hillside.slug, message_id) == set()
    assert not any(word in resident.post("/hillside/answer", data={"code": told.code}).text for word in CANARIES)
    with make.database.read() as reads:
        everything = str([row for table in SQLModel.metadata.sorted_tables for row in reads.execute(select(table))])
    assert not any(word in everything for word in CANARIES)
