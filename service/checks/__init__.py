"""Community checks: residents say whether what was promised happens where they live."""
