"""Static files: each under an address that holds a hash of its bytes, so that it may be cached for a year.

Few and small, so they are kept in memory, compressed once. No build step stands between a file and its address.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import brotli
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

FOLDER = Path(__file__).resolve().parent.parent / "web" / "static"
PREFIX = "/static/"
FOREVER = "public, max-age=31536000, immutable"
SERVED = {".css", ".js", ".svg", ".png", ".ico", ".woff2"}


@dataclass
class File:
    """One file and its compressed forms, made when first asked for."""

    body: bytes
    type: str
    encoded: dict[str, bytes] = field(default_factory=dict)

    def encode(self, coding: str) -> bytes:
        if coding not in self.encoded:
            self.encoded[coding] = brotli.compress(self.body) if coding == "br" else gzip.compress(self.body, 9, mtime=0)
        return self.encoded[coding]


class Static:
    """The files of a folder as an ASGI application."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.files: dict[str, File] = {}
        self.addresses: dict[str, str] = {}
        for path in sorted(folder.rglob("*")):
            if path.suffix not in SERVED:
                continue
            body = path.read_bytes()
            name = path.relative_to(folder).as_posix()
            digest = hashlib.sha256(body).hexdigest()[:12]
            hashed = f"{name.removesuffix(path.suffix)}.{digest}{path.suffix}"
            self.files[PREFIX + hashed] = File(body, mimetypes.guess_type(name)[0] or "application/octet-stream")
            self.addresses[name] = PREFIX + hashed

    def url(self, name: str) -> str:
        """The address of a file, by its name under web/static. Raises: KeyError when there is none."""
        return self.addresses[name]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._answer(scope["path"], _codings(scope["headers"])) if scope["method"] in ("GET", "HEAD") else _not_allowed()
        await answer(scope, receive, send)

    def _answer(self, path: str, codings: Mapping[str, bool]) -> Response:
        file = self.files.get(path)
        if file is None:
            return PlainTextResponse("Not found", 404)
        headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        coding = next((coding for coding in ("br", "gzip") if codings.get(coding)), None)
        if coding:
            headers["Content-Encoding"] = coding
        return Response(file.encode(coding) if coding else file.body, headers=headers, media_type=file.type)


def _codings(headers: list[tuple[bytes, bytes]]) -> Mapping[str, bool]:
    accepted = b",".join(value for name, value in headers if name == b"accept-encoding").decode("latin-1").lower()
    parts = [part.strip().split(";") for part in accepted.split(",") if part.strip()]
    return {part[0].strip(): not any(weight.strip() in ("q=0", "q=0.0") for weight in part[1:]) for part in parts}


def _not_allowed() -> Response:
    return PlainTextResponse("Method not allowed", 405, {"Allow": "GET, HEAD"})
