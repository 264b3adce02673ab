"""What makes a write safe: the version that the caller has seen, the key of a call, the reason for it."""
