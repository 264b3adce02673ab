"""`DELETE /api/v1/tags/<id>?detach=true`: off all instances, each with its audit event."""

import pytest


class TestDetach:
    @pytest.fixture
    def used(self, house):
        """A tag on two instances, one of them in the bin, each with another tag beside it."""
        tag, other = house.tag(), house.tag()
        instances = [house.instance(tag_names=[tag["name"], other["name"]]) for _ in range(2)]
        house.admin.post(f"/api/v1/instances/{instances[1]['id']}/delete")
        return tag, other, instances

    def test_takes_the_tag_off_every_instance(self, house, used):
        tag, other, instances = used
        before = [house.detail(one["id"]) for one in instances]

        answer = house.as_role("dba").delete(f"/api/v1/tags/{tag['id']}?detach=true")

        assert answer.status_code == 200
        assert house.admin.get(f"/api/v1/tags/{tag['id']}").status_code == 404
        for was, one in zip(before, instances, strict=True):
            now = house.detail(one["id"])
            assert [row["name"] for row in now["tags"]] == [other["name"]]
            assert now["version"] == was["version"] + 1
            assert now["updated_at"] > was["updated_at"]

    def test_tells_it_in_the_history_of_each_instance(self, house, used):
        tag, other, instances = used

        house.as_role("dba").delete(f"/api/v1/tags/{tag['id']}?detach=true", headers={"X-Request-ID": "detach-1"})

        for one in instances:
            event = house.history(one["id"])[0]
            assert (event["action"], event["actor"]["username"]) == ("instance.update", "dba")
            assert event["request_id"] == "detach-1"
            (change,) = event["changes"]
            assert (change["field"], change["after"]) == ("tag_names", [other["name"]])
            assert sorted(change["before"]) == sorted([tag["name"], other["name"]])

    def test_is_not_done_unless_it_is_said(self, house, used):
        path = f"/api/v1/tags/{used[0]['id']}"

        assert house.admin.delete(path).status_code == 409
        assert house.admin.delete(f"{path}?detach=false").status_code == 409
        assert house.admin.delete(f"{path}?detach=").status_code == 400
        assert house.admin.get(path).json["data"]["tag"]["usage_count"] == 2

    def test_of_an_unused_tag_only_deletes_it(self, house):
        tag, rows = house.tag(), house.rows()

        assert house.admin.delete(f"/api/v1/tags/{tag['id']}?detach=1").status_code == 200
        after = house.rows()
        assert (after["tags"], after["audit_events"]) == (rows["tags"] - 1, rows["audit_events"] + 1)

    def test_is_for_those_who_may_delete(self, house, used):
        answer = house.as_role("operator").delete(f"/api/v1/tags/{used[0]['id']}?detach=true")

        assert (answer.status_code, answer.json["message_code"]) == (403, "PERMISSION_REQUIRED")

    def test_is_nothing_that_environments_know(self, house):
        environment = house.environment()

        assert house.admin.delete(f"/api/v1/environments/{environment['id']}?detach=true").status_code == 400


class TestARenaming:
    def test_is_seen_on_every_instance_at_once(self, house):
        tag = house.tag()
        instance = house.instance(tag_names=[tag["name"]])
        new = house.new_name("renamed")

        house.as_role("operator").put(f"/api/v1/tags/{tag['id']}", {"name": new, "color": "#000000"})

        assert house.detail(instance["id"])["tags"] == [{"id": tag["id"], "name": new, "color": "#000000"}]
