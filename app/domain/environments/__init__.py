"""The ordered table of environments: production, staging and so on."""
