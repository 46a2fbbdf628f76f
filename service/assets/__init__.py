"""Places and things that pass to the community: how, who can still use them, and what was found a year later."""
