"""`/api/v1/credentials`: a password goes in and never comes out; bindings; use."""

import pytest
from sqlalchemy import select, text

from app.models import AuditEvent
from tests.support.api import faults
from tests.support.store import stored_bytes

PATH = "/api/v1/credentials"
PASSWORD, OTHER = "s3cret-of-the-database", "an0ther-secret"
RULES = {
    "hosts": ["db1.example.com"],
    "suffixes": [".prod.example.com"],
    "networks": ["10.1.0.0/16"],
    "engines": ["postgresql"],
}
TLS = {"tls_mode": "require", "tls_ca_digest": None, "tls_legacy": False}
ENDPOINT = {"db_type": "mysql", "host": "10.0.0.9", "port": 3306, **TLS}
EMPTY = {"hosts": [], "suffixes": [], "networks": [], "engines": [], "endpoints": []}


@pytest.fixture
def body(house):
    return lambda **more: {"name": house.new_name("login"), "username": "muster", **more}


def put(house, credential, said, role="dba"):
    answer = house.as_role(role).put(f"{PATH}/{credential['id']}", said)
    assert answer.status_code == 200, answer.json
    return answer.json["data"]["credential"]


class TestACredential:
    def test_is_made_shown_listed_and_deleted(self, house, body):
        said = body(password=PASSWORD, description="reads", bindings={**RULES, "endpoints": [ENDPOINT]})

        made = house.as_role("dba").post(PATH, said)
        row = made.json["data"]["credential"]
        path = f"{PATH}/{row['id']}"

        assert (made.status_code, made.headers["Location"]) == (201, path)
        assert set(row) == {
            "id", "name", "username", "description", "password_set", "bindings", "used_by", "usage_count",
            "created_at", "updated_at", "version",
        }  # fmt: skip
        assert (row["password_set"], row["used_by"], row["usage_count"]) == (True, [], 0)
        assert row["bindings"] == {**RULES, "endpoints": [ENDPOINT]}
        assert house.as_role("viewer").get(path).json["data"]["credential"] == row
        assert row in house.as_role("viewer").get(f"{PATH}?search={row['name']}").json["data"]["items"]
        assert house.as_role("dba").delete(path).status_code == 200
        assert house.admin.get(path).status_code == 404

    def test_names_the_instances_that_use_it_and_stays_while_they_do(self, house):
        credential = house.credential()
        live, binned = (house.instance(credential_id=credential["id"]) for _ in range(2))
        house.admin.post(f"/api/v1/instances/{binned['id']}/delete")
        path, rows = f"{PATH}/{credential['id']}", house.rows()

        answer = house.admin.delete(path)

        used_by = [
            {"id": live["id"], "name": live["name"], "in_bin": False},
            {"id": binned["id"], "name": binned["name"], "in_bin": True},
        ]
        assert (answer.status_code, answer.json["message_code"]) == (409, "CONSTRAINT_VIOLATION")
        assert sorted(answer.json["extra"]["instances"], key=lambda one: one["id"]) == used_by
        shown = house.admin.get(path).json["data"]["credential"]
        assert (sorted(shown["used_by"], key=lambda one: one["id"]), shown["usage_count"]) == (used_by, 2)
        assert house.rows() == rows

    def test_names_twenty_of_many_and_counts_all(self, house):
        credential = house.credential(bindings={"suffixes": ["example.com"]})
        for _ in range(21):
            house.instance(credential_id=credential["id"])

        shown = house.admin.get(f"{PATH}/{credential['id']}").json["data"]["credential"]

        assert (len(shown["used_by"]), shown["usage_count"]) == (20, 21)

    def test_has_a_name_of_its_own(self, house, body):
        credential = house.credential()

        answer = house.admin.post(PATH, body(name=credential["name"], password=PASSWORD))

        assert (answer.status_code, answer.json["extra"]["holder"]) == (409, {"id": credential["id"]})

    def test_written_as_it_is_writes_nothing(self, house, body):
        said = body(password=PASSWORD, description="reads", bindings={**RULES, "endpoints": [ENDPOINT]})
        credential = house.made("credentials", said)
        rows = house.rows()

        assert put(house, credential, said) == credential
        assert house.rows() == rows


