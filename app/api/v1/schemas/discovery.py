"""What goes out to service discoveries, in the shape that they prescribe."""

from pydantic import Field, RootModel

from app.api.v1.schemas.envelope import Body


class TargetGroup(Body):
    """One instance."""

    targets: list[str] = Field(examples=[["db1.example.com:5432"]])
    labels: dict[str, str] = Field(examples=[{"__meta_muster_name": "orders-01", "__meta_muster_engine": "postgresql"}])


class PrometheusTargets(RootModel[list[TargetGroup]]):
    """A bare list, without an envelope: Prometheus takes nothing else."""
