"""How an instance is connected to: certificates, the client key that never comes back, the second login."""

import io

import pytest
from cryptography.hazmat.primitives import serialization
from sqlalchemy import text

from tests.support import pem
from tests.support.api import faults
from tests.support.store import stored_bytes

PATH = "/api/v1/instances"
CERT, KEY = pem.client()
OTHER_CERT, OTHER_KEY = pem.client("another")
SECRET = KEY.splitlines()[1]


def encrypted(key):
    loaded = serialization.load_pem_private_key(key.encode(), password=None)
    best = serialization.BestAvailableEncryption(b"passphrase")
    text = loaded.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, best)
    return text.decode()


@pytest.fixture
def create(house):
    return lambda **fields: house.admin.post(PATH, house.body(**fields))


class TestEachOption:
    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("tls_mode", "verify", "not_a_choice"),
            ("tls_mode", True, "not_a_choice"),
            ("tls_ca", "x", "not_a_certificate"),
            ("tls_ca", "", "too_short"),
            ("tls_ca", KEY, "private_key_here"),
            ("tls_ca", CERT.replace("M", "N", 9), "not_a_certificate"),
            ("tls_ca", CERT + "x" * 32_000, "too_long"),
            ("tls_ca", 7, "wrong_type"),
            ("tls_client_cert", CERT + KEY, "private_key_here"),
            ("tls_client_cert", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "not_a_certificate"),
            ("tls_client_key", CERT, "not_a_private_key"),
            ("tls_client_key", "密码", "not_a_private_key"),
            ("tls_client_key", encrypted(KEY), "key_encrypted"),
            ("tls_client_key", KEY + "x" * 32_000, "too_long"),
            ("tls_client_key", KEY + "\x00", "control_characters"),
            ("tls_legacy", "yes", "wrong_type"),
            ("connect_timeout_ms", 99, "out_of_range"),
            ("connect_timeout_ms", 60_001, "out_of_range"),
            ("statement_timeout_ms", 1.5, "wrong_type"),
            ("deadline_ms", 999, "out_of_range"),
            ("deadline_ms", 60_001, "out_of_range"),
            ("admin_credential_id", 2**40, "unknown_reference"),
            ("tls_client_key_set", True, "read_only"),
            ("admin_credential", {}, "read_only"),
        ],
    )
    def test_is_refused_by_name_when_it_is_wrong(self, create, field, value, code):
        answer = create(**{field: value})

        assert faults(answer) == {field: code}
        assert SECRET not in answer.get_data(as_text=True)

    def test_keeps_of_a_pem_the_certificates_alone(self, create):
        said = f"subject: someone\r\n{CERT.replace(chr(10), chr(13) + chr(10))}\n\nand\n{pem.authority()}"

        assert create(tls_ca=said).json["data"]["instance"]["tls_ca"] == CERT + pem.authority()

    def test_has_faults_that_are_told_together(self, create):
        wrong = {"tls_ca": "x", "deadline_ms": 1, "tls_client_key": "y", "port": 0}

        assert set(faults(create(**wrong))) == set(wrong)


