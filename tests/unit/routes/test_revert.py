"""`POST /audit-events/<id>/revert`: one change undone by a change of its own, with all rules of its kind."""

import pytest

from tests.support import pem
from tests.support.api import faults

INSTANCES = "/api/v1/instances"


@pytest.fixture
def newest(house):
    """Return the newest event of a thing."""

    def find(entity_type, entity_id):
        query = {"entity_type": entity_type, "entity_id": entity_id, "limit": 1}
        return house.admin.get("/api/v1/audit-events", query_string=query).json["data"]["items"][0]

    return find


@pytest.fixture
def revert(house):
    def undo(event, role="admin", **body):
        return house.as_role(role).post(f"/api/v1/audit-events/{event['id']}/revert", body)

    return undo


@pytest.fixture
def changed(house, newest):
    """An instance of which everything was changed at once, before and after, with the event of that."""
    fields = {
        "tag_names": [house.tag()["name"]],
        "credential_id": house.credential()["id"],
        "cluster_id": house.cluster()["id"],
        "environment": house.environment()["key"],
        "external_ids": {"cmdb": house.new_name()},
        "custom": {"rack": "B12", "units": 2, "ssd": True},
        "muted_until": "2031-05-01T12:00:00+00:00",
        "criticality": 2,
        "owner": "payments",
        "admin_credential_id": house.credential()["id"],
        "tls_mode": "verify-full",
        "tls_ca": pem.authority(),
        "tls_client_cert": pem.client()[0],
        "tls_legacy": True,
        "connect_timeout_ms": 1000,
        "statement_timeout_ms": 2000,
        "deadline_ms": 30_000,
    }
    before = house.instance(**fields)
    body = {**house.body(), "lifecycle": "retired", "criticality": 3}
    cleared = {name: None for name in fields if name != "criticality"}
    after = house.admin.put(f"{INSTANCES}/{before['id']}", {**body, **cleared}).json["data"]["instance"]
    return before, after, newest("instance", before["id"])


MOVES = {"updated_at", "version"}


def without(instance, *names):
    return {name: value for name, value in instance.items() if name not in {*MOVES, *names}}


class TestAChangeOfAnInstance:
    def test_is_undone_field_by_field_and_told_as_a_change(self, house, changed, revert, newest):
        before, after, event = changed
        assert len(event["changes"]) == 21

        answer = revert(event, reason="wrong host")

        assert answer.status_code == 200, answer.json
        now = house.detail(before["id"])
        assert without(now) == without(before)
        assert now["version"] == after["version"] + 1
        undone = answer.json["data"]["audit_event"]
        assert undone == newest("instance", before["id"])
        assert (undone["reverts_id"], undone["reason"]) == (event["id"], "wrong host")
        pairs = {change["field"]: (change["before"], change["after"]) for change in event["changes"]}
        assert {change["field"]: (change["after"], change["before"]) for change in undone["changes"]} == pairs

    def test_can_be_undone_and_undone_again(self, house, changed, revert):
        before, after, event = changed

        undone = revert(event).json["data"]["audit_event"]
        assert revert(undone).status_code == 200

        assert without(house.detail(before["id"])) == without(after)

    def test_that_is_undone_already_changes_nothing(self, house, changed, revert):
        _, _, event = changed
        revert(event)
        rows = house.rows()

        again = revert(event)

        assert (again.status_code, again.json["data"], house.rows()) == (200, {"audit_event": None}, rows)

    def test_leaves_other_fields_as_they_are_by_now(self, house, revert, newest):
        body = house.body(owner="a", contact="b")
        made = house.made("instances", body)
        path = f"{INSTANCES}/{made['id']}"
        house.admin.put(path, {**body, "owner": "x"})
        event = newest("instance", made["id"])
        house.admin.put(path, {**body, "owner": "x", "contact": "y", "port": 1})

        assert revert(event, role="operator").status_code == 200

        now = house.detail(made["id"])
        assert (now["owner"], now["contact"], now["port"]) == ("a", "y", 1)

    def test_is_refused_when_fields_have_changed_since_unless_forced(self, house, revert, newest):
        body = house.body(owner="a", contact="b")
        made = house.made("instances", body)
        house.admin.put(f"{INSTANCES}/{made['id']}", {**body, "owner": "x", "contact": "y"})
        event = newest("instance", made["id"])
        house.admin.put(f"{INSTANCES}/{made['id']}", {**body, "owner": "z", "contact": "y"})
        rows = house.rows()

        refused = revert(event)
        assert (refused.status_code, refused.json["extra"]["reason"]) == (409, "audit.changed_since")
        assert refused.json["extra"]["fields"] == [{"field": "owner", "before": "a", "after": "x", "now": "z"}]
        assert house.rows() == rows

        assert revert(event, force=True).status_code == 200
        now = house.detail(made["id"])
        assert (now["owner"], now["contact"]) == ("a", "b")

    def test_that_refers_to_what_is_gone_names_the_field(self, house, changed, revert):
        before, _, event = changed
        house.admin.delete(f"/api/v1/clusters/{before['cluster_id']}")
        house.admin.delete(f"/api/v1/tags/{before['tags'][0]['id']}")

        assert faults(revert(event)) == {"cluster_id": "unknown_reference", "tag_names.0": "unknown_reference"}

    def test_keeps_to_the_bindings_of_the_credential(self, house, changed, revert):
        before, _, event = changed
        credential = house.admin.get(f"/api/v1/credentials/{before['credential_id']}").json["data"]["credential"]
        keep = {name: credential[name] for name in ("name", "username")}
        house.admin.put(f"/api/v1/credentials/{credential['id']}", {**keep, "bindings": {"endpoints": []}})

        answer = revert(event, role="operator")

        assert (answer.status_code, answer.json["message_code"]) == (403, "CREDENTIAL_NOT_BOUND")

    def test_is_not_undone_in_the_bin(self, house, changed, revert):
        before, _, event = changed
        house.admin.post(f"{INSTANCES}/{before['id']}/delete")

        answer = revert(event)

        assert (answer.status_code, answer.json["extra"]["reason"]) == (404, "instance.in_bin")

    def test_costs_what_is_pinned(self, house, changed, newest, statements):
        before, _, event = changed
        house.admin.patch(f"{INSTANCES}/{before['id']}", {"owner": "x"})
        small = newest("instance", before["id"])
        taken = []
        for one in (small, event):
            with statements() as found:
                path = f"/api/v1/audit-events/{one['id']}/revert"
                assert house.admin.post(path, {"force": True}).status_code == 200
            taken.append(len(found))

        assert taken == [7, 12]  # tags, environment, cluster and their links make the difference


