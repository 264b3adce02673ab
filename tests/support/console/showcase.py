"""A register that looks like somebody's: fifty instances, real databases behind some, failures of several kinds."""

import random
from itertools import cycle
from typing import Any

from tests.support.console.stage import Stage

_SYSTEMS = ("orders", "cart", "payments", "erp", "hr", "geo", "crm", "warehouse")
_OWNERS = ("team-shop", "team-payments", "数据平台组", "team-erp", "dba")
_ENVIRONMENTS = ("production", "production", "staging", "test", "development", "disaster_recovery")
_TAGS = {
    "shop": "#1677ff",
    "pci": "#cf1322",
    "EU": "#389e0d",
    "APAC": "#08979c",
    "reporting": "#d48806",
    "订单": "#531dab",
}
_CLUSTERS = (("orders-ha", "patroni"), ("cart-galera", "galera"), ("erp-ag", "availability_group"))
_NOTES = ("Main store of the shop", "副本，只读", "Nightly loads at 02:00", None)
_COUNT = 50


def furnish_showcase(stage: Stage) -> None:
    """Fill an empty register; `stage.ids` holds an instance of each kind by its name. The same every time."""
    chance = random.Random(7)
    for name, color in _TAGS.items():
        stage.call("POST", "/tags", {"name": name, "color": color})
    clusters = [
        stage.call("POST", "/clusters", {"name": name, "kind": kind})["cluster"]["id"] for name, kind in _CLUSTERS
    ]
    kinds = cycle(_kinds(stage).items())
    made = []
    for number in range(_COUNT):
        kind, fields = next(kinds)
        cluster = {"cluster_id": clusters[number // 9 % 3]} if number % 9 == 0 else {}
        name = f"{_SYSTEMS[number % len(_SYSTEMS)]}-{number // len(_SYSTEMS) + 1:02}"
        made.append((kind, stage.create(name, **{**_people(chance, number), **cluster, **fields})))
        stage.ids.setdefault(kind, made[-1][1])
    _live(stage, made)


def _kinds(stage: Stage) -> dict[str, dict[str, Any]]:
    """Return where the instances of each kind are, and with which login."""
    own = stage.credentials
    plain = stage.credential("reader-plain", "plain", stage.database_password)
    postgresql = {"db_type": "postgresql", "port": stage.postgresql.port}
    return {
        "ok": {**postgresql, "credential_id": own["monitor-prod"]},
        "maria": {"db_type": "mariadb", "port": stage.mariadb.port, "credential_id": own["monitor-maria"]},
        "also": {**postgresql, "credential_id": own["monitor-prod"]},
        "refused": {**postgresql, "credential_id": own["monitor-old"]},
        "degraded": {**postgresql, "credential_id": plain},
        "closed": {"db_type": "mysql", "port": 7},
        "unknown": {"db_type": "sqlserver", "host": "reports.invalid", "port": 1433},
        "never": {"db_type": "oracle", "service_name": "ORCL", "host": "10.1.4.20", "port": 1521},
    }


def _people(chance: random.Random, number: int) -> dict[str, Any]:
    return {
        "environment": chance.choice(_ENVIRONMENTS),
        "owner": chance.choice(_OWNERS),
        "criticality": chance.choice([1, 2, 3, 4]),
        "description": chance.choice(_NOTES),
        "location": chance.choice(["fra-1", "sha-2", "sin-1"]),
        "contact": "oncall@example.com",
        "tag_names": chance.sample(list(_TAGS), chance.randint(0, 3)),
        "external_ids": {"cmdb": f"CI-{number:05}"},
        "custom": {"rack": f"R{number % 9}"},
    }


def _live(stage: Stage, made: list[tuple[str, int]]) -> None:
    """Check, change and delete, as the days go by."""
    for kind, instance_id in made:
        if kind != "never":
            stage.check(instance_id)
    for kind in ("ok", "refused"):
        for _ in range(8):
            stage.check(stage.ids[kind])
    stage.call("PATCH", f"/instances/{stage.ids['ok']}", {"owner": "team-orders", "criticality": 1})
    for _, instance_id in made[-3:]:
        stage.call("POST", f"/instances/{instance_id}/delete", {"reason": "replaced, DBA-2041"})