class TestTheClientKey:
    def test_is_in_no_answer_log_or_event_and_lies_sealed(self, house, create, caplog):
        answers = [create(tls_client_cert=CERT, tls_client_key=KEY)]
        instance = answers[0].json["data"]["instance"]
        item = f"{PATH}/{instance['id']}"
        renewed = {"tls_client_cert": OTHER_CERT, "tls_client_key": OTHER_KEY}
        answers += [
            house.admin.patch(item, renewed),
            house.admin.patch(f"{item}?dry_run=true", {"tls_client_cert": CERT, "tls_client_key": KEY}),
            house.admin.patch(item, {"tls_client_key": KEY}),
            house.admin.put(item, {"tls_client_key": KEY, "port": "x"}),
            house.admin.get(item),
            house.admin.get(f"{item}/history"),
            house.admin.get(f"{PATH}/export?format=json&name={instance['name']}"),
            house.admin.post(
                f"{PATH}/batch", {"operations": [{"op": "update", "id": instance["id"], "data": renewed}]}
            ),
            house.admin.post(f"{PATH}/batch", {"operations": [{"op": "create", "data": {"tls_client_key": KEY}}]}),
        ]

        statuses = [answer.status_code for answer in answers]
        assert statuses == [201, 200, 200, 400, 400, 200, 200, 200, 200, 400]
        told = "".join(answer.get_data(as_text=True) for answer in answers) + caplog.text
        for key in (KEY, OTHER_KEY):
            assert key.splitlines()[1] not in told
            assert key.splitlines()[1].encode() not in stored_bytes(house.settings)
        assert answers[5].json["data"]["instance"]["tls_client_key_set"] is True

    def test_is_told_as_a_secret_that_changes(self, house, create):
        instance = create().json["data"]["instance"]
        item = f"{PATH}/{instance['id']}"

        for body in ({"tls_client_key": KEY}, {"tls_client_key": OTHER_KEY}, {"tls_client_key": None}):
            assert house.admin.patch(item, body).status_code == 200
            told = {"field": "tls_client_key", "before": None, "after": None, "secret": True}
            assert house.history(instance["id"])[0]["changes"] == [told]
        assert house.detail(instance["id"])["tls_client_key_set"] is False

    @pytest.mark.parametrize(
        "kind", [serialization.PrivateFormat.TraditionalOpenSSL, serialization.PrivateFormat.PKCS8]
    )
    def test_is_the_same_key_in_any_form(self, house, create, kind):
        loaded = serialization.load_pem_private_key(KEY.encode(), password=None)
        again = loaded.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()).decode()
        instance = create(tls_client_cert=CERT, tls_client_key=KEY).json["data"]["instance"]

        changed = house.admin.patch(f"{PATH}/{instance['id']}", {"tls_client_key": again}).json["data"]["instance"]

        assert changed["version"] == 1

    def test_fits_its_certificate_whichever_comes_first(self, house, create):
        assert faults(create(tls_client_cert=CERT, tls_client_key=OTHER_KEY)) == {"tls_client_key": "key_differs"}
        first = create(tls_client_cert=CERT).json["data"]["instance"]
        item = f"{PATH}/{first['id']}"

        assert faults(house.admin.patch(item, {"tls_client_key": OTHER_KEY})) == {"tls_client_key": "key_differs"}
        assert house.admin.patch(item, {"tls_client_key": KEY}).status_code == 200
        assert faults(house.admin.patch(item, {"tls_client_cert": OTHER_CERT})) == {"tls_client_cert": "key_differs"}
        operation = {"op": "update", "id": first["id"], "data": {"tls_client_cert": OTHER_CERT}}
        refused = house.admin.post(f"{PATH}/batch", {"operations": [operation]})
        assert faults(refused) == {"operations.0.data.tls_client_cert": "key_differs"}
        renewed = {"tls_client_cert": OTHER_CERT, "tls_client_key": OTHER_KEY}
        assert house.admin.patch(item, renewed).status_code == 200

    def test_comes_by_a_batch_too(self, house):
        body = house.body(tls_client_cert=CERT, tls_client_key=KEY)
        plain = house.body()
        operations = [
            {"op": "create", "data": body},
            {"op": "create", "data": plain},
            {"op": "update", "name": body["name"], "data": {"owner": "ann"}},
            {"op": "update", "name": plain["name"], "data": {"tls_client_key": OTHER_KEY}},
        ]

        done = house.admin.post(f"{PATH}/batch", {"operations": operations})

        assert [house.detail(one["id"])["tls_client_key_set"] for one in done.json["data"]["results"]] == [True] * 4
        keys = house.app.extensions["muster"].parts().keys
        with house.database.engine.connect() as connection:
            sealed = connection.execute(
                text("SELECT tls_client_key_seal_id, tls_client_key_key_id FROM instances WHERE name IN (:a, :b)"),
                {"a": body["name"], "b": plain["name"]},
            ).all()
        assert {row[1] for row in sealed} == {keys.active_id}
        assert len({row[0] for row in sealed}) == 2

    def test_is_not_told_of_a_time_gone_by(self, house, create):
        instance = create(tls_client_key=KEY).json["data"]["instance"]

        then = house.admin.get(
            f"{PATH}/{instance['id']}", query_string={"as_of": house.history(instance["id"])[-1]["at"]}
        )

        assert then.json["data"]["instance"]["tls_client_key_set"] is None

    def test_is_no_column_of_a_file(self, house):
        content = f'name,tls_client_key\nx,"{KEY}"\n'.encode()
        answer = house.admin.post(f"{PATH}/import", data={"file": (io.BytesIO(content), "x.csv")})

        assert faults(answer) == {"file.tls_client_key": "unknown_column"}
        assert SECRET not in answer.get_data(as_text=True)


