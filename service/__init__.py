"""Said & Done: residents say, services do, everyone can see whether it was done."""

__version__ = "0.1.0"
