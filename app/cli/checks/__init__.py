"""`muster check`: log in to registered instances and say what became of it."""
