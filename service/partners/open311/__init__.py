"""Open311 GeoReport v2: a place's topics are services, its published messages are requests, its answers are updates."""
