"""What other systems say became of a message: notes for staff, never our own answer."""
