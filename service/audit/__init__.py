"""Who read what identifies somebody: its own history, beside the journal, which tells who changed what."""
