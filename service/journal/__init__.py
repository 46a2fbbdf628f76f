"""The append-only history that every action writes to: ids, verbs and names of fields, never words."""
