"""A disk that takes no more: no receipt is shown, reading goes on, and it heals when there is room again."""

import json
import os
import subprocess
import sys

import pytest

from service.places.queries import PlaceCard
from service.settings import ROOT, Settings
from tests.make import Make


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_disk_that_takes_no_more_gives_no_receipt_and_heals(make: Make, hillside: PlaceCard, settings: Settings) -> None:
    make.area(hillside, "hill-road")
    file = settings.database.removeprefix("sqlite:///")
    own = {"SAID_MODE": "test", "SAID_VAR": str(settings.var), "SAID_DATABASE_URL": settings.database, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, "-m", "tests.door.full_disk", f"{file}-wal"],
        cwd=ROOT,
        env={**os.environ, **own},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert told.returncode == 0, told.stderr.decode()[-2_000:]
    assert json.loads(told.stdout) == {
        "before": 201,
        "full": {"503": 40},
        "receipts shown": 0,
        "told when to come again": 40,
        "read": 200,
        "stored while full": 1,
        "freed": {"201": 40},
        "stored": 41,
    }
    assert b"x" * 20 not in told.stderr, "The log holds the words that could not be stored."
