"""Where the real data is: beside the project, or in the folder that SAID_REAL_DATA names. None of it is part of the project."""

import os
from pathlib import Path

from tests.databases import ROOT

REAL = Path(os.environ.get("SAID_REAL_DATA") or ROOT.parent / "shared" / "data")
