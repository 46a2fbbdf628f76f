"""Every figure of the account once more, by plain SQL over the facts. Knows nothing of the service's queries, counts and formulas.

The days of moments are taken in UTC: the stories here keep to hours at which that is the day in Hillside as well.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import holidays
from sqlalchemy import text
from sqlmodel import Session

Found = tuple[float | None, int | None, int | None]
"""Value, n, denominator; what a figure does not have is None."""

PLACE = "(select id from collaboration where slug = :slug)"
IN_COHORT = "captured_by <> 'import' and state not in ('withdrawn', 'not_feedback')"
CONSENTED = """exists (select 1 from consent k where k.collaboration_id = s.collaboration_id and k.narrative_id = s.id
    and k.purpose = 'share_words_public' and k.withdrawn_at is null and k.given_on <= :today
    and (k.expires_on is null or k.expires_on >= :today))"""
PUBLIC_STORIES = f"from narrative s where s.collaboration_id = {PLACE} and s.state = 'shared_public' and {CONSENTED}"
PUBLIC_PROMISES = f"from promise where collaboration_id = {PLACE} and standing not in ('draft', 'proposed')"
SETTLED = "dimension = '' and not provisional and value is not null"
NATION = (
    "(a.code like 'E92______' or a.code like 'W92______' or a.code like 'S92______' or a.code like 'N92______' or a.code like 'K0_______')"
)


class Facts:
    """One place's facts on one day."""

    def __init__(self, session: Session, slug: str, today: date) -> None:
        self.session, self.slug, self.today = session, slug, today
        self.sqlite = session.get_bind().dialect.name == "sqlite"

    def rows(self, sql: str, **values: object) -> list[Any]:
        """What a query finds."""
        facts = {"slug": self.slug, "today": self._day(self.today), "then": self._day(self.today - timedelta(days=30)), **values}
        used = {name: value for name, value in facts.items() if f":{name}" in sql}
        return list(self.session.connection().execute(text(sql), used))

    def one(self, sql: str, **values: object) -> Any:
        """The one number that a query finds."""
        return self.rows(sql, **values)[0][0]

    def day(self, column: str) -> str:
        """The day of a moment, as SQL."""
        return f"substr({column}, 1, 10)" if self.sqlite else f"cast({column} at time zone 'UTC' as date)"

    def _day(self, day: date) -> object:
        return day.isoformat() if self.sqlite else day

    def share(self, part: int, whole: int) -> Found:
        """A part of a whole; no value of nothing."""
        return (part / whole if whole else None, part, whole)


def whole_place(facts: Facts) -> dict[str, Found]:
    """The figures that are not split, by code."""
    received = facts.one(f"select count(*) from feedback where collaboration_id = {PLACE}")
    areas = facts.one(f"select count(*) from area where collaboration_id = {PLACE} and kind not in ('place', 'comparator')")
    told = facts.one(f"select count(*) {PUBLIC_STORIES}")
    silent = facts.one(
        f"""select count(*) from area a where a.collaboration_id = {PLACE} and a.kind not in ('place', 'comparator')
        and not exists (select 1 {PUBLIC_STORIES} and s.area_id = a.id)"""
    )
    no, answers = facts.rows(
        f"select coalesce(sum(case when outcome = 'cannot_do' then 1 else 0 end), 0), count(*) from reply where collaboration_id = {PLACE}"
    )[0]
    late = f"{PUBLIC_PROMISES} and side = 'our_part' and standing in ('made', 'under_way', 'stalled') and due_on < :today"
    overdue = facts.one(f"select count(*) {late}")
    quiet, members = quiet_members(facts)
    aside = facts.one(f"select count(*) from feedback where collaboration_id = {PLACE} and state = 'not_feedback'")
    return {
        "messages_received": (received, received, None),
        "messages_set_aside": (aside, aside, None),
        "answered_rate": answered(facts),
        "median_days_to_reply": median(facts),
        "response_time": median(facts),
        "promise_kept_rate": kept(facts),
        "promises_overdue": (overdue, overdue, None),
        "honest_no": facts.share(no, answers),
        **loops(facts),
        "stories": (told, told, None),
        "areas_without_stories": (silent, silent, areas),
        "organisations_quiet": (quiet, quiet, members),
        "barriers_open": barriers(facts, "standing not in ('worked_round', 'changed', 'accepted')", "1 = 1"),
        "barriers_custom": facts.share(*barriers(facts, "finding = 'custom_not_rule'", "finding in ('custom_not_rule', 'real_rule')")[1:]),
        **capture(facts),
        **checked(facts),
    }


