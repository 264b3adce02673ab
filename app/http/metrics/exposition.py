"""What Prometheus is shown: the sums over all processes, and what the store says at that moment."""

import platform
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import DBAPIError

from app.core.db import snapshot
from app.core.errors import MusterError
from app.domain.instances.repository import count_by_kind
from app.http.metrics.slots import forget_the_dead
from app.http.runtime import Runtime


class _Shown(Collector):
    """What is asked at each scrape."""

    def __init__(self, runtime: Runtime, folder: Path, version: str) -> None:
        self._runtime = runtime
        self._folder = folder
        self._version = version

    def collect(self) -> Iterable[Metric]:
        """Return the sums over the processes, the build, whether the store answers, and how many instances it has."""
        forget_the_dead(self._folder)
        counted = MultiProcessCollector(None, path=str(self._folder))  # type: ignore[no-untyped-call]
        yield from counted.collect()  # type: ignore[no-untyped-call]
        build = GaugeMetricFamily("muster_build_info", "Which Muster this is; always 1.", labels=["version", "python"])
        build.add_metric([self._version, platform.python_version()], 1)
        yield build
        yield from self._store()

    def _store(self) -> Iterable[Metric]:
        instances = GaugeMetricFamily(
            "muster_instances", "Instances of the register; deleted: in the recycle bin.", labels=["db_type", "status"]
        )
        try:
            self._runtime.parts()
            with snapshot():
                for db_type, status, count in count_by_kind():
                    instances.add_metric([db_type, status], count)
        except (MusterError, DBAPIError):
            yield GaugeMetricFamily("muster_store_up", "Whether the store answers.", value=0)
            return
        yield GaugeMetricFamily("muster_store_up", "Whether the store answers.", value=1)
        yield instances

    def describe(self) -> Iterable[Metric]:
        """Tell nothing before the first scrape: asking would open the store."""
        return []


class Exposition:
    """The metrics as text, in the format that the scraper likes best."""

    def __init__(self, runtime: Runtime, folder: Path, *, version: str) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Shown(runtime, folder, version))

    def show(self, accept: str) -> tuple[bytes, str]:
        """Return the text and its media type for an `Accept` header."""
        encode, media_type = choose_encoder(accept)
        return encode(self.registry), media_type
