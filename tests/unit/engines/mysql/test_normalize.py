"""Roles, identities and the rest of what rows say, by tables of what servers answer."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.engines.mysql import normalize
from app.engines.mysql.normalize import Seen

UUID = "3e11fa47-71ca-11e1-9e33-c80aa9429562"
OTHER = "5a3f0f7e-0000-11ee-be56-0242ac120002"
MYSQL = {"version": "8.0.36", "server_uuid": UUID, "read_only": "OFF", "super_read_only": "OFF"}
MARIADB = {
    "version": "10.11.19-MariaDB",
    "server_uid": "H7aIGNyDXyxc35F5FWjgFTmHgkU=",
    "server_id": "1",
    "hostname": "db1",
    "port": "3306",
    "datadir": "/var/lib/mysql/",
    "read_only": "OFF",
    "wsrep_on": "OFF",
}
SOURCE = {"Source_Host": "db1", "Source_Port": 3306, "Source_UUID": OTHER, "Channel_Name": ""}
MASTER = {"Master_Host": "db1", "Master_Port": 3306, "Master_UUID": OTHER, "Channel_Name": ""}
GALERA = {"wsrep_on": "ON"}
CLUSTER = {
    "wsrep_cluster_state_uuid": OTHER,
    "wsrep_cluster_status": "Primary",
    "wsrep_cluster_size": "3",
    "wsrep_local_state_comment": "Synced",
}
GROUP = {"group_replication_group_name": OTHER}


def member(uuid: str, role: str) -> dict[str, Any]:
    return {"MEMBER_ID": uuid, "MEMBER_STATE": "ONLINE", "MEMBER_ROLE": role}


class TestTheRole:
    @pytest.mark.parametrize(
        ("seen", "role", "detail"),
        [
            (Seen(variables=MYSQL, replication=[SOURCE]), "replica", "replicates from db1:3306"),
            (Seen(variables=MYSQL, replication=[MASTER]), "replica", "replicates from db1:3306"),
            (Seen(variables=MYSQL, replication=[], replicas=[]), "standalone", None),
            (Seen(variables=MYSQL, replication=[], replicas=[{}, {}]), "primary", "2 connected"),
            (
                Seen(variables=MYSQL, replication=[]),
                "unknown",
                "no replica; whether others replicate from it is not told",
            ),
            (Seen(variables=MYSQL), "unknown", "replication status is not readable"),
            (
                Seen(variables=MYSQL, replication=[], status={"Rpl_semi_sync_source_clients": "1"}),
                "primary",
                "1 connected",
            ),
            (Seen(variables=MARIADB, replication=[], status={"Slaves_connected": "0"}), "standalone", None),
            (Seen(variables=MARIADB, replication=[], status={"Slaves_connected": "1"}), "primary", "1 connected"),
            (Seen(variables=MARIADB, replication=[MASTER, MASTER]), "replica", "replicates from db1:3306, db1:3306"),
            (Seen(variables=MARIADB | GALERA, status=CLUSTER), "member", "Synced, Primary; 3 in the cluster"),
            (
                Seen(variables=MYSQL | {"aurora_version": "3.04", "innodb_read_only": "ON"}, replication=[]),
                "replica",
                "Aurora reader",
            ),
            (
                Seen(variables=MYSQL | {"aurora_version": "3.04", "innodb_read_only": "OFF"}, replication=[]),
                "primary",
                "Aurora writer",
            ),
            (
                Seen(variables=MYSQL | GROUP, members=[member(UUID, "PRIMARY"), member(OTHER, "SECONDARY")]),
                "primary",
                "group member, ONLINE",
            ),
            (
                Seen(variables=MYSQL | GROUP, members=[member(UUID, "SECONDARY"), member(OTHER, "PRIMARY")]),
                "replica",
                "group member, ONLINE",
            ),
            (
                Seen(variables=MYSQL | GROUP, members=[member(UUID, "PRIMARY"), member(OTHER, "PRIMARY")]),
                "member",
                "group member, ONLINE, one of 2 primaries",
            ),
            (Seen(variables=MYSQL | GROUP), "member", "group member"),
            (
                Seen(variables=MYSQL | GROUP, status={"group_replication_primary_member": UUID}),
                "primary",
                "group member",
            ),
            (
                Seen(variables=MYSQL | GROUP, status={"group_replication_primary_member": OTHER}),
                "replica",
                "group member",
            ),
            (
                Seen(
                    variables=MYSQL, replication=[SOURCE | {"Channel_Name": "group_replication_recovery"}], replicas=[]
                ),
                "standalone",
                None,
            ),
        ],
    )
    def test_follows_from_what_was_seen(self, seen: Seen, role: str, detail: str | None) -> None:
        assert normalize.role_of(seen) == (role, detail)

    def test_shows_a_few_sources_of_many(self) -> None:
        _, detail = normalize.role_of(Seen(variables=MARIADB, replication=[MASTER] * 8))

        assert detail is not None
        assert detail.endswith(" and 3 more")


class TestReadOnly:
    @pytest.mark.parametrize(
        ("variables", "expected"),
        [
            ({"read_only": "OFF"}, False),
            ({"read_only": "ON"}, True),
            ({"read_only": "NO_LOCK"}, True),
            ({"read_only": "OFF", "super_read_only": "ON"}, True),
            ({"read_only": "OFF", "innodb_read_only": "ON"}, True),
            ({"read_only": "0"}, False),
            ({"read_only": "1"}, True),
            ({}, None),
        ],
    )
    def test_is_told_by_one_of_three(self, variables: dict[str, str], expected: bool | None) -> None:
        assert normalize.is_read_only(Seen(variables=variables)) is expected


class TestIdentity:
    @pytest.mark.parametrize(
        ("seen", "lineage", "node", "strength"),
        [
            (Seen(variables=MYSQL, replication=[]), f"mysql:{UUID}", f"mysql:{UUID}", "strong"),
            (Seen(variables=MYSQL, replication=[SOURCE]), f"mysql:{OTHER}", f"mysql:{UUID}", "strong"),
            (Seen(variables=MYSQL, replication=[MASTER]), f"mysql:{OTHER}", f"mysql:{UUID}", "strong"),
            (Seen(variables=MYSQL, replication=[SOURCE, SOURCE]), None, f"mysql:{UUID}", "strong"),
            (Seen(variables=MYSQL), None, f"mysql:{UUID}", "strong"),
            (Seen(variables=MYSQL | GROUP), f"group:{OTHER}", f"mysql:{UUID}", "strong"),
            (
                Seen(variables=MYSQL | {"aurora_server_id": "orders-1"}, replication=[]),
                f"mysql:{UUID}",
                "aurora:orders-1",
                "weak",
            ),
        ],
    )
    def test_of_mysql_is_its_uuid(self, seen: Seen, lineage: str | None, node: str, strength: str) -> None:
        found = normalize.identity_of(seen, None)

        assert (found.lineage, found.node, found.strength) == (lineage, node, strength)

    def test_of_mariadb_is_a_set(self) -> None:
        found = normalize.identity_of(Seen(variables=MARIADB, replication=[]), None)

        assert (found.lineage, found.strength) == (None, "weak")
        assert found.node is not None
        assert found.node.startswith("set:")

    @pytest.mark.parametrize("name", ["server_uid", "server_id", "hostname", "port", "datadir"])
    def test_of_mariadb_changes_with_each_part_of_it(self, name: str) -> None:
        before = normalize.identity_of(Seen(variables=MARIADB), None)
        after = normalize.identity_of(Seen(variables=MARIADB | {name: "other"}), None)

        assert before.node != after.node

    def test_of_mariadb_stays_while_other_things_change(self) -> None:
        before = normalize.identity_of(Seen(variables=MARIADB), None)
        after = normalize.identity_of(Seen(variables=MARIADB | {"version": "11.4.2-MariaDB", "read_only": "ON"}), None)

        assert before == after

    def test_of_a_galera_member_has_the_cluster_as_lineage(self) -> None:
        found = normalize.identity_of(Seen(variables=MARIADB | GALERA, status=CLUSTER), None)

        assert found.lineage == f"galera:{OTHER}"

    def test_of_something_without_an_id_is_a_set(self) -> None:
        found = normalize.identity_of(Seen(variables={"version": "8.0.11-TiDB-v7.5.0", "hostname": "t1"}), None)

        assert (found.strength, found.lineage) == ("weak", None)


class TestTheRest:
    def test_of_the_start_is_clock_less_uptime(self) -> None:
        clock = datetime(2026, 1, 2, 0, 0, 10, tzinfo=UTC)

        assert normalize.started_at_of(clock, {"Uptime": "20"}) == datetime(2026, 1, 1, 23, 59, 50, tzinfo=UTC)
        assert normalize.started_at_of(None, {"Uptime": "20"}) is None
        assert normalize.started_at_of(clock, {}) is None

    def test_of_the_clock_is_utc(self) -> None:
        assert normalize.clock_of(datetime(2026, 1, 2)) == datetime(2026, 1, 2, tzinfo=UTC)  # noqa: DTZ001 - as told
        assert normalize.clock_of("0000-00-00") is None

    @pytest.mark.parametrize(
        ("comment", "version", "edition"),
        [
            ("MySQL Community Server - GPL", "8.0.36", "Community"),
            ("MySQL Enterprise Server - Commercial", "8.0.36-commercial", "Enterprise"),
            ("", "10.6.16-11-MariaDB-enterprise", "Enterprise"),
            ("Debian 12", "10.11.19-MariaDB", None),
        ],
    )
    def test_of_the_edition_is_in_the_comment(self, comment: str, version: str, edition: str | None) -> None:
        assert normalize.edition_of(comment, version) == edition

    @pytest.mark.parametrize(
        ("account", "host"), [("muster@10.1.2.3", "10.1.2.3"), ("a@b@db", "db"), ("", None), (None, None), ("x@", None)]
    )
    def test_of_an_account_is_its_host(self, account: str | None, host: str | None) -> None:
        assert normalize.host_of(account) == host
