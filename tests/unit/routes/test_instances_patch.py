"""PATCH, DELETE, purge and the upsert by name."""

import pytest

from app.domain.access.permissions import ROLES, may
from tests.support.api import faults

INSTANCES = "/api/v1/instances"


@pytest.fixture
def patch(house):
    def patch(row, **fields):
        answer = house.admin.patch(f"{INSTANCES}/{row['id']}", fields)
        assert answer.status_code == 200, answer.json
        return answer.json["data"]["instance"]

    return patch


class TestPatch:
    def test_changes_what_is_given_and_nothing_else(self, house, patch):
        row = house.instance(description="old", owner="ann", criticality=2)

        shown = patch(row, description=None, port=6432)

        kept = {name: row[name] for name in row.keys() - {"description", "port", "version", "updated_at"}}
        assert {name: shown[name] for name in kept} == kept
        assert (shown["description"], shown["port"], shown["version"]) == (None, 6432, 2)

    def test_merges_objects_member_by_member(self, house, patch):
        row = house.instance(
            custom={"rack": "B12", "u": 4}, external_ids={"cmdb": house.new_name(), "itsm": house.new_name()}
        )

        shown = patch(row, custom={"rack": None, "row": 7}, external_ids={"itsm": None})

        assert shown["custom"] == {"u": 4, "row": 7}
        assert shown["external_ids"] == {"cmdb": row["external_ids"]["cmdb"]}
        assert patch(row, custom=None)["custom"] is None

    def test_adds_and_takes_off_tags(self, house, patch):
        first, second, third = (house.tag()["name"] for _ in range(3))
        row = house.instance(tag_names=[first, second])

        shown = patch(row, add_tags=[third, first], remove_tags=[second])

        assert [tag["name"] for tag in shown["tags"]] == sorted([first, third])
        assert patch(row, add_tags=[first], remove_tags=[second])["version"] == shown["version"]
        assert [change["field"] for change in house.history(row["id"])[0]["changes"]] == ["tag_names"]

    def test_names_every_fault_at_once(self, house):
        tag = house.tag()["name"]
        body = {"name": None, "tag_names": [tag], "add_tags": [tag], "remove_tags": ["nobody"], "port": 0}

        answer = house.admin.patch(f"{INSTANCES}/{house.instance()['id']}", body)
        sound = house.admin.patch(
            f"{INSTANCES}/{house.instance()['id']}", {**body, "name": house.new_name(), "port": 1}
        )

        assert {"name": "wrong_type", "port": "out_of_range"}.items() <= faults(answer).items()
        assert faults(sound) == {"tag_names": "tags_in_two_ways", "remove_tags.0": "unknown_reference"}

    @pytest.mark.parametrize("more", ["add_tags", "remove_tags"])
    def test_does_not_clear_the_tags_and_change_them_at_once(self, house, more):
        tag = house.tag()["name"]

        answer = house.admin.patch(f"{INSTANCES}/{house.instance()['id']}", {"tag_names": None, more: [tag]})

        assert faults(answer) == {"tag_names": "tags_in_two_ways"}

    def test_refuses_more_than_an_instance_holds(self, house):
        row = house.instance(custom={f"k{number}": number for number in range(30)})

        answer = house.admin.patch(f"{INSTANCES}/{row['id']}", {"custom": {"a": 1, "b": 2, "c": 3}})

        assert faults(answer) == {"custom": "too_many"}

    def test_keeps_the_rules_of_an_update(self, house):
        taken, credential = house.instance(), house.credential()
        row = house.instance(lifecycle="retired")
        operator = house.as_role("operator")

        assert house.admin.patch(f"{INSTANCES}/{row['id']}", {"name": taken["name"]}).status_code == 409
        assert faults(house.admin.patch(f"{INSTANCES}/{row['id']}", {"is_active": True})) == {
            "is_active": "retired_is_inactive"
        }
        assert operator.patch(f"{INSTANCES}/{row['id']}", {"credential_id": credential["id"]}).status_code == 403

    def test_takes_json_merge_patch_by_its_own_name(self, house):
        row = house.instance()
        headers = {"Content-Type": "application/merge-patch+json"}

        answer = house.admin.call("PATCH", f"{INSTANCES}/{row['id']}", headers=headers, data=b'{"port": 1}')

        assert answer.json["data"]["instance"]["port"] == 1


