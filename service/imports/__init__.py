"""Bringing in what others have kept, row by row, and taking out what is kept here."""
