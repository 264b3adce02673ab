"""Writes by HTML form: the same fields as text, and where the CSRF token may stand."""

import io
import json

import pytest

from tests.support.api import faults

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
CREATE = "/api/v1/instances"


@pytest.fixture(params=[URLENCODED, MULTIPART])
def send(house, request):
    """Send a form, the token in its header."""

    def call(path, fields, method="POST"):
        return house.admin.call(method, path, data=fields, content_type=request.param)

    return call


class TestAForm:
    def test_carries_every_field_as_text(self, house, send):
        tags, external = [house.tag()["name"], house.tag()["name"]], {"cmdb": house.new_name()}
        credential, cluster, environment = house.credential(), house.cluster(), house.environment()
        body = house.body(owner="团队 a&b=c+d", description="two\nlines")

        answer = send(
            CREATE,
            {
                **body,
                "port": "5432",
                "criticality": "2",
                "tag_names": tags,
                "credential_id": str(credential["id"]),
                "cluster_id": str(cluster["id"]),
                "environment": environment["key"],
                "is_active": "off",
                "external_ids": json.dumps(external),
                "custom": '{"rack": "B12", "slots": 3, "spare": true}',
                "muted_until": "2027-01-31T00:00:00Z",
            },
        )

        assert answer.status_code == 201, answer.json
        instance = answer.json["data"]["instance"]
        assert {field: instance[field] for field in body} == body
        assert (instance["port"], instance["criticality"], instance["is_active"]) == (5432, 2, False)
        assert sorted(tag["name"] for tag in instance["tags"]) == sorted(tags)
        assert (instance["credential_id"], instance["cluster_id"]) == (credential["id"], cluster["id"])
        assert (instance["environment"], instance["external_ids"]) == (environment["key"], external)
        assert instance["custom"] == {"rack": "B12", "slots": 3, "spare": True}

    @pytest.mark.parametrize(
        ("text", "value"),
        [("true", True), ("1", True), ("on", True), ("TRUE", True), ("false", False), ("0", False), ("off", False)],
    )
    def test_says_a_boolean_in_words(self, house, send, text, value):
        answer = send(CREATE, house.body(is_active=text))

        assert answer.json["data"]["instance"]["is_active"] is value

    @pytest.mark.parametrize("text", ["yes", "2", "t", " true", "null"])
    def test_says_a_boolean_in_no_other_words(self, house, send, text):
        assert faults(send(CREATE, house.body(is_active=text))) == {"is_active": "wrong_type"}

    def test_means_null_by_an_empty_optional_field(self, house, send):
        body = house.body()
        full = {"description": "x", "criticality": 2, "is_active": False, "custom": {"a": 1}, "lifecycle": "planned"}
        instance = house.made("instances", {**body, **full, "tag_names": [house.tag()["name"]]})

        answer = send(f"{CREATE}/{instance['id']}", {**body, **dict.fromkeys(full, ""), "tag_names": ""}, method="PUT")

        changed = answer.json["data"]["instance"]
        assert [changed[field] for field in full] == [None, None, True, None, "active"]
        assert changed["tags"] == []

    def test_keeps_what_it_does_not_carry(self, house, send):
        body, tag = house.body(), house.tag()["name"]
        instance = house.made("instances", {**body, "description": "kept", "tag_names": [tag]})

        changed = send(f"{CREATE}/{instance['id']}", {**body, "port": "1"}, method="PUT").json["data"]["instance"]

        assert (changed["description"], [one["name"] for one in changed["tags"]]) == ("kept", [tag])

    def test_does_not_mean_null_by_an_empty_required_field(self, house, send):
        found = faults(send(CREATE, house.body(name="", port="", host="", db_type="")))

        assert set(found) == {"name", "port", "host", "db_type"}

    def test_is_refused_with_all_its_faults(self, house, send):
        found = faults(
            send(CREATE, house.body(port="1.5", owner=["a", "b"], custom="rack", external_ids="[]", colour="red"))
        )

        assert found == {
            "port": "wrong_type", "owner": "repeated", "custom": "wrong_type", "external_ids": "wrong_type",
            "colour": "unknown",
        }  # fmt: skip

    @pytest.mark.parametrize("verb", ["delete", "restore"])
    def test_gives_a_reason(self, house, send, verb):
        instance = house.instance()
        if verb == "restore":
            house.admin.post(f"{CREATE}/{instance['id']}/delete")

        assert send(f"{CREATE}/{instance['id']}/{verb}", {"reason": "由于 迁移"}).status_code == 200
        assert house.history(instance["id"])[0]["reason"] == "由于 迁移"


class TestTheCsrfToken:
    @pytest.fixture
    def bare(self, house):
        """Call as the administrator, without the header."""

        def call(path, **options):
            admin = house.admin
            return admin.client.post(path, base_url=admin.base_url, **options)

        return call

    def test_is_a_field_of_the_object(self, house, bare):
        answer = bare(CREATE, json=house.body(csrf_token=house.admin.token))

        assert answer.status_code == 201
        assert "csrf_token" not in str(house.history(answer.json["data"]["instance"]["id"]))

    @pytest.mark.parametrize("kind", [URLENCODED, MULTIPART])
    def test_is_a_field_of_the_form(self, house, bare, kind):
        answer = bare(CREATE, data=house.body(csrf_token=house.admin.token), content_type=kind)

        assert answer.status_code == 201

    @pytest.mark.parametrize("verb", ["delete", "restore"])
    def test_alone_makes_an_empty_payload(self, house, bare, verb):
        path = f"{CREATE}/{house.instance()['id']}/{verb}"

        assert bare(path, data={"csrf_token": house.admin.token}).status_code == 200
        assert bare(path, json={"csrf_token": house.admin.token}).status_code == 200

    def test_is_no_field_even_beside_the_header(self, house):
        assert house.admin.post(CREATE, house.body(csrf_token="anything")).status_code == 201

    def test_is_found_beside_a_file_which_is_then_refused_by_name(self, house, bare):
        files = {"owner": (io.BytesIO(b"\xff"), "owner.txt"), "rows": (io.BytesIO(b"\xff"), "rows.csv")}

        assert faults(
            bare(CREATE, data=house.body(csrf_token=house.admin.token, port="x", **files), content_type=MULTIPART)
        ) == {"owner": "no_file", "rows": "unknown", "port": "wrong_type"}


class TestAnEmptyBody:
    @pytest.mark.parametrize(
        "content_type",
        [
            None,
            "",
            "application/json",
            URLENCODED,
            MULTIPART,
            f"{MULTIPART}; boundary=x",
            "text/plain",
            "image/png",
            "x",
        ],
    )
    @pytest.mark.parametrize("verb", ["delete", "restore"])
    def test_is_an_empty_payload_whatever_its_type(self, house, verb, content_type):
        path = f"{CREATE}/{house.instance()['id']}/{verb}"

        assert house.admin.post(path, data=b"", content_type=content_type).status_code == 200

    def test_lacks_what_is_required(self, house):
        assert set(faults(house.admin.post(CREATE, data=b"", content_type="text/plain"))) == {
            "name", "db_type", "host", "port",
        }  # fmt: skip
