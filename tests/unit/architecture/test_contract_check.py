"""What holds the answers of all tests against the document has to see what is wrong with one."""

import httpx
import orjson
import pytest

from tests.support import contract

TAG = {
    "id": 1,
    "name": "payments",
    "color": None,
    "description": None,
    "usage_count": 0,
    "version": 3,
    "created_at": "2027-01-31T00:00:00+00:00",
    "updated_at": "2027-01-31T00:00:00+00:00",
}
SHOWN = {"success": True, "error": False, "message": "…", "timestamp": "2027-01-31T00:00:00+00:00"}
ETAG = {"ETag": '"3"', "Content-Type": "application/json"}


def answer(method="GET", path="/tags/1", status=200, headers=ETAG, data=None, body=None):
    request = httpx.Request(method, f"http://127.0.0.1/api/v1{path}")
    content = orjson.dumps({**SHOWN, "data": data or {"tag": TAG}}) if body is None else body
    return httpx.Response(status, headers=headers, content=content, request=request)


class TestAnAnswer:
    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"method": "PUT"},
            {"method": "PUT", "path": "/tags/1?dry_run=true", "headers": {"Content-Type": "application/json"}},
            {"method": "POST", "path": "/tags", "status": 201, "headers": {**ETAG, "Location": "/api/v1/tags/1"}},
            {"method": "HEAD", "body": b""},
            {"path": "/instances/export", "headers": {"Content-Type": "text/csv; charset=utf-8"}, "body": b"name"},
            {"path": "/instances/export", "headers": {"Content-Type": "application/json"}, "body": b"[]"},
            {"path": "/nowhere", "status": 200, "headers": {}, "body": b"", "method": "OPTIONS"},
        ],
    )
    def test_as_documented_passes(self, fields):
        contract.check(answer(**fields))

    @pytest.mark.parametrize(
        "fields",
        [
            {"status": 418},
            {"path": "/nowhere"},
            {"headers": {"Content-Type": "application/json"}},
            {"headers": {**ETAG, "ETag": "3"}},
            {"headers": {**ETAG, "Content-Type": "text/html"}},
            {"headers": {**ETAG, "Location": "/api/v1/tags/1"}},
            {"path": "/tags"},
            {"data": {"tag": {**TAG, "version": "3"}}},
            {"method": "PUT", "headers": {"Content-Type": "application/json"}},
            {"method": "POST", "path": "/tags", "status": 201},
            {"method": "HEAD"},
        ],
    )
    def test_that_is_not_fails(self, fields):
        with pytest.raises((AssertionError, ValueError)):
            contract.check(answer(**fields))


class TestTheDocument:
    def test_promises_the_version_of_each_single_thing_that_is_read(self):
        promised = {
            operation["operationId"]
            for path in contract.document()["paths"].values()
            for verb, operation in path.items()
            if verb == "get" and "ETag" in operation["responses"]["200"].get("headers", {})
        }

        assert promised >= {
            "getInstance",
            "getInstanceByName",
            "getTag",
            "getEnvironment",
            "getCluster",
            "getCredential",
        }

    @pytest.mark.parametrize("name", ["purgeInstance", "deleteTag", "listTags"])
    def test_promises_none_where_nothing_has_a_version(self, name):
        operations = [one for path in contract.document()["paths"].values() for one in path.values()]
        described = next(one for one in operations if one["operationId"] == name)

        assert "ETag" not in described["responses"]["200"].get("headers", {})
