"""Stories: how and why something did or did not work."""
