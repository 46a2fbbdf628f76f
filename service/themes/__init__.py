"""What many messages have in common: named, answered once, and read by each who wrote one of them."""
