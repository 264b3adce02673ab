"""What a process counts: requests, how long they took, how many are running, logins that failed."""

import os

import prometheus_client
from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.values import MultiProcessValue

from app.http.metrics.slots import Slot
from app.http.observed import Observation

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_FAILED_LOGINS = {401: "refused", 429: "throttled"}


class RequestMetrics:
    """An observer that counts, in the files of its slot.

    Labels hold templates of routes and never what a caller chose: no path, no name.
    """

    def __init__(self, slot: Slot) -> None:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(slot.folder)
        prometheus_client.values.ValueClass = MultiProcessValue(lambda: slot.number)  # type: ignore[no-untyped-call]
        self._requests = Counter(
            "muster_http_requests", "Requests answered.", ["method", "route", "status"], registry=None
        )
        self._seconds = Histogram(
            "muster_http_request_duration_seconds",
            "From the head of a request to the end of its answer.",
            ["method", "route"],
            buckets=_BUCKETS_S,
            registry=None,
        )
        self._running = Gauge(
            "muster_http_requests_in_flight", "Requests being answered.", registry=None, multiprocess_mode="livesum"
        )
        self._failed = Counter(
            "muster_login_failures", "Logins that were refused or throttled.", ["reason"], registry=None
        )
        for reason in _FAILED_LOGINS.values():
            self._failed.labels(reason)  # an alert needs a zero to rise from

    def began(self) -> None:
        """Count one more that runs."""
        self._running.inc()

    def ended(self, seen: Observation) -> None:
        """Count the answer."""
        self._running.dec()
        route = seen.route or "none"
        self._requests.labels(seen.method, route, str(seen.status)).inc()
        self._seconds.labels(seen.method, route).observe(seen.took_s)
        if seen.action == "auth.login" and seen.status in _FAILED_LOGINS:
            self._failed.labels(_FAILED_LOGINS[seen.status]).inc()
