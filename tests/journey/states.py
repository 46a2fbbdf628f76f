"""Every page in every state, of residents and of staff, found in the `*_states.py` beside this file: whoever needs them all asks here."""

from importlib import import_module
from pathlib import Path

from tests.journey import account_states, asset_states, deal_states, keeping_states, promise_states, resident_states, said_states
from tests.journey.stage import STATES

FOUND = [import_module(f"tests.journey.{path.stem}").__name__ for path in sorted(Path(__file__).parent.glob("*_states.py"))]
PUBLIC = [
    module.__name__ for module in (account_states, asset_states, deal_states, keeping_states, promise_states, resident_states, said_states)
]
from tests.journey import account_states, keeping_states, loop_states, promise_states, resident_states

FOUND = [import_module(f"tests.journey.{path.stem}").__name__ for path in sorted(Path(__file__).parent.glob("*_states.py"))]
PUBLIC = [module.__name__ for module in (account_states, keeping_states, loop_states, promise_states, resident_states)]
from tests.journey import account_states, keeping_states, promise_states, resident_states, theme_states

FOUND = [import_module(f"tests.journey.{path.stem}").__name__ for path in sorted(Path(__file__).parent.glob("*_states.py"))]
PUBLIC = [module.__name__ for module in (account_states, keeping_states, promise_states, resident_states, theme_states)]
STAFF = [name for name in FOUND if name not in PUBLIC]
OF_STAFF = {name for name, state in STATES.items() if state.play.__module__ in STAFF}
OF_RESIDENTS = {name for name, state in STATES.items() if state.play.__module__ in PUBLIC}
assert STATES.keys() == OF_STAFF | OF_RESIDENTS

__all__ = ["OF_RESIDENTS", "OF_STAFF", "STATES"]
