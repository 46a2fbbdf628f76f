"""A place where something of everything happened, by the same actions as in the product."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from service.batches.work import Terms
from service.checks.actions import check_promise, invite_to_check
from service.checks.models import CheckIn
from service.checks.queries import find_codes
from service.feedback.actions import withdraw as take_back
from service.feedback.desk_actions import reply
from service.feedback.models import Capturer, Outcome, ReplyIn
from service.journal.actions import OPERATOR
from service.narratives.actions import Teller, share_narrative, submit_narrative
from service.narratives.models import ConsentIn, Kind, NarrativeIn, Visibility
from service.people.models import Member
from service.places.models import AreaKind
from service.places.queries import PlaceCard, find_organisation
from service.promises.actions import Speaker, make_promise, report_progress
from service.promises.models import ProgressIn, PromiseIn, Side, Standing
from service.results.actions import Recording, add_comparator_group, add_comparator_member, put_indicator, record_observations
from service.results.batches import read_row
from service.results.models import IndicatorIn
from service.results.rules import Mode
from service.system_health.actions import move_barrier, report_barrier
from service.system_health.models import BarrierKind, MoveIn, RuleKind
from service.system_health.models import Standing as Way
from service.tables import moment_text
from tests.make import Make

BEGINNING, NOW = "2026-05-04T11:00:00+00:00", "2026-11-23T10:00:00+00:00"
TODAY = date(2026, 11, 23)
NO = ReplyIn(outcome=Outcome.CANNOT_DO, body="No, not this year.", reason="The hall is booked.", no_kind="others_first")
YES = ReplyIn(outcome=Outcome.DONE, body="It is done.")


def fill(make: Make, hillside: PlaceCard) -> None:
    """Half a year, until Monday 23 November 2026."""
    make.clock.at(BEGINNING)
    for code in ("council", "hub", "trust"):
        make.organisation(hillside, code)
    for code in ("hill-road", "linden", "marsh-end"):
        make.area(hillside, code)
    make.topic(hillside, "paths", organisation="council")
    make.area(hillside, "otherham", kind=AreaKind.COMPARATOR)
    make.area(hillside, "elsewhere", kind=AreaKind.COMPARATOR)
    make.area(hillside, "E92000001", kind=AreaKind.COMPARATOR)
    desk, council, other = (
        make.at_work(hillside),
        make.at_work(hillside, organisation="council"),
        make.at_work(hillside, organisation="hub"),
    )
    _talk(make, hillside, desk, council)
    _tell(make, hillside, desk, other)
    _promise(make, hillside, council, other)
    _check(make, hillside, desk)
    _stumble(make, hillside, desk)
    make.clock.at("2026-11-20T10:00:00+00:00")
    _count(make, hillside)
    make.clock.at(NOW)


def _stumble(make: Make, place: PlaceCard, desk: Member) -> None:
    """One barrier as it was reported, one that is only a custom, one real rule that was changed."""
    ways = ((), (Way.CUSTOM_NOT_RULE,), (Way.REAL_RULE, Way.CHANGED))
    for moves in ways:
        with make.database.write() as writes:
            barrier = report_barrier(writes, desk.actor, place, BarrierKind.RULE, None, make.clock())
            for to in (Way.LOOKED_INTO, *moves) if moves else ():
                move_barrier(writes, desk, barrier, MoveIn(to=to, note="x", theme="x", rule_kind=RuleKind.STATUTE), make.clock())


def _talk(make: Make, place: PlaceCard, desk: Member, council: Member) -> None:
    """Forty-two messages, one every four days; some are answered, by whom and how late differs; two are taken back."""
    areas = ("hill-road", "hill-road", "linden", "whole_place", None)
    kinds = ("good", "not_good", "idea", None)
    for n in range(42):
        make.clock.at(BEGINNING)
        make.clock.advance(days=4 * n)
        area = areas[n % 5]
        facts: dict[str, Any] = {"whole_place": True} if area == "whole_place" else {"area": area}
        facts["topic"] = "paths" if n % 2 else None
        message = make.message(place, f"Message {n}.", kind=kinds[n % 4], share=("team_only", "words_public")[n % 2], **facts)
        if n % 3:
            make.clock.advance(days=n % 7 + 1)
            with make.database.write() as writes:
                reply(writes, council if n % 2 else desk, make.message_id(message), NO if n % 5 == 0 else YES, make.clock())
        if n in (10, 20):
            with make.database.write() as writes:
                take_back(writes, make.keys, place, message.code, make.clock())


def _tell(make: Make, place: PlaceCard, desk: Member, writer: Member) -> None:
    """Sixteen stories; ten of them public, one of which had its yes for a while only."""
    organisations = {grant.organisation_id for grant in writer.grants}
    for n in range(16):
        make.clock.at(BEGINNING)
        make.clock.advance(days=11 * n)
        today = make.clock().date()
        given = NarrativeIn(
            kind=list(Kind)[n % 4],
            body=f"Story {n}.",
            occurred_on=today,
            area=("hill-road", None)[n % 2],
            consent=ConsentIn(wording_version="2026-1", given_on=today, expires_on=today + timedelta(days=30) if n == 3 else None),
            visibility=Visibility.PUBLIC,
        )
        teller = Teller(writer.actor, organisations.copy().pop(), (Capturer.FRONTLINE, Capturer.COMMUNITY_REPORTER)[n % 2])
        with make.database.write() as writes:
            story_id = submit_narrative(writes, teller, place, given, make.clock())[0].id
        if n % 3 != 2:
            with make.database.write() as writes:
                share_narrative(writes, desk, story_id, (Visibility.PUBLIC, Visibility.PARTNERS)[n == 9], make.clock())


def _promise(make: Make, place: PlaceCard, maker: Member, checker: Member) -> None:
    """Seven promises of the council: one late, one kept, one broken, one claimed, one not due, one released, one asked of the community."""
    say = {
        name: Speaker(one.actor, frozenset(g.organisation_id for g in one.grants if g.organisation_id), whole_place=False)
        for name, one in (("maker", maker), ("checker", checker))
    }
    stories: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "late": [("maker", {"to": Standing.UNDER_WAY})],
        "kept": [("maker", {"to": Standing.CLAIMED_KEPT}), ("checker", {"to": Standing.KEPT})],
        "broken": [("maker", {"to": Standing.BROKEN})],
        "claimed": [("maker", {"to": Standing.CLAIMED_KEPT})],
        "later": [],
        "released": [("checker", {"to": Standing.RELEASED, "released_by": "The tenants", "released_on": date(2026, 9, 1)})],
    }
    for name, moves in stories.items():
        make.clock.at("2026-06-01T10:00:00+00:00")
        due = date(2027, 3, 1) if name == "later" else date(2026, 9, 30)
        given = PromiseIn(
            text=f"We promise: {name}.",
            side=Side.OUR_PART,
            maker="council",
            made_on=date(2026, 6, 1),
            due_on=due,
            kept_when="It is there.",
            area="linden" if name == "kept" else None,
        )
        with make.database.write() as writes:
            promise_id = make_promise(writes, say["maker"], place, given, make.clock()).id
        for who, facts in moves:
            make.clock.at("2026-09-10T10:00:00+00:00")
            with make.database.write() as writes:
                report_progress(writes, say[who], place, promise_id, ProgressIn(note="So it is.", **facts), make.clock())
    asked = PromiseIn(
        text="We ask you.", side=Side.YOUR_PART, made_on=date(2026, 6, 1), review_by=date(2026, 12, 1), kept_when="You say so."
    )
    with make.database.write() as writes:
        make_promise(writes, say["maker"], place, asked, make.clock())


def _count(make: Make, place: PlaceCard) -> None:
    """Three indicators; one has a gap at the end and is compared, one has a single value, one has none."""
    shapes = (
        ("damp", "population", "down", "neighbours"),
        ("visits", "how_much", "up", None),
        ("calm", "better_off", "up", None),
        ("silent", "how_well", "up", None),
    )
    with make.database.write() as writes:
        add_comparator_group(writes, OPERATOR, place, "neighbours", "Our neighbours", make.clock())
        for area in ("otherham", "elsewhere", "E92000001"):
            add_comparator_member(writes, OPERATOR, place, "neighbours", area, make.clock())
        for code, kind, direction, group in shapes:
            given = IndicatorIn.model_validate(
                {
                    "name": code.title(),
                    "kind": kind,
                    "unit": "%" if code == "damp" else "people",
                    "good_direction": direction,
                    "comparator_group": group,
                }
            )
            put_indicator(writes, OPERATOR, place, code, given, make.clock())
    years = [("damp", f"{year}", {"value": value}) for year, value in ((2022, 31.5), (2023, 30.0), (2024, 28.25))]
    record(
        make,
        place,
        [
            *({"indicator": code, "period": period, **value} for code, period, value in years),
            {"indicator": "damp", "period": "2025", "missing": "not_collected"},
            {"indicator": "damp", "period": "2024", "value": 99.0, "dimension": {"age": "old"}},
            {"indicator": "damp", "period": "2026", "value": 1.0, "provisional": True},
            *(
                {"indicator": "damp", "period": "2024", "area": area, "value": value}
                for area, value in (("otherham", 40.0), ("elsewhere", 20.5), ("E92000001", 33.0), ("hill-road", 35.0))
            ),
            {"indicator": "visits", "period": "2026-Q3", "value": 412},
            {"indicator": "calm", "period": "2025/26", "numerator": 30, "denominator": 40},
        ],
    )


def _check(make: Make, place: PlaceCard, desk: Member) -> None:
    """Residents check one more promise: sixteen with an invitation in October, from two areas and from nowhere said; two without."""
    speaker = Speaker(OPERATOR, frozenset(), whole_place=True)
    words = {"text": "A lamp.", "side": "our_part", "maker": "council", "made_on": "2026-06-01", "due_on": "2027-06-01", "kept_when": "On."}
    make.clock.at("2026-10-05T10:00:00+00:00")
    with make.database.write() as writes:
        promise = make_promise(writes, speaker, place, PromiseIn.model_validate(words), make.clock()).id
    with make.database.write() as writes:
        made = invite_to_check(writes, make.keys, desk, promise, 16, make.clock()).id
    with make.database.read() as reads:
        codes = find_codes(reads, make.keys, desk, promise, made, make.clock())
    for n, code in enumerate([*codes, None, None]):
        verdict = "do_not_know" if n == 15 else "partly" if n in (12, 13) else "yes"
        given = CheckIn.model_validate({"verdict": verdict, "receipt": code, "area": ("hill-road", "linden", None)[n % 3 if n > 8 else 0]})
        with make.database.write() as writes:
            check_promise(writes, make.keys, place, promise, given, make.clock())


def record(make: Make, place: PlaceCard, rows: Iterable[dict[str, Any]]) -> list[Any]:
    """The council posts these rows."""
    with make.database.write() as writes:
        council = find_organisation(writes, place.id, "council")
        assert council is not None
        terms = Terms(place.id.hex, council.id.hex, "council", OPERATOR, Mode.UPSERT, moment_text(make.clock()))
        items = [read_row(row, terms) for row in rows]
        assert all(isinstance(item, Recording) for item in items), items
        return record_observations(writes, items)  # type: ignore[arg-type]
