"""A bit about you: sums of answers that nobody can join to a message, and what they say of who is heard."""
