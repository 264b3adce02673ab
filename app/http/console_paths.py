"""Which paths belong to the web console: all but those that programs ask for."""

OF_PROGRAMS = ("/api", "/auth/api", "/instances/api", "/health", "/metrics")


def is_of_console(path: str) -> bool:
    """Tell whether a path can be a screen or a file of the console; neither needs a store or knows who asks."""
    return not any(path == one or path.startswith(f"{one}/") for one in OF_PROGRAMS)
