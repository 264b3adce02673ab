"""Many writes at once tell which credentials they bind where, before and after, as a single one does."""

import io

import pytest

BATCH, IMPORT = "/api/v1/instances/batch", "/api/v1/instances/import"
CODE = "credential.newly_bound"


def told(answer):
    assert answer.status_code == 200, answer.json
    return [(one["code"], one["message"]) for one in (answer.json.get("meta") or {}).get("warnings", [])]


@pytest.fixture
def ask(house):
    def post(path, body, **options):
        return house.admin.post(path, body, headers={"Accept-Language": "en"}, **options)

    return post


def creations(house, credential, hosts):
    bodies = [house.body(host=host, credential_id=credential["id"]) for host in hosts]
    return {"operations": [{"op": "create", "data": body} for body in bodies]}


class TestABatch:
    @pytest.mark.parametrize("query", ["?dry_run=true", ""])
    def test_names_each_endpoint_once(self, house, ask, query):
        credential = house.credential()
        body = creations(house, credential, ["db7.example.com", "db8.example.com", "DB8.example.com"])

        warnings = told(ask(f"{BATCH}{query}", body))

        assert [code for code, _ in warnings] == [CODE, CODE]
        assert f"binds the credential {credential['name']} to postgresql db7.example.com:5432" in warnings[0][1]

    def test_tells_of_a_weaker_tls(self, house, ask):
        credential = house.credential(bindings={"hosts": ["db1.example.com"]})
        instance = house.instance(host="db1.example.com", credential_id=credential["id"])
        change = {"op": "update", "id": instance["id"], "data": {"tls_mode": "disable"}}

        warnings = told(ask(BATCH, {"operations": [change]}))

        assert [code for code, _ in warnings] == [CODE]
        assert "tls=disable" in warnings[0][1]

    def test_says_nothing_where_the_rules_allow_it(self, house, ask):
        credential = house.credential(bindings={"suffixes": [".example.com"]})

        assert told(ask(BATCH, creations(house, credential, ["db9.example.com"]))) == []

    def test_counts_what_it_does_not_name(self, house, ask):
        hosts = [f"db{number}.example.com" for number in range(23)]

        warnings = told(ask(f"{BATCH}?dry_run=true", creations(house, house.credential(), hosts)))

        assert len(warnings) == 21
        assert warnings[-1] == (
            "credential.more_newly_bound",
            "3 more bindings come with it; the audit log tells all of them as credential.bind",
        )


class TestAnImport:
    @pytest.mark.parametrize("query", ["?dry_run=true", ""])
    def test_names_each_endpoint(self, house, ask, query):
        credential = house.credential()
        row = f"{house.new_name('i')},mysql,db5.example.com,3306,{credential['name']}"
        sheet = f"name,db_type,host,port,credential\n{row}\n"

        answer = house.admin.post(
            f"{IMPORT}{query}",
            data={"file": (io.BytesIO(sheet.encode()), "list.csv")},
            headers={"Accept-Language": "en"},
        )

        [(code, message)] = told(answer)
        assert code == CODE
        assert "mysql db5.example.com:3306" in message
