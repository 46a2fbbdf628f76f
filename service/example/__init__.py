"""The example that every installation can show: plainly invented."""
