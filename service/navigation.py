"""The bar of staff pages: the one list of what there is to open, and for whom. A new staff page adds its line here."""

from collections.abc import Collection
from dataclasses import dataclass

from service.language import N_, _
from service.people.models import AT_THE_DESK, Member, Role

EVERYBODY = frozenset(Role)
AT_ONCE = 6
"""So many links stand side by side. Where there are more, those of a quieter kind go under "More"."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the bar: its route (which takes `c` and nothing else), its name, and the roles that open it.

    `here` is what the page says of itself in `page(here=...)`. `whole_place`: the role must be held for the whole place.
    `quiet`: not for every day, so it may stand under "More".
    """

    route: str
    label: str
    here: str
    roles: Collection[Role]
    whole_place: bool = False
    quiet: bool = False

    def opens_for(self, member: Member) -> bool:
        """Whether this member may open it. The page itself asks again: a link is not a guard."""
        return any(grant.role in self.roles and (grant.organisation_id is None or not self.whole_place) for grant in member.grants)


ENTRIES = (
    Entry("inbox.list", N_("Inbox"), "inbox", AT_THE_DESK),
    Entry("narratives.log", N_("Log"), "log", AT_THE_DESK),
    Entry("narratives.shelf", N_("Stories"), "stories", AT_THE_DESK),
    Entry("promises.desk_list", N_("Promises"), "desk_promises", AT_THE_DESK),
    Entry("feedback.write_down", N_("Write down"), "write_down", AT_THE_DESK, quiet=True),
    Entry("feedback.desk_posters", N_("Posters"), "posters", AT_THE_DESK, quiet=True),
    Entry("themes.list", N_("Themes"), "themes", AT_THE_DESK, quiet=True),
    Entry("moderation.queue", N_("Moderation"), "moderation", (Role.COORDINATOR, Role.MODERATOR), whole_place=True),
    Entry("accountability.overview", N_("Overview"), "overview", (Role.VIEWER,)),
    Entry("people.team", N_("People"), "people", (Role.ADMIN,)),
    Entry("safeguarding.lane", N_("Urgent"), "urgent", (*AT_THE_DESK, Role.ADMIN)),
    Entry("hosting.settings", N_("Settings"), "settings", (Role.ADMIN,)),
    Entry("search.desk", N_("Search"), "search", EVERYBODY),
    Entry("system_health.register", N_("Barriers"), "barriers", AT_THE_DESK, quiet=True),
    Entry("assets.desk_list", N_("Run by the community"), "assets", AT_THE_DESK, quiet=True),
    Entry("subjects.desk", N_("Held data"), "held", (Role.ADMIN, Role.COORDINATOR, Role.MODERATOR), whole_place=True, quiet=True),
    Entry("audit.list", N_("Who read what"), "audit", (Role.ADMIN,), quiet=True),
    Entry("equality.heard", N_("Who we hear from"), "heard", EVERYBODY, quiet=True),
    Entry("intakes.list", N_("Bring in a file"), "imports", (Role.COORDINATOR, Role.ADMIN), quiet=True),
    Entry("accountability.account", N_("Public page"), "account", EVERYBODY, quiet=True),
)
"""In the order of the bar: what is opened most stands first."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link of somebody's bar."""

    route: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """What one person may open. `elsewhere`: they work in another place as well, and may change to it."""

    shown: tuple[Link, ...]
    more: tuple[Link, ...]
    elsewhere: bool


def first_page_for(member: Member) -> str:
    """The route where this member's day begins: the first that they may open."""
    return next(entry.route for entry in ENTRIES if entry.opens_for(member))


def bar_for(member: Member, here: str | None) -> Bar:
    """This member's bar on the page `here`, in the language of the request. The page one is on is never hidden under "More"."""
    mine = [entry for entry in ENTRIES if entry.opens_for(member)]
    tucked = [entry for entry in mine if entry.quiet and entry.here != here] if len(mine) > AT_ONCE else []
    links = {entry: Link(entry.route, _(entry.label), entry.here == here) for entry in mine}
    shown = tuple(link for entry, link in links.items() if entry not in tucked)
    return Bar(shown, tuple(links[entry] for entry in tucked), member.elsewhere)
