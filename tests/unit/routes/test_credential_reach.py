"""What lies within each binding of a credential, and which of its instances lie within none."""

import pytest

PATH = "/api/v1/credentials"
RULES = {
    "hosts": ["DB1.example.com.", "gone.example.com"],
    "suffixes": [".prod.example.com"],
    "networks": ["10.1.0.0/16", "fd00:10::/64"],
    "engines": ["postgresql", "oracle"],
}
NOWHERE = {
    "hosts": [],
    "suffixes": [],
    "networks": [],
    "engines": [],
    "endpoints": [],
    "outside_count": 0,
    "outside": [],
}


@pytest.fixture
def reach(house):
    def ask(credential, role="viewer"):
        answer = house.as_role(role).get(f"{PATH}/{credential['id']}/reach")
        assert answer.status_code == 200, answer.json
        return answer.json["data"]["reach"]

    return ask


def counts(places):
    return {one["value"]: one["instance_count"] for one in places}


class TestTheReachOfACredential:
    def test_counts_what_lies_within_each_binding_as_the_guard_would(self, house, reach):
        credential = house.credential(bindings=RULES)
        for host in ("db1.example.com", "a.prod.example.com", "::ffff:10.1.4.20", "fd00:10::0a"):
            house.instance(host=host, credential_id=credential["id"])
        mysql = house.instance(host="b.prod.example.com", db_type="mysql", credential_id=credential["id"], port=3307)
        house.instance(host="c.prod.example.com")  # another one's

        shown = reach(credential)

        assert counts(shown["hosts"]) == {"DB1.example.com.": 1, "gone.example.com": 0}
        assert counts(shown["suffixes"]) == {".prod.example.com": 1}
        assert counts(shown["networks"]) == {"10.1.0.0/16": 1, "fd00:10::/64": 1}
        assert counts(shown["engines"]) == {"postgresql": 4, "oracle": 0}
        [exact] = shown["endpoints"]
        assert exact == {"db_type": "mysql", "host": mysql["host"], "port": 3307, "instance_count": 1}
        assert (shown["outside_count"], shown["outside"]) == (0, [])

    def test_shows_a_place_that_an_instance_has_left_and_counts_the_bin(self, house, reach):
        credential = house.credential()
        instance = house.instance(host="old.example.com", credential_id=credential["id"])
        moved = house.admin.patch(f"/api/v1/instances/{instance['id']}", {"host": "new.example.com"})
        house.admin.post(f"/api/v1/instances/{instance['id']}/delete")

        shown = reach(credential)

        assert moved.status_code == 200
        assert [(one["host"], one["instance_count"]) for one in shown["endpoints"]] == [
            ("new.example.com", 1),
            ("old.example.com", 0),
        ]

    def test_names_what_lies_within_none(self, house, reach):
        credential = house.credential(bindings={"suffixes": [".example.com"]})
        instance = house.instance(host="left.example.com", admin_credential_id=credential["id"])
        narrowed = {"bindings": {"suffixes": [".example.org"]}}
        assert house.admin.patch(f"{PATH}/{credential['id']}", narrowed).status_code == 200

        shown = reach(credential)

        assert shown["outside_count"] == 1
        assert shown["outside"] == [{"id": instance["id"], "name": instance["name"], "in_bin": False}]

    def test_counts_within_a_binding_only_what_has_the_tls_that_it_asks_for(self, house, reach):
        credential = house.credential(bindings={"hosts": ["db1.example.com"]})
        instance = house.instance(host="db1.example.com", tls_mode="disable", credential_id=credential["id"])
        as_bound = reach(credential)
        path, rule = f"{PATH}/{credential['id']}", {"hosts": ["db1.example.com"], "endpoints": []}
        assert house.admin.patch(path, {"bindings": rule}).status_code == 200

        by_rule_alone = reach(credential)

        assert counts(as_bound["hosts"]) == {"db1.example.com": 0}
        assert [one["instance_count"] for one in as_bound["endpoints"]] == [1]
        assert as_bound["outside_count"] == 0
        assert [one["name"] for one in by_rule_alone["outside"]] == [instance["name"]]

    def test_of_one_that_is_bound_to_nothing_is_nothing(self, house, reach):
        assert reach(house.credential()) == NOWHERE

    def test_is_404_where_there_is_none(self, house):
        assert house.admin.get(f"{PATH}/999999/reach").status_code == 404
