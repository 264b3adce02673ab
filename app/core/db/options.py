"""What both databases understand: how a transaction is asked for, and that a store cannot be used."""

READ_ONLY = "muster_read_only"
NO_WAIT = "muster_no_wait"
UNHURRIED = "muster_unhurried"  # a migration, or the lock of a start: longer than any request may take


class StoreUnusable(Exception):
    """The store cannot be opened as it is; the message says why and what to do."""
