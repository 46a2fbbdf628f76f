"""The inbox as staff meet it: everything that waits for them, in one list that can be narrowed."""

from hashlib import blake2s
from typing import Annotated, Literal

from fastapi import Query, Request
from fastapi.responses import Response

from service.clock import Now
from service.database import Reads
from service.days import local_day
from service.doors import Router
from service.feedback.bulk_queries import find_done
from service.html import PRIVATE, Form, page
from service.inbox.choice_queries import choices_for, wanted_of
from service.inbox.queries import find_inbox, read_cursor
from service.inbox.rules import bulk_for, parts_for
from service.people.access import AtWork, held
from service.people.models import AT_THE_DESK
from service.places.models import Threshold
from service.safeguarding.queries import count_urgent
from service.saved_views.queries import find_views
from service.saved_views.rules import may_share

router = Router(prefix="/staff/{c}", include_in_schema=False)

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
    all: Literal["", "yes"] = "",  # noqa: A002 (as the address says it)
) -> Response:
    """What waits for this member, the oldest duty first. What the address asks for and there is not, is not asked.

    A list on a screen looks now and then: with what it has `seen`, the answer is empty as long as nothing is new.
    """
    held(member, *AT_THE_DESK)
    choices = choices_for(reads, member)
    asked = {"part": part, "topic": topic, "area": area, "organisation": organisation, "kind": kind, "whose": whose}
    views = find_views(reads, member, choices)
    wanted = wanted_of(member, choices, asked)
    if not any(asked.values()):
        wanted = next((view.wanted for view in views if view.starts and view.fits), wanted)
    inbox = find_inbox(reads, member, wanted, now, after=read_cursor(after), beside=[view.wanted for view in views if view.fits])
    urgent = count_urgent(reads, member, now)
    shown = blake2s(repr((inbox, choices, views, urgent)).encode(), digest_size=8).hexdigest()
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
        urgent=urgent,
        seen=shown,
        first=not after,
        after=after,
        all=all == "yes",
        wanted=wanted,
        parts=parts_for(member.grants),
        choices=choices,
        views=views,
        shares=may_share(member.grants),
        form=Form(values={"part": wanted.part, **wanted.narrowed}),
        aim=member.place.thresholds.on(Threshold.ANSWER_WITHIN, local_day(now, member.place.time_zone)),
        acts=bulk_for(member.grants),
        done=find_done(reads, member, did, now),
    )
