"""A small register of everything that a screen can show; with `markup`, whatever people or servers write is markup."""

from datetime import timedelta

from app.core import clock
from tests.support.console.stage import MARKUP, Stage

_TAGS = {"shop": "#1677ff", "payments": "#d4380d", "EU": "#389e0d", "订单": "#531dab", "pci": "#c41d7f"}


def furnish(stage: Stage, *, markup: bool) -> None:
    """Register, check, change and delete; `stage.ids` then holds one instance of each state by its name."""
    text = MARKUP if markup else "Main store of the shop"
    for name, color in _TAGS.items():
        stage.call("POST", "/tags", {"name": name, "color": color, "description": text})
    cluster = stage.call("POST", "/clusters", {"name": "orders-ha", "kind": "patroni", "description": text})["cluster"]
    stage.credential("described", "monitor", "of no use", description=text)
    prod, old = stage.credentials["monitor-prod"], stage.credentials["monitor-old"]
    people = {
        "description": text,
        "owner": text if markup else "team-shop",
        "contact": text if markup else "oncall@example.com",
        "location": text if markup else "fra-1",
        "custom": {"rack": text, "cost_center": 1000},
        "tag_names": list(_TAGS),
    }
    postgresql = {"port": stage.postgresql.port, "environment": "production", "criticality": 1, **people}
    ids = stage.ids
    outside = {"cmdb": text if markup else "CI-00042"}
    ids["ok"] = stage.create(
        "orders-01", credential_id=prod, cluster_id=cluster["id"], external_ids=outside, **postgresql
    )
    ids["maria"] = stage.create(
        "cart-01",
        db_type="mariadb",
        port=stage.mariadb.port,
        credential_id=stage.credentials["monitor-maria"],
        environment="staging",
    )
    ids["refused"] = stage.create("orders-02", credential_id=old, cluster_id=cluster["id"], **postgresql)
    ids["closed"] = stage.create("geo-01", environment="test", criticality=4, **people)
    ids["told"] = stage.create("hr-01", port=stage.hostile.port, credential_id=prod, environment="production")
    ids["never"] = stage.create("erp-01", db_type="oracle", service_name="ORCL", lifecycle="planned")
    ids["deleted"] = stage.create("crm-01", **people)
    ids["purged"] = stage.create("crm-02")
    for name in ("ok", "maria", "refused", "closed", "told", "ok"):
        stage.check(ids[name])
    stage.call("PATCH", f"/instances/{ids['ok']}", {"description": f"{text}, moved", "criticality": 2})
    stage.call("POST", f"/instances/{ids['deleted']}/delete", {"reason": text})
    stage.call(
        "POST", "/tokens", {"name": "ci", "role": "viewer", "expires_at": f"{clock.now() + timedelta(days=90):%FT%TZ}"}
    )