STANDS = """from feedback f left join feedback p on p.collaboration_id = f.collaboration_id and p.id = f.merged_into_id
    where f.collaboration_id = {place} and f.captured_by <> 'import' and f.state not in ('withdrawn', 'not_feedback')
    and {day} <= :then"""
STATE = "coalesce(p.state, f.state)"
ANSWERED = "coalesce(p.replied_at, f.replied_at) is not null"


def loops(facts: Facts) -> dict[str, Found]:
    """What became of the messages that are old enough, from beginning to end."""
    whole = STANDS.format(place=PLACE, day=facts.day("f.received_at"))
    n = facts.one(f"select count(*) {whole}")
    waits = [row[0] for row in lags(facts)]
    said = """from addition a join feedback f on f.collaboration_id = a.collaboration_id and f.id = a.feedback_id
        where f.collaboration_id = {place} and f.captured_by <> 'import' and f.state not in ('withdrawn', 'not_feedback')
        and {day} <= :then and a.answered is not null and a.at = (select max(b.at) from addition b
            where b.collaboration_id = a.collaboration_id and b.feedback_id = a.feedback_id and b.answered is not null)"""
    said = said.format(place=PLACE, day=facts.day("f.received_at"))
    judged = facts.one(f"select count(*) {said} and a.better in ('yes', 'partly', 'no')")
    promised = f"""from reply r join promise m on m.collaboration_id = r.collaboration_id and m.id = r.promise_id
        where r.collaboration_id = {PLACE} and r.outcome = 'will_do' and (m.standing in ('kept', 'partly_kept', 'broken')
        or (m.standing = 'changed' and not m.community_agreed)
        or (m.standing in ('made', 'under_way', 'stalled', 'claimed_kept', 'disputed') and m.due_on < :today))"""
    tasks = f"""from reply r join task t on t.collaboration_id = r.collaboration_id and t.reply_id = r.id
        where r.collaboration_id = {PLACE} and (t.done_on is not null or r.task_due_on < :today)"""
    oldest = facts.one(
        f"""select min({facts.day("received_at")}) from feedback where collaboration_id = {PLACE} and {IN_COHORT} and replied_at is null"""
    )
    waiting = facts.one(f"select count(*) from feedback where collaboration_id = {PLACE} and {IN_COHORT} and replied_at is null")
    return {
        "loop_closed_rate": facts.share(facts.one(f"select count(*) {whole} and {STATE} = 'loop_closed'"), n),
        "answered_within_10": facts.share(sum(lag is not None and lag <= 10 for lag in waits), n),
        "longest_wait": ((facts.today - _date(oldest)).days if oldest else None, waiting, None),
        "better_now": facts.share(facts.one(f"select count(*) {said} and a.better = 'yes'"), judged),
        "checks_given": facts.share(facts.one(f"select count(*) {said}"), sum(lag is not None for lag in waits)),
        "did_what_we_said": facts.share(
            facts.one(f"select count(*) {promised} and m.standing = 'kept' and (m.due_on is null or m.claimed_on <= m.due_on)")
            + facts.one(f"select count(*) {tasks} and t.done_on <= r.task_due_on"),
            facts.one(f"select count(*) {promised}") + facts.one(f"select count(*) {tasks}"),
        ),
    }


def loops_by_part(facts: Facts) -> dict[str, int]:
    """Where the others stand, those that occur; of promises that took another's place it knows nothing."""
    whole = STANDS.format(place=PLACE, day=facts.day("f.received_at"))
    of_it = "r.collaboration_id = f.collaboration_id and r.feedback_id = coalesce(p.id, f.id) and r.outcome = 'will_do'"
    promise = f"from reply r join promise m on m.collaboration_id = r.collaboration_id and m.id = r.promise_id where {of_it}"
    task = f"from reply r join task t on t.collaboration_id = r.collaboration_id and t.reply_id = r.id where {of_it}"
    live = "('made', 'under_way', 'stalled', 'claimed_kept')"
    told = f"""(select max({facts.day("u.at")}) from follow_up u where u.collaboration_id = f.collaboration_id
        and u.feedback_id = coalesce(p.id, f.id))"""
    late = (
        f"exists (select 1 {promise} and m.standing <> 'kept' and not (m.standing in {live} and (m.due_on is null or m.due_on >= :today)))"
    )
    part = f"""case when not ({ANSWERED}) then 'unanswered'
        when {STATE} in ('received', 'acknowledged', 'routed', 'in_review', 'reopened', 'safeguarding_hold') then 'open_again'
        when {late} or exists (select 1 {task} and t.done_on is null and r.task_due_on < :today) then 'late'
        when exists (select 1 {promise} and m.standing <> 'kept') or exists (select 1 {task} and t.done_on is null) then 'not_due'
        when exists (select 1 {promise} and ({told} is null or {told} < m.settled_on)) then 'not_told'
        when exists (select 1 {task} and ({told} is null or {told} < t.done_on)) then 'not_told'
        else 'answered' end"""
    return dict(map(tuple, facts.rows(f"select {part} as part, count(*) {whole} and {STATE} <> 'loop_closed' group by 1")))


