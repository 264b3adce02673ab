"""The register itself: database instances, their life and their recycle bin."""