class TestDeleteAndPurge:
    def test_delete_is_what_the_post_does(self, house):
        row = house.instance()

        answer = house.admin.delete(f"{INSTANCES}/{row['id']}", {"reason": "gone"})
        shown = house.detail(row["id"])

        assert answer.json["data"]["deletion_mode"] == "soft"
        assert (shown["status"], shown["delete_reason"]) == ("deleted", "gone")

    def test_purge_takes_only_from_the_bin_and_leaves_the_trail(self, house):
        row = house.instance(tag_names=[house.tag()["name"]], external_ids={"cmdb": house.new_name()})
        path = f"{INSTANCES}/{row['id']}"
        early = house.admin.post(f"{path}/purge", {})
        house.admin.delete(path)

        done = house.admin.post(f"{path}/purge", {"reason": "sold"})

        assert (early.status_code, early.json["extra"]["reason"]) == (409, "instance.not_in_bin")
        assert (done.status_code, done.json["data"]) == (200, None)
        assert house.admin.get(f"{path}?include_deleted=true").status_code == 404
        assert house.admin.post(f"{path}/purge", {}).status_code == 404
        assert house.instance(name=row["name"])["id"] != row["id"]

    def test_purge_is_for_administrators(self, house):
        row = house.instance()
        house.admin.delete(f"{INSTANCES}/{row['id']}")

        answers = {role: house.as_role(role).post(f"{INSTANCES}/{row['id']}/purge", {}).status_code for role in ROLES}

        assert answers == {role: 200 if may(role, "purge") else 403 for role in ROLES}


class TestByName:
    def put(self, house, name, **fields):
        body = house.body(**fields)
        return house.admin.put(f"{INSTANCES}/by-name/{name}", {key: body[key] for key in body if key != "name"})

    def test_registers_changes_and_leaves_alone(self, house):
        name = house.new_name("订单")

        made = self.put(house, name, host="a.example.com")
        same = self.put(house, name, host="a.example.com")
        other = self.put(house, name, host="b.example.com")

        assert [one.status_code for one in (made, same, other)] == [201, 200, 200]
        assert [one.headers["ETag"] for one in (made, same, other)] == ['"1"', '"1"', '"2"']
        row = made.json["data"]["instance"]
        assert made.headers["Location"] == f"{INSTANCES}/{row['id']}"
        assert [event["action"] for event in house.history(row["id"])] == ["instance.update", "instance.create"]

    def test_says_what_is_wrong_with_the_name(self, house):
        body = house.body()

        other = house.admin.put(f"{INSTANCES}/by-name/orders-77", body)
        strange = house.admin.put(f"{INSTANCES}/by-name/a%20b", {**body, "name": "a b"})

        assert faults(other) == {"name": "differs_from_path"}
        assert faults(strange) == {"name": "invalid_format"}

    def test_does_not_raise_the_dead(self, house):
        row = house.instance()
        house.admin.delete(f"{INSTANCES}/{row['id']}")

        answer = self.put(house, row["name"])

        assert (answer.status_code, answer.json["extra"]["holder"]) == (409, {"id": row["id"], "in_bin": True})

    def test_with_a_version_never_registers(self, house):
        body = house.body()

        answer = house.admin.put(f"{INSTANCES}/by-name/{body['name']}", body, headers={"If-Match": '"1"'})

        assert (answer.status_code, answer.json["extra"]["current_version"]) == (412, None)

    def test_reads(self, house):
        row = house.instance()

        assert house.admin.get(f"{INSTANCES}/by-name/{row['name']}").json["data"]["instance"] == row
        assert house.admin.get(f"{INSTANCES}/by-name/nobody").status_code == 404

    def test_asks_for_one_action_because_whoever_changes_may_register(self):
        assert [role for role in ROLES if may(role, "update") and not may(role, "create")] == []