class TestTheRecycleBin:
    def test_is_left_again_when_a_deletion_is_undone_and_entered_when_a_restoration_is(self, house, revert, newest):
        made = house.instance()
        house.admin.post(f"{INSTANCES}/{made['id']}/delete", {"reason": "old"})
        deletion = newest("instance", made["id"])

        assert revert(deletion, role="operator", reason="too early").status_code == 200
        restoration = newest("instance", made["id"])
        assert (restoration["action"], restoration["reason"]) == ("instance.restore", "too early")
        assert without(house.detail(made["id"])) == without(made)

        denied = revert(restoration, role="operator")
        assert (denied.status_code, denied.json["extra"]["action"]) == (403, "delete")
        assert revert(restoration, reason="after all").status_code == 200
        assert house.detail(made["id"])["delete_reason"] == "after all"
        again = revert(deletion)
        assert again.json["extra"]["reason"] == "audit.changed_since"  # it was deleted at another time by now


class TestOtherKinds:
    @pytest.mark.parametrize(
        ("kind", "change"),
        [
            ("tag", {"name": "renamed-tag", "color": "#1677ff"}),
            ("environment", {"key": "renamed-env", "is_production": True, "position": 77}),
            ("cluster", {"name": "renamed-cluster", "kind": "patroni", "description": "x"}),
            ("credential", {"name": "renamed-login", "username": "other", "bindings": {"hosts": ["a.example.com"]}}),
        ],
    )
    def test_are_undone_alike(self, house, revert, newest, kind, change):
        before = getattr(house, kind)()
        path = f"/api/v1/{kind}s/{before['id']}"
        assert house.admin.put(path, change).status_code == 200
        event = newest(kind, before["id"])
        denied = revert(event, role="viewer" if kind != "credential" else "operator")

        answer = revert(event)

        assert denied.status_code == 403
        assert answer.json["data"]["audit_event"]["reverts_id"] == event["id"]
        assert without(house.admin.get(path).json["data"][kind]) == without(before)

    def test_lose_an_endpoint_that_was_bound(self, house, revert, newest):
        login = house.credential(bindings={"endpoints": [{"db_type": "mysql", "host": "::1", "port": 1}]})
        house.instance(host="2001:db8::7", credential_id=login["id"])
        bound = newest("credential", login["id"])
        assert bound["action"] == "credential.bind"

        assert revert(bound).status_code == 200

        shown = house.admin.get(f"/api/v1/credentials/{login['id']}").json["data"]["credential"]
        [endpoint] = shown["bindings"]["endpoints"]
        assert (endpoint["host"], endpoint["port"]) == ("::1", 1)


class TestWhatCannotBeUndone:
    def test_is_told(self, house, revert, newest):
        tag, login, instance = house.tag(), house.credential(), house.instance()
        events = [newest("tag", tag["id"]), newest("instance", instance["id"])]
        keep = {"name": login["name"], "username": login["username"]}
        house.admin.put(f"/api/v1/credentials/{login['id']}", {**keep, "password": "another", "description": "x"})
        events.append(newest("credential", login["id"]))
        house.admin.delete(f"/api/v1/tags/{tag['id']}")
        events.append(newest("tag", tag["id"]))
        house.admin.post(f"{INSTANCES}/{instance['id']}/delete")
        house.admin.post(f"{INSTANCES}/{instance['id']}/purge")
        events.append(newest("instance", instance["id"]))

        answers = [revert(event, force=True) for event in events]

        assert {(answer.status_code, answer.json["extra"]["reason"]) for answer in answers} == {
            (409, "audit.not_revertible")
        }

    def test_is_an_event_or_a_thing_that_is_gone(self, house, revert, newest):
        tag = house.tag()
        house.admin.put(f"/api/v1/tags/{tag['id']}", {"name": house.new_name()})
        event = newest("tag", tag["id"])
        house.admin.delete(f"/api/v1/tags/{tag['id']}")

        answers = [revert(event), revert({"id": 10**9})]

        assert [answer.json["extra"]["reason"] for answer in answers] == ["tag.not_found", "audit.not_found"]
