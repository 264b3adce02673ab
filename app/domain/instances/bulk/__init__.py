"""Many changes of instances at once: planned in memory, checked as single writes are, written in a few statements."""
