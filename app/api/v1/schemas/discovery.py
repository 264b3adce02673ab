"""What goes out to service discoveries, in the shape that they prescribe."""

from pydantic import ConfigDict, Field, RootModel

from app.api.v1.schemas.envelope import Body


class TargetGroup(Body):
    """One instance."""

    targets: list[str] = Field(examples=[["db1.example.com:5432"]])
    labels: dict[str, str] = Field(examples=[{"__meta_muster_name": "orders-01", "__meta_muster_engine": "postgresql"}])


class PrometheusTargets(RootModel):  # type: ignore[type-arg]  # the class that the argument makes would show its input
    """A bare list, without an envelope: Prometheus takes nothing else."""

    model_config = ConfigDict(hide_input_in_errors=True)

    root: list[TargetGroup]
