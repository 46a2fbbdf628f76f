"""Bodies and addresses that nobody thought of: schemathesis tries all of the API, with all of its checks, on the running service.

SAID_FUZZ says how many of each: a few here, many more by `make faults`.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI

from service.places.queries import PlaceCard
from service.settings import ROOT
from tests.journey.served import serving
from tests.make import Make

CONFIG = Path(__file__).parent / "schemathesis.toml"
EACH = os.environ.get("SAID_FUZZ", "3")
SCOPES = ("narratives:write", "promises:write", "outcomes:write", "feedback:write", "account:read")
CALM = ("--workers", "1", "--continue-on-failure", "--generation-database", "none", "--no-color", "--max-examples", EACH)


@pytest.mark.slow
def test_whole_api_is_as_its_document_says(app: FastAPI, make: Make, hillside: PlaceCard, tmp_path: Path) -> None:
    council = make.organisation(hillside, "council")
    make.area(hillside, "hill-road")
    key = make.key(hillside, *SCOPES, organisation=council)
    with serving(app) as address:
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run", f"{address}/openapi.json"]
        done = subprocess.run(
            [*command, "--checks", "all", "--exclude-checks", "negative_data_rejection", "-H", f"Authorization: Bearer {key}", *CALM],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.contract.refused_rows"},
            capture_output=True,
            text=True,
            timeout=1_800,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
    assert " passed" in done.stdout.rpartition("Test cases:")[2]
