"""Setting a place up: the pages on which its administrators say what it is, what belongs to it and by which rules it works."""
