"""Backups of the whole store, and its restore."""
