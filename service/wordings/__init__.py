"""Wordings: what a place answers often, written once, to begin an answer with."""
