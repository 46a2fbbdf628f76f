"""Every page in every state, of residents and of staff: whoever needs them all imports them from here."""

from tests.journey import promise_states, resident_states, staff_promise_states, staff_states
from tests.journey.stage import STATES

OF_STAFF = {name for name, state in STATES.items() if state.play.__module__ in (staff_states.__name__, staff_promise_states.__name__)}
OF_RESIDENTS = {name for name, state in STATES.items() if state.play.__module__ in (resident_states.__name__, promise_states.__name__)}
assert STATES.keys() == OF_STAFF | OF_RESIDENTS

__all__ = ["OF_RESIDENTS", "OF_STAFF", "STATES"]
