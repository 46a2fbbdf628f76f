"""What promises named as a deal before there were deals is one now: nothing is lost, and what was the same line is the same deal."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import text

from service.database import connect
from tests.databases import Databases, alembic

THEN = "2026-11-01T10:00:00.000000Z"
PLACE = (
    "insert into collaboration (id, slug, name, type, rationales, region, closed_on, open_on, time_zone, languages, added_at, example)"
    " values (:id, :slug, :slug, 'collaborative_council', '[]', 'ENG', '[]', '[]', 'Europe/London', '[]', :at, false)"
)
PROMISE = (
    "insert into promise (collaboration_id, id, side, text, review_by, deal, whole_place, standing, added_at, changed_at)"
    " values (:place, :id, 'your_part', 'x', '2027-01-01', :deal, false, 'invited', :at, :at)"
)
HUNG = (
    "select promise.deal, deal.title from promise left join deal on deal.id = promise.deal_id"
    " and deal.collaboration_id = promise.collaboration_id"
)


@pytest.fixture
def empty_url(kind: str, databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The address of a database with nothing in it."""
    with databases.empty(kind, tmp_path) as url:
        yield url


def test_lines_become_deals(empty_url: str) -> None:
    config, place, other = alembic(empty_url), uuid4(), uuid4()
    command.upgrade(config, "2026_11_23_1730")
    command.downgrade(config, "-1")
    engine = connect(empty_url, read_only=False, whole_house=True)
    short = engine.dialect.name == "sqlite"
    with engine.begin() as database:
        for slug, id_ in (("hillside", place), ("riverbank", other)):
            database.execute(text(PLACE), {"id": id_.hex if short else id_, "slug": slug, "at": THEN})
        for owner, deal in ((place, "Streets"), (place, " Streets "), (place, None), (place, " "), (other, "Streets")):
            row = {"place": owner.hex if short else owner, "id": uuid4().hex if short else uuid4(), "deal": deal, "at": THEN}
            database.execute(text(PROMISE), row)
    command.upgrade(config, "+1")
    with engine.connect() as database:
        deals = database.execute(text("select title from deal order by title")).scalars().all()
        hung = database.execute(text(HUNG)).all()
    engine.dispose()
    assert deals == ["Streets", "Streets"], "one for each place"
    assert sorted(map(str, hung)) == sorted(map(str, [("Streets", "Streets")] * 3 + [(None, None)] * 2))
