"""What is kept of what people say about themselves: sums, and nothing of anybody."""

from service.language import N_
from service.register import Basis, Class, Columns, Kept, Term

KEPT = (
    Kept(
        "equality_count",
        N_("How often each answer about oneself was given in a month. No row is about anybody, and no two answers stand together"),
        Basis.PUBLIC_TASK,
        (
            Columns(
                "collaboration_id month question answer count",
                Class.HANDLING,
                N_("To see who is not heard: Equality Act 2010, section 149."),
                Term.ACCOUNT,
            ),
        ),
    ),
    Kept(
        "equality_turn",
        N_("That a page about oneself was sent, so that two taps count once"),
        Basis.NOBODY,
        (
            Columns(
                "collaboration_id turn_hash month_began_at",
                Class.TECHNICAL,
                N_("A hash of the page's own number and the month. It knows neither the answer nor the message."),
                Term.ANSWERS,
            ),
        ),
        goes=("month_began_at", Term.ANSWERS),
    ),
)