class TestASecondLogin:
    def test_is_shown_beside_the_first(self, house):
        first, second = house.credential(), house.credential()

        instance = house.instance(credential_id=first["id"], admin_credential_id=second["id"])

        shown = [instance[name]["name"] for name in ("credential", "admin_credential")]
        assert shown == [first["name"], second["name"]]

    def test_counts_as_use_of_the_credential(self, house):
        credential = house.credential()
        instance = house.instance(admin_credential_id=credential["id"])
        both = house.instance(admin_credential_id=credential["id"], credential_id=credential["id"])
        path = f"/api/v1/credentials/{credential['id']}"

        refused = house.admin.delete(path)
        shown = house.admin.get(path).json["data"]["credential"]

        assert (refused.status_code, refused.json["message_code"]) == (409, "CONSTRAINT_VIOLATION")
        assert {one["id"] for one in refused.json["extra"]["instances"]} == {instance["id"], both["id"]}
        assert (shown["usage_count"], len(shown["used_by"])) == (2, 2)

    def test_is_renamed_in_the_past_too(self, house):
        credential = house.credential()
        instance = house.instance(admin_credential_id=credential["id"])
        house.admin.patch(f"/api/v1/credentials/{credential['id']}", {"name": house.new_name("renamed")})

        then = house.admin.get(
            f"{PATH}/{instance['id']}", query_string={"as_of": house.history(instance["id"])[-1]["at"]}
        )

        shown = then.json["data"]["instance"]["admin_credential"]
        assert (shown["id"], shown["name"]) == (credential["id"], credential["name"])

    def test_is_named_in_a_file(self, house):
        credential, name = house.credential(), house.new_name()
        content = (
            f"名称,数据库类型,主机,端口,管理凭据,连接超时毫秒\n{name},mysql,h,1,{credential['name']},1000\n".encode()
        )

        taken = house.admin.post(f"{PATH}/import", data={"file": (io.BytesIO(content), "x.csv")})

        shown = house.detail(taken.json["data"]["import"]["rows"][0]["id"])
        assert (shown["admin_credential"]["name"], shown["connect_timeout_ms"]) == (credential["name"], 1000)


class TestAnOperatorWhoPointsAtHisOwnListener:
    """Whatever way he takes, the write is refused, so that no check ever carries the secret there."""

    @pytest.fixture
    def held(self, house):
        body = house.body(credential_id=house.credential()["id"], tls_ca=pem.authority())
        return house.made("instances", body)

    @pytest.mark.parametrize(
        "move",
        [
            {"host": "203.0.113.66"},
            {"port": 50_001},
            {"tls_mode": "disable"},
            {"tls_mode": "require"},
            {"tls_ca": pem.authority("his own")},
            {"tls_ca": None},
            {"tls_legacy": True},
        ],
    )
    def test_gets_403_for_any_single_change(self, house, held, move):
        operator, item = house.as_role("operator"), f"{PATH}/{held['id']}"
        required = {name: held[name] for name in ("name", "db_type", "host", "port")}
        answers = [
            operator.patch(item, move),
            operator.put(item, {**required, **move}),
            operator.put(f"{PATH}/by-name/{held['name']}", {**required, **move}),
        ]

        assert [(one.status_code, one.json["message_code"]) for one in answers] == [(403, "CREDENTIAL_NOT_BOUND")] * 3
        assert house.detail(held["id"]) == held

    def test_is_refused_by_batch_and_import_too(self, house, held):
        operator = house.as_role("operator")
        batch = {"operations": [{"op": "update", "id": held["id"], "data": {"host": "203.0.113.66"}}]}
        content = f"name,host\n{held['name']},203.0.113.66\n".encode()

        by_batch = operator.post(f"{PATH}/batch", batch)
        by_file = operator.post(f"{PATH}/import", data={"file": (io.BytesIO(content), "x.csv")})

        assert faults(by_batch) == {"operations.0.data.credential_id": "not_bound"}
        assert "not_bound" in faults(by_file).values()
        assert house.detail(held["id"]) == held

    def test_is_refused_by_undoing_what_made_it_safer(self, house, held):
        house.as_role("dba").patch(f"{PATH}/{held['id']}", {"tls_mode": "disable"})
        credential = f"/api/v1/credentials/{held['credential_id']}"
        house.as_role("dba").patch(f"{PATH}/{held['id']}", {"tls_mode": None})
        newest = {"entity_type": "instance", "entity_id": held["id"], "limit": 1}
        event = house.admin.get("/api/v1/audit-events", query_string=newest).json["data"]["items"][0]
        bound = house.admin.get(credential).json["data"]["credential"]["bindings"]["endpoints"][0]
        tightened = {"endpoints": [{**bound, "tls_mode": "verify-full"}]}
        assert house.admin.patch(credential, {"bindings": tightened}).status_code == 200

        answer = house.as_role("operator").post(f"/api/v1/audit-events/{event['id']}/revert", {})

        assert answer.status_code == 403
        assert house.detail(held["id"])["tls_mode"] is None