def barriers(facts: Facts, which: str, among: str) -> tuple[int, int, int]:
    """How many of the barriers that are among these are such."""
    found = [
        facts.one(f"select count(*) from barrier where collaboration_id = {PLACE} and ({among}) and ({condition})")
        for condition in (which, "1 = 1")
    ]
    return found[0], found[0], found[1]


def barriers_by_standing(facts: Facts) -> dict[str, int]:
    """Barriers by where they stand, those that occur."""
    return dict(map(tuple, facts.rows(f"select standing, count(*) from barrier where collaboration_id = {PLACE} group by standing")))


def by_publication(facts: Facts) -> dict[str, int]:
    """Messages by publication, those that occur."""
    return dict(map(tuple, facts.rows(f"select publication, count(*) from feedback where collaboration_id = {PLACE} group by publication")))


def by_reason(facts: Facts) -> dict[str, int]:
    """Messages whose words are held back, by the reason."""
    held = f"from feedback where collaboration_id = {PLACE} and publication = 'withheld'"
    return dict(map(tuple, facts.rows(f"select withheld_reason, count(*) {held} group by withheld_reason")))


def noes_by_kind(facts: Facts) -> dict[str, int]:
    """Answers that said no by the kind of their reason, those that occur."""
    noes = f"from reply where collaboration_id = {PLACE} and outcome = 'cannot_do'"
    return dict(map(tuple, facts.rows(f"select coalesce(no_kind, 'other'), count(*) {noes} group by coalesce(no_kind, 'other')")))


def by_teller(facts: Facts) -> dict[str, int]:
    """Public stories by who wrote them down."""
    return dict(map(tuple, facts.rows(f"select captured_by, count(*) {PUBLIC_STORIES} group by captured_by")))


def messages_by(facts: Facts, what: str) -> dict[str | None, int]:
    """Messages of closed months by 'kind', or by the code of their 'area'."""
    column = "f.kind" if what == "kind" else "a.code"
    first = facts._day(facts.today.replace(day=1))
    return dict(
        map(
            tuple,
            facts.rows(
                f"""select {column}, count(*) from feedback f
                left join area a on a.collaboration_id = f.collaboration_id and a.id = f.area_id
                where f.collaboration_id = {PLACE} and {facts.day("f.received_at")} < :first group by {column}""",
                first=first,
            ),
        )
    )


def answered(facts: Facts) -> Found:
    """Of the messages that are old enough: those with an answer."""
    whole = f"from feedback f where collaboration_id = {PLACE} and {IN_COHORT} and {facts.day('received_at')} <= :then"
    has_one = "exists (select 1 from reply r where r.collaboration_id = f.collaboration_id and r.feedback_id = f.id)"
    return facts.share(facts.one(f"select count(*) {whole} and {has_one}"), facts.one(f"select count(*) {whole}"))


