"""What the operator and programs ask of the service itself: is it alive, is it ready, what may robots read."""

import hmac
from datetime import timedelta

from fastapi import Request
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy import text

from service import __version__
from service.clock import Now
from service.database import Reads
from service.doors import Router
from service.errors import NotFound
from service.people.access import ANYONE

router = Router(dependencies=[ANYONE], include_in_schema=False)


@router.get("/healthz", name="operations.alive")
async def alive() -> JSONResponse:
    """The process runs."""
    return JSONResponse({"status": "alive"}, headers={"Cache-Control": "no-store"})


@router.get("/readyz", name="operations.ready")
def ready(reads: Reads) -> JSONResponse:
    """The database answers. Otherwise 503."""
    reads.execute(text("select 1"))
    return JSONResponse({"status": "ready"}, headers={"Cache-Control": "no-store"})


@router.get("/metrics", name="operations.metrics")
async def metrics(request: Request) -> PlainTextResponse:
    """Counts for the operator's monitoring, which knows the token. Raises: NotFound for everybody else."""
    token = request.app.state.settings.metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token is None or not hmac.compare_digest(given.encode(), token.get_secret_value().encode()):
        raise NotFound
    text = request.app.state.metrics.text(__version__)
    return PlainTextResponse(text, headers={"Cache-Control": "no-store"}, media_type="text/plain; version=0.0.4")


@router.get("/robots.txt", name="operations.robots")
async def robots() -> PlainTextResponse:
    """Public accounts may be found; staff pages and the form need not be."""
    return PlainTextResponse("User-agent: *\nDisallow: /staff\nDisallow: /api/\n")


@router.get("/.well-known/security.txt", name="operations.security")
async def security(request: Request, now: Now) -> PlainTextResponse:
    """Where to tell of a weakness (RFC 9116), if the operator has said where. Raises: NotFound."""
    contact = request.app.state.settings.security_contact
    if contact is None:
        raise NotFound
    expires = now + timedelta(days=300)
    return PlainTextResponse(f"Contact: {contact}\nExpires: {expires:%Y-%m-%dT00:00:00Z}\nPreferred-Languages: en\n")
