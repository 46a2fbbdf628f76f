"""Every page in every state, of residents and of staff: whoever needs them all imports them from here."""

from tests.journey import (
    account_states,
    keeping_states,
    promise_states,
    resident_states,
    search_states,
    settings_states,
    staff_inbox_states,
    staff_promise_states,
    staff_states,
    staff_story_states,
    staff_view_states,
)
from tests.journey.stage import STATES

STAFF = [
    module.__name__
    for module in (
        search_states,
        settings_states,
        staff_inbox_states,
        staff_promise_states,
        staff_states,
        staff_story_states,
        staff_view_states,
    )
]
PUBLIC = [module.__name__ for module in (account_states, keeping_states, promise_states, resident_states)]
OF_STAFF = {name for name, state in STATES.items() if state.play.__module__ in STAFF}
OF_RESIDENTS = {name for name, state in STATES.items() if state.play.__module__ in PUBLIC}
assert STATES.keys() == OF_STAFF | OF_RESIDENTS

__all__ = ["OF_RESIDENTS", "OF_STAFF", "STATES"]
