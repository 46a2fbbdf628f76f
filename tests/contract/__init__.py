"""The API document is kept to the letter, and holds what outside programs need."""
