"""The audit trail as people use it: list it, and undo what it tells of."""
