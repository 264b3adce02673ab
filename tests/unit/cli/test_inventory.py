"""`muster export`, `plan` and `apply` on the store of the machine."""

import json
import signal

import pytest

from app.cli.inventory.kinds import INSTANCE_FIELDS
from tests.support import pem

FULL = """\
environments:
  - {key: lab, name: Lab, position: 9}
tags:
  - {name: payments, color: "#1677ff", description: money}
  - {name: night}
clusters:
  - {name: orders-galera, kind: galera, external_id: g-1, description: three nodes}
credentials:
  - name: monitor
    username: muster
    description: reads
    password: {env: MONITOR}
    bindings:
      hosts: [a.example.com]
      suffixes: [.example.com]
      networks: [10.1.0.0/16]
      engines: [oracle, postgresql]
      endpoints:
        - {db_type: oracle, host: DB9.example.com, port: 1521}
instances:
  - name: 订单-01
    db_type: oracle
    host: db1.example.com
    port: 1521
    database_name: orders
    service_name: ORD.example
    sid: ORD
    instance_name: I1
    description: |
      first
      second
    environment: lab
    lifecycle: maintenance
    is_active: false
    endpoint_kind: writer
    platform: aws_rds
    criticality: 2
    owner: "no"
    contact: "0777"
    location: "1e5"
    cluster: orders-galera
    credential: monitor
    tags: [payments, night]
    external_ids: {cmdb: CI-1}
    custom: {rack: B12, units: 2, load: 1.0, text: "2", yes: true}
    muted_until: 2027-01-01T01:00:00+01:00
    admin_credential: monitor
    tls_mode: verify-ca
    tls_ca: TLS_CA
    tls_client_cert: TLS_CERT
    tls_client_key: {file: client.key}
    tls_legacy: true
    connect_timeout_ms: 1000
    statement_timeout_ms: 2000
    deadline_ms: 30000
  - {name: plain, db_type: mysql, host: db2.example.com, port: 3306}
"""
FULL = FULL.replace("TLS_CA", json.dumps(pem.authority())).replace("TLS_CERT", json.dumps(pem.client()[0]))
SECRET = "a-planted-secret"


@pytest.fixture(scope="module")
def full(desk, tmp_path_factory):
    """A register that files have filled."""
    folder = tmp_path_factory.mktemp("inventory")
    (folder / "all.yaml").write_text(FULL, encoding="utf-8")
    (folder / "client.key").write_text(pem.client()[1], encoding="utf-8")
    applied = desk.run("apply", folder, "--yes", "--reason", "初始", MONITOR=SECRET)
    assert applied.stdout.endswith("7 of 7 changes made.\n"), applied.output
    return folder


