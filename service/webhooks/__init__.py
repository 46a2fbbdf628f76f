"""Webhooks: programs outside that are told when something happens, signed, tried again, in order for each thing."""
