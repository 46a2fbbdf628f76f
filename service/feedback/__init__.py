"""What residents say: their messages, the receipts that open them, and the replies."""
