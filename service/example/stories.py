"""The stories of the example: told, checked by somebody else, shared, paused and taken back by the people of the diary."""

from datetime import datetime
from functools import partial
from uuid import UUID

from service.example.diary import Diary
from service.example.tales import MATTERED, TALES, Tale
from service.example.ways import meet
from service.feedback.models import Capturer
from service.narratives.actions import Teller, check_narrative, pause_narrative, share_narrative, submit_narrative, withdraw_narrative
from service.narratives.models import ConsentIn, NarrativeIn, StoryState, Visibility

TELLERS = {
    Capturer.RESIDENT: ("worker", "hub"),
    Capturer.COMMUNITY_REPORTER: ("neighbours", "neighbours"),
    Capturer.FRONTLINE: ("worker", "hub"),
    Capturer.PARTNER_ORG: ("neighbours", "neighbours"),
    Capturer.COORDINATOR: ("coordinator", None),
}
"""Who types in what these tell, and for which organisation."""

WISHES = {
    StoryState.SHARED_PARTNERS: Visibility.PARTNERS,
    StoryState.KEPT_PRIVATE: Visibility.PRIVATE,
}
"""What was wished for the stories that ended there; for all others, that everybody may read them."""


def tell_stories(diary: Diary) -> None:
    """Writes every story into the diary."""
    for tale in TALES:
        diary.at(diary.moment(tale.came.ago, 15, 20), partial(_tell, diary, tale))


def _tell(diary: Diary, tale: Tale, at: datetime) -> None:
    """Somebody writes it down; what comes of it follows on the next working days."""
    who, organisation = TELLERS[tale.told.teller]
    wish = WISHES.get(tale.came.ends, Visibility.PUBLIC)
    consent = None
    if tale.holds is not None and wish == Visibility.PUBLIC:
        consent = ConsentIn(wording_version="2025-1", given_on=diary.day(tale.came.ago), expires_on=diary.day(tale.holds))
    given = NarrativeIn(
        kind=tale.told.kind,
        title=tale.told.title,
        body=tale.body,
        occurred_on=diary.day(tale.came.ago + 3),
        area=tale.came.area,
        whole_place=tale.came.area is None,
        promise=diary.promises[tale.came.promise] if tale.came.promise else None,
        indicator=tale.came.indicator,
        barrier=tale.came.barrier,
        tags=list(tale.came.tags),
        signifiers={"what-mattered": MATTERED[tale.meant[0]], "who-had-the-say": tale.meant[1]} if tale.meant else None,
        language=tale.language,
        consent=consent,
        visibility=wish,
    )
    teller = Teller(diary.staff[who].actor, diary.organisations[organisation] if organisation else None, tale.told.teller)
    row, _new = submit_narrative(diary.writes, teller, diary.place, given, at)
    if tale.came.barrier:
        meet(diary, row, tale.came.ago, at)
    _follow(diary, tale, row.id, wish)


def _follow(diary: Diary, tale: Tale, story: UUID, wish: Visibility) -> None:
    """The moderator checks it and decides: nobody who wrote it down does."""
    writes, moderator = diary.writes, diary.staff["moderator"]
    checked = diary.office_hour(tale.came.ago - 1)
    decided = diary.office_hour(tale.came.ago - 7)
    later = diary.office_hour(tale.came.ago - 20)
    if tale.came.ends == StoryState.SUBMITTED:
        return
    diary.at(checked, lambda at: check_narrative(writes, moderator, story, at))
    if tale.came.ends == StoryState.CHECKING:
        return
    diary.at(decided, lambda at: share_narrative(writes, moderator, story, wish, at))
    if tale.came.ends == StoryState.PAUSED:
        diary.at(later, lambda at: pause_narrative(writes, moderator, story, at))
    if tale.came.ends == StoryState.WITHDRAWN:
        diary.at(later, lambda at: withdraw_narrative(writes, moderator, story, at))
