"""Closing the loop: what a sender says of an answer, what became of it, who is told, and who is reminded."""
