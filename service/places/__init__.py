"""Collaborations, who belongs to them, who runs them, their areas and topics."""
