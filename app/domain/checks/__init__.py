"""Checks: log in to a registered server, say why not, and remember what was seen."""
