"""Partner systems: the keys they come with."""