class TestARuleOfACredential:
    def test_allows_an_operator_no_weak_tls_by_any_way(self, house):
        credential_id = house.credential(bindings={"suffixes": [".ruled.example"]})["id"]
        operator = house.as_role("operator")
        body = house.body(host="db1.ruled.example", credential_id=credential_id, tls_mode="disable")
        lines = [",".join(str(one) for one in row) for row in (body.keys(), body.values())]
        content = "\n".join(lines).encode()

        single = operator.post(PATH, body)
        by_batch = operator.post(f"{PATH}/batch", {"operations": [{"op": "create", "data": body}]})
        by_file = operator.post(f"{PATH}/import", data={"file": (io.BytesIO(content), "x.csv")})

        assert (single.status_code, single.json["message_code"]) == (403, "CREDENTIAL_NOT_BOUND")
        assert faults(by_batch) == {"operations.0.data.credential_id": "bound_under_tls"}
        assert "bound_under_tls" in faults(by_file).values()
        assert operator.post(PATH, {**body, "tls_mode": "require"}).status_code == 201


class TestABoundEndpoint:
    def test_keeps_its_tls_when_nothing_is_said_of_it(self, house):
        body = house.body(tls_mode="disable", credential_id=house.credential()["id"])
        house.made("instances", body)
        path = f"/api/v1/credentials/{body['credential_id']}"
        endpoint = {"db_type": body["db_type"], "host": body["host"], "port": body["port"]}

        kept = house.admin.patch(path, {"bindings": {"endpoints": [endpoint]}}).json["data"]["credential"]
        told = house.admin.patch(path, {"bindings": {"endpoints": [{**endpoint, "tls_mode": "require"}]}})

        assert kept["bindings"]["endpoints"][0]["tls_mode"] == "disable"
        bound = told.json["data"]["credential"]["bindings"]["endpoints"]
        assert [(one["tls_mode"], one["tls_legacy"]) for one in bound] == [("require", False)]

    def test_comes_back_as_it_was_when_its_binding_anew_is_undone(self, house):
        body = house.body(credential_id=house.credential()["id"], tls_ca=pem.authority())
        instance = house.made("instances", body)
        path = f"/api/v1/credentials/{body['credential_id']}"
        before = house.admin.get(path).json["data"]["credential"]["bindings"]["endpoints"]
        house.admin.patch(f"{PATH}/{instance['id']}", {"tls_mode": "disable"})
        newest = {"entity_type": "credential", "entity_id": body["credential_id"], "limit": 1}
        event = house.admin.get("/api/v1/audit-events", query_string=newest).json["data"]["items"][0]

        undone = house.admin.post(f"/api/v1/audit-events/{event['id']}/revert", {})

        assert undone.status_code == 200
        assert house.admin.get(path).json["data"]["credential"]["bindings"]["endpoints"] == before
