"""P15: the first page of the inbox, over many messages that wait and over a hundred times as few.

Two databases side by side in one process, both with the same areas, topics, organisations and kinds. A tenth of the messages wait for a
decision about their words as well. The page is asked for as a coordinator for the whole place sees it, with every count beside its parts.
"""

import logging
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from pydantic import SecretStr
from sqlalchemy import text
from starlette.testclient import TestClient

from service import logs, verification
from service.app import create_app
from service.database import Database
from service.journal.actions import OPERATOR
from service.people.actions import invite
from service.people.models import InviteIn, Role
from service.places.actions import add_organisation, add_topic
from service.places.models import OrganisationIn, OrganisationKind, TopicIn
from service.places.queries import get_place
from service.settings import Settings
from tests.bench.places import SLUG, prepare

WHOLE, SHORT = (1_000, 100_000), (1_000, 20_000)
"""Messages in the one database and in the other."""

TIMES, REPEATS = 8, 5
MOST, BEST = 3, 1.5
NAMES = ("council", "hub", "library", "surgery")
ASKED = ("", "?part=owed", "?part=unread", "?part=offered", "?whose=nobodys", "?topic=hub-things", "?area=area-07", "?organisation=none")

MESSAGES = """
insert into feedback (collaboration_id, id, public_id, kind, body, whole_place, share, channel, on_behalf, captured_by, state,
    publication, area_id, topic_id, organisation_id, received_at)
with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < :count),
areas as (select id, row_number() over (order by code) - 1 as number from area where collaboration_id = :place and kind <> 'place'),
topics as (select id, organisation_id, row_number() over (order by code) - 1 as number from topic where collaboration_id = :place)
select :place, printf('%032x', i), printf('%032x', i), case i % 4 when 0 then 'good' when 1 then 'not_good' when 2 then 'idea'
    else 'question' end, 'The bench has gone, and nobody has said when another comes.', 0,
    case when i % 10 = 0 then 'words_public' else 'team_only' end, 'web', 0, 'resident',
    case i % 3 when 0 then 'in_review' else 'acknowledged' end, case when i % 10 = 0 then 'waiting' else 'not_offered' end,
    areas.id, topics.id, topics.organisation_id,
    strftime('%Y-%m-%dT%H:%M:%S.000000Z', :today, '-' || (i % 60) || ' days', '-' || i || ' seconds')
from n join areas on areas.number = i % 50 left join topics on topics.number = i % 9
"""


def fill(url: str, messages: int) -> str:
    """A place where this many messages wait; answers the secret of a link that signs its coordinator in."""
    prepare(url)
    database, now = Database(url, whole_house=True), datetime.now(UTC)
    with database.write() as writes:
        place = get_place(writes, SLUG)
        for name in NAMES:
            given = OrganisationIn(code=name, name=name.title(), kind=OrganisationKind.COUNCIL)
            add_organisation(writes, OPERATOR, place, given, now)
            add_topic(writes, OPERATOR, place, TopicIn(code=f"{name}-things", name=name.title(), organisation=name), now)
        facts = {"place": place.id.hex, "count": messages, "today": now.date().isoformat()}
        writes.execute(text(MESSAGES), facts)
        invitation = InviteIn(email="one@example.org", name="One", role=Role.COORDINATOR)
        secret = invite(writes, OPERATOR, place, invitation, now)
    with database.write() as writes:
        verification.mend(writes)
        writes.execute(text("analyze"))
    return secret


def measure(few: int, many: int) -> str:
    """One line: how many times as long the page takes over many messages as over few."""
    logging.disable(logging.WARNING)  # the log would be timed as well, to a screen
    logs.configure("json")
    with tempfile.TemporaryDirectory(prefix="said-bench-", ignore_cleanup_errors=True) as folder:
        clients = []
        for messages in (few, many):
            home = Path(folder) / str(messages)
            home.mkdir()
            url = f"sqlite:///{home / 'said.db'}"
            secret = fill(url, messages)
            clients.append((TestClient(create_app(Settings(database_url=SecretStr(url), var=home))), secret))
        (one, first), (other, second) = clients
        with one, other:
            for client, secret in ((one, first), (other, second)):
                assert client.post(f"/staff/sign-in/{secret}", follow_redirects=False).status_code == 303
                _seconds(client)
            pairs = [(median(_seconds(one) for _ in range(TIMES)), median(_seconds(other) for _ in range(TIMES))) for _ in range(REPEATS)]
            worst, asked = max((median(_seconds(other, query) for _ in range(3)), query) for query in ASKED)
    ratios = [slow / quick for quick, slow in pairs]
    verdict = "stretch met" if median(ratios) <= BEST else "met" if median(ratios) <= MOST else "NOT met"
    milliseconds = ", ".join(f"{median(pair[side] for pair in pairs) * 1e3:.1f} ms" for side in (0, 1))
    return (
        f"P15   the first page of the inbox, {many:,} waiting / {few:,} waiting  <= {MOST:g}  {median(ratios):.2f}  "
        f"{min(ratios):.2f} to {max(ratios):.2f}  {verdict}  ({milliseconds}; slowest narrowing {asked or 'none'}: {worst * 1e3:.1f} ms)"
    )


def _seconds(client: TestClient, query: str = "") -> float:
    """How long the page takes. Units: seconds."""
    started = time.perf_counter()
    answer = client.get(f"/staff/{SLUG}/inbox{query}")
    taken = time.perf_counter() - started
    assert answer.status_code == 200, answer.text
    return taken
