"""The inbox as staff meet it: everything that waits for them, in one list that can be narrowed."""

from hashlib import blake2s
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from service.clock import Now
from service.database import Reads
from service.days import local_day
from service.feedback.models import Kind
from service.html import PRIVATE, Form, page
from service.inbox.models import NONE, Part, Wanted, Whose, read_done
from service.inbox.queries import find_inbox, read_cursor
from service.inbox.rules import bulk_for, parts_for
from service.people.access import AtWork, held
from service.people.models import AT_THE_DESK, Member
from service.places.models import Threshold
from service.places.queries import Choice, find_area_choices, find_organisations, find_topics
from service.places.rules import WHOLE_PLACE

router = APIRouter(prefix="/staff/{c}", include_in_schema=False)

Asked = Annotated[str, Query(max_length=80)]


@router.get("/inbox", name="inbox.list")
def show(
    request: Request,
    member: AtWork,
    reads: Reads,
    now: Now,
    part: Asked = "",
    topic: Asked = "",
    area: Asked = "",
    organisation: Asked = "",
    kind: Asked = "",
    whose: Asked = "",
    after: Asked = "",
    did: Asked = "",
    seen: Asked = "",
) -> Response:
    """What waits for this member, the oldest duty first. What the address asks for and there is not, is not asked.

    A list on a screen looks now and then: with what it has `seen`, the answer is empty as long as nothing is new.
    """
    held(member, *AT_THE_DESK)
    parts, choices = parts_for(member.grants), choices_for(reads, member)
    asked = {"topic": topic, "area": area, "organisation": organisation, "kind": kind, "whose": whose}
    known = {name: value for name, value in asked.items() if value in choices[name]}
    wanted = Wanted(Part(part) if part in parts else parts[0], **known)
    inbox = find_inbox(reads, member, wanted, now, after=read_cursor(after))
    shown = blake2s(repr((inbox, choices)).encode(), digest_size=8).hexdigest()
    if seen == shown:
        return Response(status_code=204, headers=PRIVATE)
    return page(
        request,
        "inbox/list.html",
        place=member.place,
        member=member,
        here="inbox",
        headers=PRIVATE,
        fragments=("message_list",),
        inbox=inbox,
        seen=shown,
        first=not after,
        wanted=wanted,
        parts=parts,
        choices=choices,
        form=Form(values={"part": wanted.part, **wanted.narrowed}),
        aim=member.place.thresholds.on(Threshold.ANSWER_WITHIN, local_day(now, member.place.time_zone)),
        acts=bulk_for(member.grants),
        done=read_done(did),
    )


def choices_for(reads: Reads, member: Member) -> dict[str, dict[str, str]]:
    """What the list can be narrowed to: by field, names by code. Words for what has no name are the template's."""
    place_id = member.place.id
    areas = [*find_area_choices(reads, place_id), Choice(WHOLE_PLACE, ""), Choice(NONE, "")]
    organisations = {row.code: row.name for row in find_organisations(reads, place_id)}
    return {
        "topic": {row.topic.code: row.topic.name for row in find_topics(reads, place_id)},
        "area": {area.code: area.name for area in areas},
        "organisation": {**organisations, NONE: ""},
        "kind": dict.fromkeys(Kind, ""),
        "whose": dict.fromkeys(Whose, ""),
    }
