"""Every page in every state, of residents and of staff: whoever needs them all imports them from here."""

from tests.journey import resident_states, staff_states
from tests.journey.stage import STATES

RESIDENTS = {name for name, state in STATES.items() if state.play.__module__ == resident_states.__name__}
STAFF = {name for name, state in STATES.items() if state.play.__module__ == staff_states.__name__}

__all__ = ["RESIDENTS", "STAFF", "STATES"]