def write(folder, text, name="all.yaml"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def planned(desk, folder, *options, **env):
    result = desk.run("plan", folder, "--json", *options, exits=2, **env)
    return {(one["action"], one["kind"], one["name"]): one for one in json.loads(result.stdout)["changes"]}


class TestTheRoundTrip:
    def test_of_every_field_changes_nothing(self, desk, full, tmp_path):
        out = tmp_path / "out"

        desk.run("export", out)
        again = desk.run("plan", out, "--prune")

        assert again.stdout == "No changes: the register is as the files say.\n"
        assert "CREDENTIAL_MONITOR_PASSWORD is not there" in again.stderr
        text = (out / "instances" / "lab" / "订单-01.yaml").read_text(encoding="utf-8")
        said = [name.removesuffix("_set") for name in INSTANCE_FIELDS]
        assert [name for name in said if f"{name}: " not in text and f"{name}:\n" not in text] == []
        assert "PRIVATE KEY" not in text
        assert SECRET not in "".join(path.read_text(encoding="utf-8") for path in out.rglob("*.yaml"))

    def test_is_told_by_files_arranged_by_hand_too(self, desk, full):
        assert "No changes" in desk.run("plan", full, MONITOR=SECRET).stdout

    def test_replaces_an_earlier_export_and_spares_the_files_of_others(self, desk, full, tmp_path):
        out = tmp_path / "out"
        desk.run("export", out)
        stale = out / "instances" / "lab" / "gone.yaml"
        stale.write_text((out / "tags.yaml").read_text(encoding="utf-8"), encoding="utf-8")

        desk.run("export", out)
        (out / "mine.yaml").write_text("tags: []", encoding="utf-8")

        assert not stale.exists()
        assert "mine.yaml" in desk.run("export", out, exits=1).stderr


class TestPlan:
    def test_shows_what_would_change_without_colours(self, desk, full, tmp_path):
        text = FULL.replace("port: 3306", "port: 3307").replace("criticality: 2", "criticality: 1")
        text = (
            text.replace('    owner: "no"\n', "")
            .replace("rack: B12, ", "")
            .replace("- {name: night}", "- {name: noon}")
        )
        folder = write(tmp_path, text.replace("[payments, night]", "[noon]"))

        result = desk.run("plan", folder, "--prune", exits=2, MONITOR=SECRET)

        assert result.stdout.splitlines() == [
            "+ tag noon",
            "~ instance plain",
            "    ~ port: 3306 → 3307",
            "~ instance 订单-01",
            "    ~ criticality: 2 → 1",
            "    - owner: no",
            '    ~ tags: ["night", "payments"] → ["noon"]',
            "    - custom.rack: B12",
            "- tag night",
            "- environment development",
            *(f"- environment {key}" for key in ("disaster_recovery", "production", "staging", "test")),
            "",
            "1 to create, 2 to change, 6 to delete; 4 unchanged.",
        ]

    def test_deletes_nothing_unless_told_and_only_kinds_that_stand_in_files(self, desk, full, tmp_path):
        folder = write(tmp_path, "tags:\n- {name: payments, color: '#1677ff', description: money}\n")

        kept = desk.run("plan", folder)
        pruned = planned(desk, folder, "--prune")

        assert "1 tags. --prune deletes them" in kept.stderr
        assert set(pruned) == {("delete", "tag", "night")}

    def test_tells_that_a_password_differs_and_never_which(self, desk, full):
        changes = planned(desk, full, MONITOR="another-secret")

        assert changes["update", "credential", "monitor"]["fields"] == [{"field": "password", "secret": True}]
        assert "another-secret" not in str(changes)

    def test_tells_that_a_client_key_and_its_certificate_differ_and_never_which(self, desk, full, tmp_path):
        cert, key = pem.client("another")
        text = FULL.replace(json.dumps(pem.client()[0]), json.dumps(cert))
        (tmp_path / "client.key").write_text(key, encoding="utf-8")

        changes = planned(desk, write(tmp_path, text), MONITOR=SECRET)

        fields = changes["update", "instance", "订单-01"]["fields"]
        assert [(one["field"], one.get("secret")) for one in fields] == [
            ("tls_client_cert", None),
            ("tls_client_key", True),
        ]
        assert "PRIVATE KEY" not in str(changes)

    def test_takes_a_client_key_away_with_its_line(self, desk, full, tmp_path):
        text = FULL.replace("    tls_client_key: {file: client.key}\n", "")

        changes = planned(desk, write(tmp_path, text), MONITOR=SECRET)

        fields = changes["update", "instance", "订单-01"]["fields"]
        assert fields == [{"field": "tls_client_key_set", "before": True, "after": False}]

    def test_refuses_a_client_key_that_stands_in_a_file(self, desk, full, tmp_path):
        text = FULL.replace("{file: client.key}", json.dumps(pem.client()[1]))

        refused = desk.run("plan", write(tmp_path, text), exits=1)

        assert "A private key does not stand in a file: give {env: NAME} or {file: PATH}." in refused.stderr
        assert "PRIVATE KEY-" not in refused.output

    def test_names_every_fault_of_every_file_with_its_line(self, desk, full, tmp_path):
        write(
            tmp_path,
            "instances:\n- name: a b\n  db_type: mysql\n  host: h\n  port: 99999\n  bogus: 1\n"
            "- {name: plain, db_type: mysql, host: h, port: 1, tags: [nope], credential_id: 3}\n",
        )
        write(tmp_path, f"credentials:\n- name: c\n  username: u\n  password: {SECRET}\ntgas: []\n", "b.yaml")
        write(tmp_path, "tags: [1\n", "c.yml")

        refused = desk.run("plan", tmp_path, exits=1)

        told = [line.removeprefix(f"{tmp_path}/").split(": ")[0] for line in refused.stderr.splitlines()[1:]]
        assert told == ["all.yaml:2", "all.yaml:5", "all.yaml:6", "all.yaml:7", "b.yaml:4", "b.yaml:5", "c.yml:2"]
        assert SECRET not in refused.output

    def test_names_what_is_not_there_together_with_all_else(self, desk, full, tmp_path):
        write(
            tmp_path,
            "tags:\n- {name: mine, color: blue}\n"
            "instances:\n"
            "- {name: a, db_type: mysql, host: h, port: 99999, tags: [nope, mine, 3], cluster: none}\n"
            "- {name: b, db_type: mysql, host: h, port: 1, environment: nowhere, credential: nobody}\n"
            "- {name: b, db_type: mysql, host: h, port: 1, tags: [missing]}\n",
        )

        told = desk.run("plan", tmp_path, exits=1).stderr

        lines = [line.removeprefix(f"{tmp_path}/all.yaml:") for line in told.splitlines()[1:]]
        assert [line.partition(".")[0] for line in lines if "There is no" in line] == [
            "4: cluster: There is no cluster none, here or in the register",
            "4: tags: There is no tag nope, here or in the register",
            "5: environment: There is no environment nowhere, here or in the register",
            "5: credential: There is no credential nobody, here or in the register",
            "6: tags: There is no tag missing, here or in the register",
        ]
        assert [line[0] for line in lines if "There is no" not in line] == ["2", "4", "4", "6"]

    def test_names_what_it_knows_where_the_register_cannot_be_read(self, desk, full, tmp_path, pauses):
        write(tmp_path, "instances:\n- {name: a, db_type: mysql, host: h, port: 99999}\n")

        told = desk.run("plan", tmp_path, "--url", "http://127.0.0.1:9", exits=1).stderr

        assert "all.yaml:2: port" in told

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (
                "instances:\n- {name: n, db_type: mysql, host: h, port: 1, tags: [nope]}",
                ":2: tags: There is no tag nope",
            ),
            ("tags:\n- name: a\n- name: a", ":3: The tag a stands in"),
            ("- a", ":1: Expected one of"),
            ("tags: x", ":1: tags is a list"),
            (
                "instances:\n- {name: n, db_type: mysql, host: h, port: 1, lifecycle: retired, is_active: true}",
                "is_active",
            ),
        ],
    )
    def test_refuses_files_that_contradict_themselves(self, desk, full, tmp_path, text, said):
        assert said in desk.run("plan", write(tmp_path, text), exits=1).stderr

    def test_refuses_a_folder_without_files(self, desk, tmp_path):
        assert "There is no YAML file" in desk.run("plan", tmp_path, "--prune", exits=1).stderr


