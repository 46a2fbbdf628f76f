"""How well the partners work together: what gets in the way, and what became of it."""
