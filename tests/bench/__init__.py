"""Measuring: `python -m tests.bench` prints the goals of performance as ratios of two sides that ran in turns on this machine."""
