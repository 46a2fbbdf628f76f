"""The people who work with the service: staff, how they sign in, what they may do where."""
