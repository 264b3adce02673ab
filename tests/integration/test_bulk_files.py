"""Import and export through a real server: pieces that its threads send, and a reader that goes away."""

import httpx

from tests.support.server import HttpCaller

ROWS = 3000


def test_an_export_of_thousands_comes_whole_and_goes_back_unchanged(server):
    with httpx.Client(base_url=server.url, trust_env=False, timeout=60) as client:
        caller = HttpCaller(client).log_in("admin")
        operations = [
            {
                "op": "create",
                "data": {"name": f"n{n}", "db_type": "mysql", "host": f"h{n}", "port": 1, "owner": "=x" * 20},
            }
            for n in range(ROWS)
        ]
        made = caller.post("/api/v1/instances/batch", {"operations": operations})
        assert made.status_code == 200, made.text

        for _ in range(20):  # more than there are connections: a reader who leaves must give his back
            with client.stream("GET", "/api/v1/instances/export?format=json") as answer:
                next(answer.iter_raw())
        exported = client.get("/api/v1/instances/export?format=csv")
        told = client.post(
            "/api/v1/instances/import?dry_run=true",
            files={"file": ("x.csv", exported.content)},
            headers={"X-CSRFToken": caller.token},
        )

        assert exported.headers.get("content-length") is None
        assert told.json()["data"]["import"]["summary"]["unchanged"] == ROWS
