"""The inbox: everything that waits for a member of staff, in one list."""
