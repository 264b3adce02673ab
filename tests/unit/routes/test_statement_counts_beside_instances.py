"""How many SQL statements files, users, tokens and what instances refer to cost: BEGIN and COMMIT not counted.

The numbers are pinned as they are, so that one more is noticed.
"""

import io
from datetime import timedelta

import pytest

from app.core import clock

API = "/api/v1"
PASSWORD = "a password of some length"


class TestFiles:
    @pytest.mark.parametrize("rows", [2, 200])
    def test_cost_the_same_for_any_number_of_rows(self, house, count, rows):
        owner = house.new_name("owner")
        names = [house.new_name("row") for _ in range(rows)]

        def take_in(query: str, port: int) -> int:
            lines = "".join(f"{name},mysql,{name}.example.com,{port},{owner}\n" for name in names)
            file = (io.BytesIO(f"name,db_type,host,port,owner\n{lines}".encode()), "x.csv")
            return count("dba", "POST", f"{API}/instances/import{query}", data={"file": file})

        rehearsed, inserted = take_in("?dry_run=true", 1), take_in("", 1)
        unchanged, updated = take_in("", 1), take_in("", 2)
        exported = count("viewer", "GET", f"{API}/instances/export?owner={owner}")

        assert (rehearsed, inserted, unchanged, updated, exported) == (5, 9, 5, 9, 2)


class TestUsers:
    def test_cost(self, house, count):
        user = house.made("users", {"username": house.new_name("user"), "password": PASSWORD, "role": "dba"})
        path, body = f"{API}/users", {"username": house.new_name("user"), "password": PASSWORD, "role": "dba"}

        taken = {
            "list": count("admin", "GET", path),
            "create": count("admin", "POST", path, body, 201),
            "read": count("admin", "GET", f"{path}/{user['id']}"),
            "update": count("admin", "PUT", f"{path}/{user['id']}", {"role": "viewer"}),
            "disable": count("admin", "POST", f"{path}/{user['id']}/disable"),
            "enable": count("admin", "POST", f"{path}/{user['id']}/enable"),
        }

        assert taken == {"list": 3, "create": 4, "read": 2, "update": 5, "disable": 8, "enable": 5}


class TestTokens:
    def test_cost(self, house, count):
        body = {"name": house.new_name("token"), "expires_at": (clock.now() + timedelta(days=1)).isoformat()}
        made = house.admin.post(f"{API}/tokens", body).json["data"]["token"]
        path = f"{API}/tokens"

        taken = {
            "list": count("admin", "GET", path),
            "create": count("admin", "POST", path, {**body, "name": house.new_name("token")}, 201),
            "read": count("admin", "GET", f"{path}/{made['id']}"),
            "revoke": count("admin", "DELETE", f"{path}/{made['id']}"),
        }

        assert taken == {"list": 3, "create": 5, "read": 2, "revoke": 5}


BODIES = {
    "tag": lambda house: {"name": house.new_name("tag"), "description": "x"},
    "environment": lambda house: {"key": house.new_name("env"), "name": "x"},
    "cluster": lambda house: {"name": house.new_name("cluster"), "kind": "galera"},
    "credential": lambda house: {"name": house.new_name("login"), "username": "u", "password": "s3cret-of-a-login"},
}

PINNED = {
    "tag": {"list": 4, "create": 5, "update": 6, "refused": 3, "delete": 5},
    "environment": {"list": 4, "create": 6, "update": 6, "refused": 3, "delete": 5},
    "cluster": {"list": 4, "create": 5, "update": 6, "refused": 3, "delete": 5},
    "credential": {"list": 5, "create": 7, "update": 10, "refused": 3, "delete": 6},
}


class TestWhatInstancesReferTo:
    @pytest.mark.parametrize("thing", BODIES)
    def test_costs(self, house, count, thing):
        path, row = f"{API}/{thing}s", getattr(house, thing)()
        used = getattr(house, thing)()
        refers = {"tag": {"tag_names": [used.get("name")]}, "environment": {"environment": used.get("key")}}
        house.instance(**refers.get(thing, {f"{thing}_id": used["id"]}))

        taken = {
            "list": count("viewer", "GET", path) if thing != "credential" else count("dba", "GET", path),
            "create": count("admin", "POST", path, BODIES[thing](house), 201),
            "update": count("admin", "PUT", f"{path}/{row['id']}", BODIES[thing](house)),
            "refused": count("admin", "DELETE", f"{path}/{used['id']}", status=409),
            "delete": count("admin", "DELETE", f"{path}/{row['id']}"),
        }

        assert taken == PINNED[thing]
