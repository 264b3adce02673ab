"""What goes out in v1, one file a namespace."""