class TestApply:
    def test_asks_and_needs_the_password_of_a_new_credential(self, desk, full, tmp_path):
        folder = write(tmp_path, "credentials:\n- {name: new, username: u, password: {file: pw}}\n")

        assert "all.yaml:2: password: the file pw is not there" in desk.run("apply", folder, "--yes", exits=1).stderr
        (folder / "pw").write_text("s3cret-of-new\n", encoding="utf-8")
        assert "give --yes" in desk.run("apply", folder, exits=1).stderr
        desk.run("apply", folder, "--yes")
        assert "No changes" in desk.run("plan", folder).stdout

    def test_brings_out_of_the_bin_what_it_has_put_there(self, desk, tmp_path):
        line = "- {name: comes-back, db_type: mysql, host: db7.example.com, port: %d}\n"
        desk.run("export", tmp_path)
        desk.run("apply", write(tmp_path, "instances:\n" + line % 3306, "more.yaml"), "--yes")
        write(tmp_path, "instances: []\n", "more.yaml")

        desk.run("apply", tmp_path, "--prune", "--yes")
        write(tmp_path, "instances:\n" + line % 3307, "more.yaml")
        restored = planned(desk, tmp_path)
        desk.run("apply", tmp_path, "--yes")

        assert restored["restore", "instance", "comes-back"]["fields"] == [
            {"field": "port", "before": 3306, "after": 3307}
        ]
        assert "No changes" in desk.run("plan", tmp_path, "--prune").stdout

    def test_names_who_still_uses_what_it_may_not_delete(self, desk, full, tmp_path):
        out, files = tmp_path / "out", tmp_path / "files"
        desk.run("export", out)
        desk.run("apply", write(files, "tags:\n- name: used\n"), "--yes")
        desk.run(
            "instances", "create", "user-of-it", "--db-type", "mysql", "--host", "h", "--port", "1", "--tag", "used"
        )
        desk.run("instances", "delete", "user-of-it", "--yes")

        refused = desk.run("apply", out, "--prune", "--yes", exits=1).stderr

        assert "delete tag used: " in refused
        assert "Used by user-of-it (in the recycle bin)." in refused

    def test_tells_what_to_do_where_a_credential_is_not_bound(self, desk, tmp_path, monkeypatch):
        from app.cli.client.errors import CallRefused
        from app.cli.inventory.applying import Applying

        said = {"message_code": "CREDENTIAL_NOT_BOUND", "message": "Not bound", "suggestions": ["Have it bound"]}

        def refused(self, change):
            raise CallRefused(403, said)

        monkeypatch.setattr(Applying, "_carry_out", refused)

        told = desk.run("apply", write(tmp_path, "tags:\n- name: unbound\n"), "--yes", exits=1).stderr

        assert "create tag unbound: Not bound. Have it bound" in told

    def test_ends_between_two_changes_when_it_is_interrupted(self, desk, tmp_path, monkeypatch):
        from app.cli.inventory.applying import Applying

        carry_out = Applying._carry_out

        def interrupted(self, change):
            signal.raise_signal(signal.SIGINT)
            return carry_out(self, change)

        monkeypatch.setattr(Applying, "_carry_out", interrupted)
        rows = "".join(f"- {{name: step-{number}}}\n" for number in range(3))

        stopped = desk.run("apply", write(tmp_path, f"tags:\n{rows}"), "--yes", exits=1).stderr

        assert "Stopped.\n1 of 3 changes were made and stay; apply again to go on." in stopped
        assert desk.run("plan", tmp_path, exits=2).stdout.endswith(
            "2 to create, 0 to change, 0 to delete; 1 unchanged.\n"
        )

    def test_does_not_overwrite_what_changed_since_the_plan_and_goes_on_with_the_rest(
        self, desk, tmp_path, monkeypatch
    ):
        from app.cli.inventory import commands

        names = ("raced", "still")
        rows = "".join(f"- {{name: {name}, db_type: mysql, host: db8.example.com, port: 1}}\n" for name in names)
        desk.run("apply", write(tmp_path, f"instances:\n{rows}"), "--yes")
        write(tmp_path, f"instances:\n{rows.replace('port: 1', 'port: 2')}")
        check = commands.check_secrets

        def meanwhile(found):
            desk.run("instances", "update", "raced", "--set", "owner=somebody else")
            check(found)

        monkeypatch.setattr(commands, "check_secrets", meanwhile)
        result = desk.run("apply", tmp_path, "--yes", exits=1)

        assert "1 of 2 changes made." in result.stdout
        assert "update instance raced: Somebody has changed it since it was compared: plan again." in result.stderr
        kept = json.loads(desk.run("instances", "get", "raced", "-o", "json").stdout)["instance"]
        assert (kept["port"], kept["owner"]) == (1, "somebody else")
