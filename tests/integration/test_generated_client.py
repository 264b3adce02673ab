"""A client that openapi-python-client makes from the document lives the whole life of an instance, with a token."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.support import contract
from tests.support.server import Server, serving

NAME = "generated_muster_client"
QUIET = ["--meta", "none", "--fail-on-warning"]
GENERATOR = Path(sys.executable).with_name("openapi-python-client")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generated")


@pytest.fixture(scope="module")
def said(folder: Path) -> str:
    """Generate the client, and return what the generator had to say."""
    document, configuration = folder / "openapi.json", folder / "configuration.json"
    document.write_text(json.dumps(contract.document()), encoding="utf-8")
    configuration.write_text('{"post_hooks": []}', encoding="utf-8")  # they would only make it pretty
    done = subprocess.run(
        [GENERATOR, "generate", "--path", document, "--output-path", folder / NAME, "--config", configuration, *QUIET],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def generated(folder: Path, said: str) -> Iterator[ModuleType]:
    assert said
    sys.path.insert(0, str(folder))
    yield importlib.import_module(NAME)
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server") / "data") as running:
        yield running


class Client:
    """The generated functions by operation, called with one token."""

    def __init__(self, generated: ModuleType, server: Server, secret: str) -> None:
        self.models = importlib.import_module(f"{generated.__name__}.models")
        self._client = generated.AuthenticatedClient(
            base_url=f"{server.url}/api/v1",
            token=secret,
            headers={"Accept-Language": "en"},
            raise_on_unexpected_status=True,
            httpx_args={"trust_env": False, "event_hooks": {"response": [self._check]}},
        )

    def close(self) -> None:
        self._client.get_httpx_client().close()

    @staticmethod
    def _check(response: Any) -> None:
        response.read()
        contract.check(response)

    def call(self, operation: str, *path: Any, status: int = 200, **arguments: Any) -> Any:
        module = next(name for name in operations_of(NAME) if name.rpartition(".")[2] == operation)
        answer = importlib.import_module(module).sync_detailed(*path, client=self._client, **arguments)
        assert answer.status_code == status, answer.content
        return answer


def operations_of(package: str) -> list[str]:
    folder = Path(importlib.import_module(package).__file__ or "").parent / "api"
    files = sorted(folder.glob("*/*.py"))
    return [f"{package}.api.{path.parent.name}.{path.stem}" for path in files if path.stem != "__init__"]


@pytest.fixture(scope="module")
def client(generated: ModuleType, server: Server) -> Iterator[Client]:
    with server.caller() as admin:
        body = {"name": "ci", "expires_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
        made = admin.post("/api/v1/tokens", body)
        assert made.status_code == 201, made.text
    client = Client(generated, server, made.json()["data"]["token"]["secret"])
    yield client
    client.close()


class TestTheGenerator:
    def test_has_nothing_to_complain_about(self, said: str) -> None:
        assert "warning" not in said.lower()
        assert "skipp" not in said.lower()

    def test_makes_a_function_of_every_operation(self, generated: ModuleType) -> None:
        wanted = {one["operationId"] for path in contract.document()["paths"].values() for one in path.values()}
        found = {name.rpartition(".")[2].replace("_", "") for name in operations_of(generated.__name__)}

        assert found == {name.lower() for name in wanted}
        for name in operations_of(generated.__name__):
            assert callable(importlib.import_module(name).sync_detailed)

    def test_makes_a_class_of_every_schema(self, client: Client) -> None:
        wanted = {
            name for name, schema in contract.document()["components"]["schemas"].items() if "properties" in schema
        }

        assert {name.lower() for name in wanted} <= {name.lower() for name in vars(client.models)}


class TestTheLifeOfAnInstance:
    def test_from_its_registration_to_its_end(self, client: Client) -> None:
        models = client.models
        client.call("create_tag", body=models.CreateTag(name="payments"), status=201)
        body = models.CreateInstance(
            name="orders-01",
            db_type=models.CreateInstanceDbType.POSTGRESQL,
            host="db1.example.com",
            port=5432,
            tag_names=["payments"],
        )
        key = "life-of-an-instance"

        rehearsed = client.call("create_instance", body=body, dry_run=True)
        assert rehearsed.parsed.meta.dry_run.changes[0].action == "create"
        made = client.call("create_instance", body=body, idempotency_key=key, status=201)
        again = client.call("create_instance", body=body, idempotency_key=key, status=201)
        assert again.content == made.content
        instance = made.parsed.data.instance
        assert made.headers["Location"] == f"/api/v1/instances/{instance.id}"

        shown = client.call("get_instance", instance.id)
        assert (shown.parsed.data.instance.name, shown.headers["ETag"]) == ("orders-01", '"1"')
        assert client.call("get_instance_by_name", "orders-01").parsed.data.instance.id == instance.id
        page = client.call("list_instances", search="orders", tags=["payments"], limit=5).parsed.data
        assert ([item.id for item in page.items], page.total) == ([instance.id], 1)
        assert client.call("list_instances", tags=["payments"], search="nothing").parsed.data.items == []

        self.change(client, instance.id)
        self.end(client, instance.id)

    def change(self, client: Client, instance_id: int) -> None:
        models = client.models
        port = models.PatchInstance(port=6432, remove_tags=["payments"])

        changed = client.call("patch_instance", instance_id, body=port, if_match='"1"', x_change_ticket="CHG-7")
        late = client.call("patch_instance", instance_id, body=port, if_match='"1"', status=412)
        wrong = client.call("patch_instance", instance_id, body=models.PatchInstance(port=0), status=400)
        history = client.call("list_instance_history", instance_id).parsed.data

        assert (changed.parsed.data.instance.port, changed.parsed.data.instance.tags) == (6432, [])
        assert changed.parsed.data.instance.version == 2
        assert isinstance(late.parsed, models.Error)
        assert (late.parsed.message_code, late.parsed.extra["current_version"]) == ("PRECONDITION_FAILED", 2)
        assert [fault["field"] for fault in wrong.parsed.extra["fields"]] == ["port"]
        assert [event.action for event in history.items] == ["instance.update", "instance.create"]
        assert (history.items[0].ticket, history.items[0].actor.username) == ("CHG-7", "admin")
        assert {change.field for change in history.items[0].changes} == {"port", "tag_names"}

    def end(self, client: Client, instance_id: int) -> None:
        models = client.models

        deleted = client.call("remove_instance", instance_id, body=models.DeleteInstance(reason="replaced"))
        gone = client.call("get_instance", instance_id, status=404)
        in_bin = client.call("get_instance", instance_id, include_deleted=True).parsed.data.instance
        restored = client.call("restore_instance", instance_id, body=models.RestoreInstance())
        early = client.call("purge_instance", instance_id, body=models.PurgeInstance(), status=409)
        client.call("delete_instance", instance_id, body=models.DeleteInstance())
        client.call("purge_instance", instance_id, body=models.PurgeInstance(), if_match='"5"')

        assert deleted.parsed.data.deletion_mode == "soft"
        assert gone.parsed.extra["in_bin"] is True
        assert (in_bin.status, in_bin.delete_reason) == (models.InstanceStatus.DELETED, "replaced")
        assert restored.parsed.data.instance.deleted_at is None
        assert early.parsed.message_code == "CONSTRAINT_VIOLATION"
        assert client.call("get_instance", instance_id, include_deleted=True, status=404).parsed.success is False
