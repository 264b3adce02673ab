"""A version that the caller has seen protects what others have written since."""

import pytest

from tests.support.api import faults

THINGS = ("instance", "tag", "environment", "cluster", "credential")


def path_of(thing, row):
    return f"/api/v1/{thing}s/{row['id']}"


@pytest.mark.parametrize("thing", THINGS)
class TestTheVersionOfAThing:
    def body(self, thing, house):
        return {
            "instance": house.body,
            "tag": lambda: {"name": house.new_name("tag")},
            "environment": lambda: {"key": house.new_name("env")},
            "cluster": lambda: {"name": house.new_name("cluster"), "kind": "galera"},
            "credential": lambda: {"name": house.new_name("login"), "username": "muster"},
        }[thing]()

    def test_is_the_etag_of_reads_and_writes(self, house, thing):
        made = house.admin.post(f"/api/v1/{thing}s", {**self.body(thing, house), **self.secret(thing)})
        path = path_of(thing, made.json["data"][thing])

        changed = house.admin.put(path, self.body(thing, house))

        assert made.headers["ETag"] == '"1"'
        assert changed.headers["ETag"] == '"2"'
        assert house.admin.get(path).headers["ETag"] == '"2"'

    @staticmethod
    def secret(thing):
        return {"password": "s3cret-of-the-database"} if thing == "credential" else {}

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
    def test_lets_one_write_pass_and_no_second_one(self, house, thing, method):
        row = getattr(house, thing)()
        path, body = path_of(thing, row), None if method == "DELETE" else self.body(thing, house)
        house.admin.put(path, self.body(thing, house))
        rows = house.rows()

        late = house.admin.call(method, path, body, headers={"If-Match": '"1"'})

        assert (late.status_code, late.json["message_code"]) == (412, "PRECONDITION_FAILED")
        assert (late.json["category"], late.json["severity"]) == ("business", "medium")
        assert late.json["extra"]["current_version"] == 2
        assert house.rows() == rows
        assert house.admin.call(method, path, body, headers={"If-Match": '"2"'}).status_code == 200

    def test_comes_before_the_rule_that_no_change_writes_nothing(self, house, thing):
        row = getattr(house, thing)()

        answer = house.admin.patch(path_of(thing, row), {}, headers={"If-Match": '"7"'})

        assert (answer.status_code, answer.json["extra"]["current_version"]) == (412, 1)


class TestIfMatch:
    @pytest.mark.parametrize("value", ['"1"', 'W/"1"', '"7", "1"', "*"])
    def test_takes_what_http_knows(self, house, value):
        row = house.instance()

        answer = house.admin.patch(path_of("instance", row), {"port": 1}, headers={"If-Match": value})

        assert answer.status_code == 200

    def test_of_a_foreign_tag_fails(self, house):
        answer = house.admin.patch(path_of("instance", house.instance()), {}, headers={"If-Match": '"abc"'})

        assert answer.status_code == 412

    @pytest.mark.parametrize("value", ["1", '"1', "W/1", '"1" "2"', ""])
    def test_that_is_malformed_is_told_with_the_faults_of_the_body(self, house, value):
        answer = house.admin.patch(path_of("instance", house.instance()), {"port": 0}, headers={"If-Match": value})

        assert faults(answer) == {"port": "out_of_range", "If-Match": "invalid_etag"}

    def test_is_refused_where_nothing_has_a_version(self, house):
        answer = house.admin.post("/api/v1/instances", house.body(), headers={"If-Match": '"1"'})

        assert faults(answer) == {"If-Match": "header_not_taken"}

    @pytest.mark.parametrize("value", ["*", '"7"'])
    def test_is_met_by_nothing_where_nothing_is(self, house, value):
        """RFC 9110: `*` fails where there is no current representation."""
        name, rows = house.new_name(), house.rows()

        answer = house.admin.put(
            f"/api/v1/instances/by-name/{name}", house.body(name=name), headers={"If-Match": value}
        )

        assert (answer.status_code, answer.json["message_code"]) == (412, "PRECONDITION_FAILED")
        assert answer.json["extra"] == {"current_version": None, "reason": "error.nothing_to_match"}
        assert name in answer.json["message"]
        assert house.rows() == rows

    @pytest.mark.parametrize("verb", ["delete", "restore", "purge"])
    def test_guards_the_recycle_bin(self, house, verb):
        row = house.instance()
        if verb != "delete":
            deleted = house.admin.delete(path_of("instance", row))
            assert deleted.headers["ETag"] == '"2"'
        seen = '"1"' if verb == "delete" else '"2"'

        late = house.admin.post(f"{path_of('instance', row)}/{verb}", {}, headers={"If-Match": '"9"'})
        fresh = house.admin.post(f"{path_of('instance', row)}/{verb}", {}, headers={"If-Match": seen})

        assert (late.status_code, fresh.status_code) == (412, 200)

    def test_sees_an_endpoint_that_was_bound_since(self, house):
        credential = house.credential()
        path = path_of("credential", credential)
        house.instance(credential_id=credential["id"])

        answer = house.admin.patch(path, {"bindings": {"endpoints": None}}, headers={"If-Match": '"1"'})

        assert answer.json["extra"] == {"current_version": 2, "reason": "error.version_changed"}
        assert house.admin.get(path).headers["ETag"] == '"2"'
