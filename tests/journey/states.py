"""Every page in every state, of residents and of staff, found in the `*_states.py` beside this file: whoever needs them all asks here."""

from importlib import import_module
from pathlib import Path

from tests.journey.stage import STATES

OPEN_TO_ALL = ("about_you", "account", "answer", "asset", "deal", "keeping", "loop", "phone", "promise", "resident", "said", "theme")
FOUND = [import_module(f"tests.journey.{path.stem}").__name__ for path in sorted(Path(__file__).parent.glob("*_states.py"))]
PUBLIC = [f"tests.journey.{name}_states" for name in OPEN_TO_ALL]
STAFF = [name for name in FOUND if name not in PUBLIC]
OF_STAFF = {name for name, state in STATES.items() if state.play.__module__ in STAFF}
OF_RESIDENTS = {name for name, state in STATES.items() if state.play.__module__ in PUBLIC}
assert set(PUBLIC) <= set(FOUND)
assert STATES.keys() == OF_STAFF | OF_RESIDENTS

__all__ = ["OF_RESIDENTS", "OF_STAFF", "STATES"]