def median(facts: Facts) -> Found:
    """The middle of all waits: in the order of their lengths, those without an answer at the end."""
    waits = [row[0] for row in lags(facts)]
    n = len(waits)
    if n == 0:
        return None, 0, 0
    low, high = waits[(n - 1) // 2], waits[n // 2]
    return (None if low is None or high is None else (low + high) / 2), n, n


def lags(facts: Facts) -> list[Any]:
    """Every wait in working days, in the order of their lengths; those without an answer at the end."""
    worked = ", ".join(f"('{day}')" for day in working_days(facts.today - timedelta(days=900), facts.today))
    first = "(select min(r.published_at) from reply r where r.collaboration_id = f.collaboration_id and r.feedback_id = f.id)"
    as_text = "substr({}, 1, 10)" if facts.sqlite else "to_char({} at time zone 'UTC', 'YYYY-MM-DD')"
    ends, begins = as_text.format("answered_at"), as_text.format("received_at")
    return facts.rows(
        f"""with working(day) as (values {worked}),
        cohort as (select f.received_at, {first} as answered_at from feedback f
            where f.collaboration_id = {PLACE} and {IN_COHORT} and {facts.day("f.received_at")} <= :then)
        select case when answered_at is null then null
            else (select count(*) from working w where w.day > {begins} and w.day <= {ends}) end as lag from cohort
        order by answered_at is null, lag"""
    )


def working_days(first: date, last: date) -> list[date]:
    """Monday to Friday, less the holidays of England."""
    closed = holidays.country_holidays("GB", subdiv="ENG", years=range(first.year, last.year + 1))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5 and day not in closed]


def kept(facts: Facts) -> Found:
    """Our promises that were kept, out of those that fell due or were settled."""
    counts = f"""{PUBLIC_PROMISES} and side = 'our_part' and (
        standing in ('kept', 'partly_kept', 'broken')
        or (standing = 'changed' and not community_agreed)
        or (standing in ('made', 'under_way', 'stalled', 'claimed_kept', 'disputed')
            and (due_on < :today or first_settled_on is not null)))"""
    return facts.share(facts.one(f"select count(*) {counts} and standing = 'kept'"), facts.one(f"select count(*) {counts}"))


OURS = f"from promise q where q.collaboration_id = {PLACE} and q.side = 'our_part'"
WITH_A_CODE = f"from promise_check k where k.collaboration_id = {PLACE} and k.came <> 'open'"


def checked(facts: Facts) -> dict[str, Found]:
    """On time, checked by others, what residents say, gone quiet."""
    dated = f"{OURS} and q.standing = 'kept' and q.due_on is not null"
    on_time = facts.one(f"select count(*) {dated} and q.claimed_on <= q.due_on")
    settled = f"{OURS} and q.standing in ('kept', 'partly_kept')"
    by_others = """exists (select 1 from progress p where p.collaboration_id = q.collaboration_id and p.promise_id = q.id
        and p.asked_for = q.standing and (p.organisation_id is null or p.organisation_id <> q.maker_id))"""
    yes = facts.one(f"select count(*) {WITH_A_CODE} and k.verdict = 'yes'")
    spoke = facts.one(f"select count(*) {WITH_A_CODE} and k.verdict <> 'do_not_know'")
    live = f"{OURS} and q.standing in ('made', 'under_way', 'stalled')"
    since = facts._day(facts.today - timedelta(days=60))
    said = f"""exists (select 1 from progress p where p.collaboration_id = q.collaboration_id and p.promise_id = q.id
        and {facts.day("p.at")} >= :since)"""
    fresh = f"({said} or (coalesce(q.made_on, {facts.day('q.added_at')}) >= :since))"
    quiet = facts.one(f"select count(*) {live} and not {fresh}", since=since)
    return {
        "promises_on_time": facts.share(on_time, facts.one(f"select count(*) {dated}")),
        "promises_checked": facts.share(facts.one(f"select count(*) {settled} and {by_others}"), facts.one(f"select count(*) {settled}")),
        "residents_say_it_happened": (yes / spoke if spoke >= 5 else None, yes, spoke),
        "promises_quiet": (quiet, quiet, facts.one(f"select count(*) {live}")),
    }


def happened_by_area(facts: Facts) -> dict[str, tuple[int, int]]:
    """Checks with a code of closed months, by the code of the area they name: yes, and partly or no."""
    rows = facts.rows(
        f"""select a.code, sum(case when k.verdict = 'yes' then 1 else 0 end), sum(case when k.verdict in ('partly', 'no') then 1 else 0 end)
        {WITH_A_CODE.replace("promise_check k", "promise_check k join area a on a.collaboration_id = k.collaboration_id and a.id = k.area_id")}
        and k.month < :month group by a.code""",
        month=facts.today.isoformat()[:7],
    )
    return {code: (yes, other) for code, yes, other in rows}


