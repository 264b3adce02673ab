"""The edges that speak JSON over HTTP."""