class TestThePassword:
    def stored(self, house, credential) -> tuple[str, bytes]:
        with house.database.engine.connect() as connection:
            found = connection.execute(
                text("SELECT password_key_id, password_blob FROM credentials WHERE id = :id"), {"id": credential["id"]}
            )
            return tuple(found.one())

    def test_is_in_no_body(self, house, body):
        said = body(password=PASSWORD)
        answers = [house.admin.post(PATH, said)]
        path = answers[0].headers["Location"]
        instance = house.instance(credential_id=int(path.rpartition("/")[2]))
        item = f"/api/v1/instances/{instance['id']}"

        answers += [house.admin.put(path, {**said, "password": OTHER}), house.admin.get(path), house.admin.get(PATH)]
        answers += [house.admin.get(item), house.admin.get("/api/v1/instances"), house.admin.get(f"{item}/history")]
        answers += [house.admin.post(PATH, said), house.admin.post(PATH, {**said, "username": 5, "colour": 1})]
        answers += [house.admin.post(PATH, data={**said, "port": "x"}), house.admin.delete(path)]

        for answer in answers:
            told = answer.get_data(as_text=True)
            assert PASSWORD not in told
            assert OTHER not in told
            assert "password_blob" not in told
            assert "password_key_id" not in told

    def test_lies_sealed_in_the_store(self, house):
        credential = house.credential(password=PASSWORD)

        assert PASSWORD.encode() not in self.stored(house, credential)[1]
        raw = stored_bytes(house.settings)
        assert credential["name"].encode() in raw
        assert PASSWORD.encode() not in raw

    @pytest.mark.parametrize("more", [{}, {"password": None}])
    def test_stays_when_it_is_absent_or_null(self, house, body, more):
        said = body()
        credential = house.made("credentials", {**said, "password": PASSWORD})
        before = self.stored(house, credential)

        changed = put(house, credential, {**said, "description": "new", **more})

        assert (changed["password_set"], changed["version"]) == (True, 2)
        assert self.stored(house, credential) == before

    def test_that_changes_is_sealed_anew_and_told_without_a_value(self, house, body):
        said = body()
        credential = house.made("credentials", {**said, "password": PASSWORD})
        before = self.stored(house, credential)

        changed = put(house, credential, {**said, "password": OTHER})

        assert changed["version"] == 2
        assert self.stored(house, credential) != before
        with house.database.engine.connect() as connection:
            changes = connection.scalar(select(AuditEvent.changes).order_by(AuditEvent.id.desc()).limit(1))
        assert changes == [{"field": "password", "secret": True}]

    @pytest.mark.parametrize(
        ("password", "code"),
        [
            ("", "too_short"),
            ("x" * 1025, "too_long"),
            ("a\x00b", "control_characters"),
            (12345678, "wrong_type"),
            (["x"], "wrong_type"),
            (None, "wrong_type"),
        ],
    )
    def test_has_its_limits(self, house, body, password, code):
        assert faults(house.admin.post(PATH, body(password=password))) == {"password": code}

    def test_is_required_at_first(self, house, body):
        assert faults(house.admin.post(PATH, body())) == {"password": "required"}

    @pytest.mark.parametrize("password", [" with spaces ", "x" * 1024, "密码", "a\tb", "'\"\\"])
    def test_may_be_anything_else(self, house, body, password):
        assert house.admin.post(PATH, body(password=password)).status_code == 201


class TestBindings:
    @pytest.mark.parametrize("member", [*RULES, "endpoints"])
    def test_keep_an_absent_member_and_empty_a_null_one(self, house, body, member):
        full, said = {**RULES, "endpoints": [ENDPOINT]}, body()
        credential = house.made("credentials", {**said, "password": PASSWORD, "bindings": full})

        kept = put(house, credential, {**said, "bindings": {}})
        emptied = put(house, credential, {**said, "bindings": {member: None}})

        assert kept["bindings"] == full
        assert emptied["bindings"] == {**full, member: []}
        assert emptied["version"] == credential["version"] + 1

    def test_stay_when_they_are_absent_and_go_when_they_are_null(self, house, body):
        full, said = {**RULES, "endpoints": [ENDPOINT]}, body()
        credential = house.made("credentials", {**said, "password": PASSWORD, "bindings": full})

        assert put(house, credential, said)["bindings"] == full
        assert put(house, credential, {**said, "bindings": None})["bindings"] == EMPTY

    def test_come_as_json_in_a_form(self, house, body):
        said = body(password=PASSWORD, bindings='{"hosts": ["db1.example.com"]}')

        answer = house.admin.post(PATH, data=said)

        assert answer.json["data"]["credential"]["bindings"] == {**EMPTY, "hosts": ["db1.example.com"]}

    @pytest.mark.parametrize(
        ("bindings", "found"),
        [
            ({"hosts": ["127.1"]}, {"bindings.hosts.0": "invalid_host"}),
            ({"hosts": "db1"}, {"bindings.hosts": "wrong_type"}),
            ({"hosts": ["a", 5]}, {"bindings.hosts.1": "wrong_type"}),
            ({"suffixes": ["*.example.com"]}, {"bindings.suffixes.0": "invalid_host"}),
            ({"suffixes": [".1"]}, {"bindings.suffixes.0": "invalid_host"}),
            ({"suffixes": ["."]}, {"bindings.suffixes.0": "invalid_host"}),
            ({"networks": ["10.1.0.1/16"]}, {"bindings.networks.0": "invalid_network"}),
            ({"networks": ["10.1.0.0/33"]}, {"bindings.networks.0": "invalid_network"}),
            ({"networks": ["db1"]}, {"bindings.networks.0": "invalid_network"}),
            ({"engines": ["db2"]}, {"bindings.engines.0": "not_a_choice"}),
            ({"endpoints": [{"host": "a", "port": 1}]}, {"bindings.endpoints.0.db_type": "required"}),
            ({"endpoints": [{**ENDPOINT, "port": 0}]}, {"bindings.endpoints.0.port": "out_of_range"}),
            ({"ports": [1]}, {"bindings.ports": "unknown"}),
            ([], {"bindings": "wrong_type"}),
            ("db1", {"bindings": "wrong_type"}),
        ],
    )
    def test_are_refused_by_their_path(self, house, body, bindings, found):
        assert faults(house.admin.post(PATH, body(password=PASSWORD, bindings=bindings))) == found

    def test_are_told_in_one_spelling(self, house):
        bindings = {"suffixes": ["Prod.Example.com"], "networks": ["10.0.0.7"], "hosts": ["b", "a", "b"]}

        shown = house.credential(bindings=bindings)["bindings"]

        assert shown["suffixes"] == [".prod.example.com"]
        assert shown["networks"] == ["10.0.0.7/32"]
        assert shown["hosts"] == ["a", "b"]
