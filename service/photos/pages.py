"""Photos that everybody may see, each at an address that tells nothing of it."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from service.database import Reads
from service.doors import Router
from service.errors import NotFound
from service.feedback.published import is_published
from service.people.access import ANYONE, Place
from service.photos.files import read_file
from service.photos.models import Photo
from service.photos.queries import get_shown

router = Router(dependencies=[ANYONE], include_in_schema=False)


class PictureResponse(Response):
    """A photo, and no page."""

    media_type = "image/jpeg"


ALONE = {
    "Content-Disposition": "inline; filename=photo.jpg",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Robots-Tag": "noindex, noimageindex",
}
"""Whatever a browser makes of the bytes, nothing in them runs, and no search engine keeps them."""


@router.get("/{c}/photos/{photo_id}", name="photos.show")
def show(request: Request, place: Place, photo_id: UUID, reads: Reads) -> PictureResponse:
    """A photo that was let through, asked for anew each time: taken back, it is gone at once. Raises: NotFound."""
    photo = get_shown(reads, is_published(place.id), place.id, photo_id)
    return picture(request, photo, "no-cache")


def picture(request: Request, photo: Photo, caching: str) -> PictureResponse:
    """The picture itself. Raises: NotFound where its file is not what was stored."""
    etag = f'"{photo.digest[:32]}"'
    headers = {**ALONE, "Cache-Control": caching}
    if "no-store" not in caching:
        headers["ETag"] = etag
        if etag in request.headers.get("if-none-match", ""):
            return PictureResponse(status_code=304, headers=headers)
    content = read_file(request.app.state.settings.var, photo)
    if content is None:
        raise NotFound
    return PictureResponse(content, headers=headers)
