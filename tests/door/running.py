"""The service on an event loop of its own, called by many at once without a network between."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
from sqlmodel import func, select

from service import verification, walls
from service.app import create_app
from service.clock import Clock
from service.database import Database
from service.feedback.models import Feedback
from service.journal.models import Entry
from service.settings import Settings

TELL = "/api/v1/hillside/feedback"
MESSAGE = {"kind": "good", "body": "The bench is back.", "area": "hill-road"}


class Running:
    """A started service and one client that calls it as often at once as it likes."""

    def __init__(self, database: Database, client: httpx.AsyncClient, key: str = "") -> None:
        self.database, self.client, self.key = database, client, key

    async def tell(self, key: str | None = None, **fields: Any) -> httpx.Response:
        """One resident's message."""
        return await self.client.post(TELL, json={**MESSAGE, **fields}, headers={"Idempotency-Key": key or str(uuid4())})

    async def put_area(self, code: str) -> httpx.Response:
        """One ordinary write."""
        headers = {"Authorization": f"Bearer {self.key}"}
        return await self.client.put(f"/api/v1/hillside/areas/{code}", json={"name": code}, headers=headers)

    async def read_areas(self) -> httpx.Response:
        """One ordinary read."""
        return await self.client.get("/api/v1/hillside/areas")

    def stored(self) -> int:
        """How many messages there are. The journal and the counts must say the same."""
        with walls.within(walls.WHOLE_HOUSE), self.database.read() as reads:
            rows = reads.exec(select(func.count()).select_from(Feedback)).one()
            noted = reads.exec(select(func.count()).select_from(Entry).where(Entry.verb == "received")).one()
            assert (noted, verification.differences(reads)) == (rows, [])
            return rows


@asynccontextmanager
async def running(settings: Settings, clock: Clock, key: str = "") -> AsyncIterator[Running]:
    """Starts the service, and stops it."""
    app = create_app(settings, clock=clock)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("203.0.113.7", 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver", timeout=60) as client:
            yield Running(app.state.database, client, key)


def statuses(answers: list[httpx.Response]) -> dict[int, int]:
    """How many answers of each status."""
    return dict(Counter(answer.status_code for answer in answers))


async def together(*calls: Any) -> list[httpx.Response]:
    """The answers to calls that are made at once, in order."""
    return list(await asyncio.gather(*calls))
