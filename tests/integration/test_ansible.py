"""The real Ansible takes its inventory from a real Muster, by the plugin as its collection is built and installed."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.api.v1.schemas.instances import Instance
from tests.support.api import an_instance
from tests.support.examples import ROOT, block
from tests.support.pem import authority
from tests.support.server import HttpCaller, Server, free_port, serving
from tests.support.tokens import new_token

README = "integrations/ansible/README.md"
MANY = 110  # more than a page
TEMPLATE = "{{ 6 * 7 }}"
# Whoever logs in to a database with what an inventory says has a login of his own; the rest is about the register.
LEFT_OUT = {
    "credential_id", "credential", "admin_credential_id", "admin_credential", "cluster_id", "is_active", "deleted_at",
    "deleted_by", "delete_reason", "created_at", "updated_at", "version", "last_sync_time", "active_db_count",
    "active_account_count", "last_check_id",
}  # fmt: skip


def program(name: str) -> str:
    return str(Path(sys.executable).parent / name)


class Ansible:
    """Ansible with a home of its own and our collection in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {
            **os.environ,
            "HOME": str(home),
            "ANSIBLE_HOME": str(home / "ansible"),
            "ANSIBLE_COLLECTIONS_PATH": str(home / "collections"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "LC_ALL": "C.UTF-8",
        }
        home.mkdir()
        self.run("ansible-galaxy", "collection", "build", ROOT / "integrations/ansible", "--output-path", home)
        [archive] = home.glob("dbmuster-muster-*.tar.gz")
        self.run("ansible-galaxy", "collection", "install", "--offline", archive, "-p", home / "collections")

    def run(
        self, name: str, *arguments: object, token: str = "", check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [program(name), *map(str, arguments)],
            env={**self.environment, **({"MUSTER_TOKEN": token} if token else {})},
            check=False,
            capture_output=True,
            text=True,
            cwd=self.home,
            timeout=120,
        )
        assert not check or done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done

    def inventory(self, server: Server, **changes: object) -> Path:
        """Write the file that the page shows, for our server."""
        shown = yaml.safe_load(block(README, "yaml", holding="plugin:"))
        path = self.home / "test.muster.yml"
        path.write_text(yaml.safe_dump({**shown, "url": server.url, **changes}, allow_unicode=True), encoding="utf-8")
        return path

    def listed(self, path: Path, token: str) -> dict[str, Any]:
        done = self.run("ansible-inventory", "-i", path, "--list", token=token)
        found: dict[str, Any] = json.loads(done.stdout, object_hook=_plain)
        return found


def _plain(value: dict[str, Any]) -> Any:
    """Take off what Ansible puts around texts that it would never run as templates."""
    return value["__ansible_unsafe"] if set(value) == {"__ansible_unsafe"} else value


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server with some instances, and a token for it."""
    with serving(tmp_path_factory.mktemp("ansible") / "data") as server:
        with server.caller() as admin:
            fill(admin)
            token = new_token(admin, "ansible")
        yield server, token


@pytest.fixture(scope="module")
def ansible(tmp_path_factory: pytest.TempPathFactory) -> Ansible:
    return Ansible(tmp_path_factory.mktemp("controller") / "home")


def fill(admin: HttpCaller) -> None:
    made = [
        admin.post("/api/v1/tags", {"name": "支付"}),
        admin.post("/api/v1/tags", {"name": "pci"}),
        admin.post("/api/v1/credentials", {"name": "login", "username": "u", "password": "planted-s3cret"}),
    ]
    credential = made[-1].json()["data"]["credential"]["id"]
    common: dict[str, Any] = {"db_type": "mysql", "port": 3306, "environment": "production"}
    bodies = [
        an_instance(name="订单-01", host="10.0.0.1", tag_names=["pci", "支付"], criticality=1, **common),
        an_instance(name="orders-02", host="2001:db8::7", credential_id=credential, description=TEMPLATE, **common),
        an_instance(name="retired", host="10.0.0.3", lifecycle="retired", **common),
        an_instance(name="other-engine", environment="production"),
        *(an_instance(name=f"many-{number:03}", db_type="redis", host=f"m{number}.example") for number in range(MANY)),
    ]
    made += [admin.post("/api/v1/instances", body) for body in bodies]
    assert {answer.status_code for answer in made} == {201}
    there = {"db_type": "mysql", "host": "127.0.0.1", "port": free_port(), "tls_mode": "verify-full"}
    one = admin.post("/api/v1/instances", an_instance(name="checked", deadline_ms=4_000, tls_ca=authority(), **there))
    assert admin.post(f"/api/v1/instances/{one.json()['data']['instance']['id']}/check").status_code == 200


class TestTheInventory:
    def test_of_the_page_has_hosts_variables_and_groups(self, ansible: Ansible, register: tuple[Server, str]) -> None:
        server, token = register

        found = ansible.listed(ansible.inventory(server), token)

        hosts = found["_meta"]["hostvars"]
        assert set(hosts) == {"订单-01", "orders-02"}
        one, two = hosts["订单-01"], hosts["orders-02"]
        assert (one["ansible_host"], one["muster_port"], one["muster_tag_names"]) == ("10.0.0.1", 3306, ["pci", "支付"])
        assert (two["ansible_host"], two["muster_criticality"]) == ("2001:db8::7", None)
        assert one["backup_target"] == "10.0.0.1:3306"
        assert "ansible_port" not in one
        assert found["engine_mysql"]["hosts"] == ["订单-01", "orders-02"]
        assert found["env_production"]["hosts"] == ["订单-01", "orders-02"]
        assert found["tag_pci"]["hosts"] == ["订单-01"]
        assert found["critical"]["hosts"] == ["订单-01"]
        assert "planted-s3cret" not in json.dumps(found)
        assert token not in json.dumps(found)

    def test_holds_every_page(self, ansible: Ansible, register: tuple[Server, str]) -> None:
        server, token = register
        only_redis = ansible.inventory(server, filters={"db_type": "redis", "owner": None})

        found = ansible.listed(only_redis, token)

        assert set(found["_meta"]["hostvars"]) == {f"many-{number:03}" for number in range(MANY)}

    def test_has_how_to_connect_and_how_the_last_check_ended(
        self, ansible: Ansible, register: tuple[Server, str]
    ) -> None:
        server, token = register

        found = ansible.listed(ansible.inventory(server, filters={"name": "checked"}), token)

        one = found["_meta"]["hostvars"]["checked"]
        assert (one["muster_last_outcome"], one["muster_last_cause"]) == ("failed", "connect.refused")
        assert one["muster_last_attempt_at"] == one["muster_last_error_at"] is not None
        assert (one["muster_last_success_at"], one["muster_flavour"]) == (None, None)
        assert (one["muster_tls_mode"], one["muster_tls_legacy"], one["muster_tls_client_key_set"]) == (
            "verify-full", False, False,
        )  # fmt: skip
        assert one["muster_tls_ca"].startswith("-----BEGIN CERTIFICATE-----")
        limits = ("connect_timeout_ms", "statement_timeout_ms", "deadline_ms")
        assert [one[f"muster_{name}"] for name in limits] == [3_000, 5_000, 4_000]
        assert found["unreachable"]["hosts"] == ["checked"]

    def test_has_every_field_but_those_that_are_no_matter_of_hosts(self) -> None:
        source = ast.parse((ROOT / "integrations/ansible/plugins/inventory/muster.py").read_text(encoding="utf-8"))
        [fields] = [
            ast.literal_eval(node.value)
            for node in source.body
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_FIELDS"
        ]

        assert set(fields) == set(Instance.model_fields) - LEFT_OUT

    def test_runs_no_template_that_somebody_registered(self, ansible: Ansible, register: tuple[Server, str]) -> None:
        server, token = register
        path = ansible.inventory(server, filters={"name": "orders-02"}, compose={"ansible_connection": "'local'"})

        done = ansible.run("ansible", "all", "-i", path, "-m", "debug", "-a", "var=muster_description", token=token)

        assert TEMPLATE in done.stdout
        assert "42" not in done.stdout


class TestARefusal:
    def told(self, ansible: Ansible, path: Path, token: str) -> str:
        done = ansible.run("ansible-inventory", "-i", path, "--list", "-v", token=token, check=False)
        assert token not in done.stdout + done.stderr
        return " ".join((done.stdout + done.stderr).split())

    def test_of_the_token_is_told_without_it(self, ansible: Ansible, register: tuple[Server, str]) -> None:
        assert "answered 401" in self.told(ansible, ansible.inventory(register[0]), "planted-token")

    def test_of_a_filter_names_it(self, ansible: Ansible, register: tuple[Server, str]) -> None:
        server, token = register
        path = ansible.inventory(server, filters={"environmnet": "production"})

        said = self.told(ansible, path, token)

        assert "answered 400" in said
        assert "environmnet" in said

    def test_to_connect_is_told(self, ansible: Ansible, register: tuple[Server, str]) -> None:
        path = ansible.inventory(register[0], url="http://127.0.0.1:9")

        assert "cannot be asked" in self.told(ansible, path, register[1])
