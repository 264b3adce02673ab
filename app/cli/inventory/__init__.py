"""The register as files: `muster export`, `plan` and `apply`."""
