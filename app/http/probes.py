"""The paths that machines ask about Muster itself: they answer without a store, and under any host name.

Orchestrators call by whatever name or address they know, and want an answer most of all when the store is gone.
"""

from flask import request

HEALTH = ("/health/live", "/health/ready")
METRICS = "/metrics"
PATHS = frozenset({METRICS, *HEALTH, *(f"/api/v1{path}" for path in HEALTH)})


def is_probe() -> bool:
    """Tell whether the request is for one of these paths."""
    return request.path in PATHS
