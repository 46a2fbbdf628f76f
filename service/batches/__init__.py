"""Batches of any sort of row: how their bodies are read, compared, stored in chunks, and answered."""
