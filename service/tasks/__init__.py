"""Small things that a team says it will do, each with its day: the little sister of a promise."""
