"""Saved views: lists of the inbox that somebody comes back to, under a name."""