def capture(facts: Facts) -> dict[str, Found]:
    """The capture check: three ratios over everything that was written down."""
    below = "in ('resident', 'community_reporter', 'frontline')"
    own_numbers = f"from observation o join area a on a.collaboration_id = o.collaboration_id and a.id = o.area_id where o.collaboration_id = {PLACE} and a.kind <> 'comparator'"
    messages, stories = f"from feedback where collaboration_id = {PLACE}", f"from narrative where collaboration_id = {PLACE}"
    whole = sum(facts.one(f"select count(*) {table}") for table in (messages, stories, PUBLIC_PROMISES, own_numbers))
    bottom = sum(facts.one(f"select count(*) {table} and captured_by {below}") for table in (messages, stories))
    placed = sum(facts.one(f"select count(*) {table} and area_id is not null") for table in (messages, stories, PUBLIC_PROMISES))
    placed += facts.one(f"select count(*) {own_numbers} and a.kind <> 'place'")
    valued = facts.one(f"select count(distinct indicator_id) {own_numbers} and o.value is not null")
    told = facts.one(f"select count(distinct s.indicator_id) {PUBLIC_STORIES} and s.indicator_id is not null")
    return {
        "capture_bottom_up": facts.share(bottom, whole),
        "capture_place_based": facts.share(placed, whole),
        "capture_words": facts.share(told, valued),
    }


def quiet_members(facts: Facts) -> tuple[int, int]:
    """Present members that did nothing in the last 60 days, and all of them."""
    since = facts._day(facts.today - timedelta(days=60))
    acts = (("reply", "published_at"), ("progress", "at"), ("narrative", "submitted_at"), ("observation", "recorded_at"))
    active = " or ".join(
        f"exists (select 1 from {table} x where x.collaboration_id = o.collaboration_id and x.organisation_id = o.id "
        f"and {facts.day(f'x.{at}')} >= :since)"
        for table, at in acts
    )
    active += (
        f" or exists (select 1 from promise x where x.collaboration_id = o.collaboration_id and x.maker_id = o.id "
        f"and x.standing not in ('draft', 'proposed') and (x.origin is null or x.origin like 'key:%') and {facts.day('x.added_at')} >= :since)"
    )
    members = f"""from organisation o where o.collaboration_id = {PLACE} and exists (select 1 from membership m
        where m.collaboration_id = o.collaboration_id and m.organisation_id = o.id
        and (m.since is null or m.since <= :today) and (m.until is null or m.until >= :today))"""
    return facts.one(f"select count(*) {members} and not ({active})", since=since), facts.one(f"select count(*) {members}")


def indicators(facts: Facts) -> dict[str, Mapping[str, Found]]:
    """By indicator: the figures of its newest, its oldest value, and of the places it is compared with."""
    found = {}
    for code, id_, group in facts.rows(f"select code, id, comparator_group_id from indicator where collaboration_id = {PLACE}"):
        series = facts.rows(
            f"""select o.value, o.first_day, o.last_day from observation o
            join area a on a.collaboration_id = o.collaboration_id and a.id = o.area_id
            where o.collaboration_id = {PLACE} and o.indicator_id = :indicator and a.kind = 'place' and {SETTLED}
            order by o.last_day, o.first_day""",
            indicator=id_,
        )
        n = len({(row[1], row[2]) for row in series})
        newest, oldest = (series[-1], series[0]) if series else ((None, None, None),) * 2
        change = newest[0] - oldest[0] if n > 1 else None
        figures = {"indicator_latest": (newest[0], n, None), "indicator_first": (oldest[0], n, None), "indicator_change": (change, n, None)}
        if series:
            age = max((facts.today - _date(newest[2])).days, 0)
            figures["indicator_freshness"] = (age, n, None)
            if group is not None:
                figures["comparator_mean"] = _mean(facts, id_, group, newest[1], newest[2])
        found[code] = figures
    return found


def _mean(facts: Facts, indicator: object, group: object, first: object, last: object) -> Found:
    members = f"""from comparator_member m join area a on a.collaboration_id = m.collaboration_id and a.id = m.area_id
        where m.collaboration_id = {PLACE} and m.group_id = :group and not {NATION}"""
    values = f"""from observation o where o.collaboration_id = {PLACE} and o.indicator_id = :indicator
        and o.first_day = :first and o.last_day = :last and {SETTLED}
        and o.area_id in (select a.id {members})"""
    facts_ = {"indicator": indicator, "group": group, "first": first, "last": last}
    mean, n = facts.rows(f"select avg(o.value), count(*) {values}", **facts_)[0]
    return mean, n, facts.one(f"select count(*) {members}", group=group)


def _date(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
