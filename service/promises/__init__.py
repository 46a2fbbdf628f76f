"""What was promised, by whom, by when, and what became of it."""
