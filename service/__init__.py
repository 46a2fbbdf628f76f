"""Said & Done: residents say, services do, everyone can see whether it was done."""

import gc

__version__ = "0.1.0"

gc.set_threshold(200_000, 50, 50)
"""Loading makes hundreds of thousands of objects, and all of them stay: looking through them for rubbish as often as Python does took a
third of the time. `service.app` looks more often again."""
