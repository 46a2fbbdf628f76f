"""How long things are kept: the periods of a place, what stops them, carrying them out, and the ledger of what was taken out."""
