"""A file becomes one batch of changes that is kept, shown and can be undone as a whole."""
