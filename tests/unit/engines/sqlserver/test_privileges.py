"""Which rights are missing, and the statements that give them."""

from typing import Any

from app.engines.facts import PrivilegeFact
from app.engines.sqlserver.privileges import privilege_facts, quoted
from tests.support.databases.tds_documented import RIGHTS, documented

FROM_2022 = {"VIEW SERVER PERFORMANCE STATE": 1, "VIEW ANY SECURITY DEFINITION": 1}


def facts(*, account: str = "muster", in_database: bool = False, **changes: Any) -> dict[str, PrivilegeFact]:
    rights = {**documented()[RIGHTS][0], **{name.replace("_", " "): value for name, value in changes.items()}}  # type: ignore[index, dict-item]
    if "closed databases" in rights:
        rights["closed_databases"] = rights.pop("closed databases")
    return {one.need: one for one in privilege_facts(rights, in_database=in_database, account=account)}


class TestBefore2022:
    def test_nothing_is_missing_where_all_is_granted(self) -> None:
        assert {one.cause for one in facts().values()} == {None}

    def test_server_state_is_named_as_it_was_then(self) -> None:
        found = facts(VIEW_SERVER_STATE=0)

        assert found["replication"].missing == ["VIEW SERVER STATE"]
        assert found["replication"].grant == "USE master;\nGRANT VIEW SERVER STATE TO [muster];"
        assert found["sizes"].cause == "privilege.missing"
        assert found["accounts"].cause is None

    def test_definitions_are_needed_for_accounts(self) -> None:
        assert facts(VIEW_ANY_DEFINITION=0)["accounts"].missing == ["VIEW ANY DEFINITION"]

    def test_every_database_may_be_entered_by_a_right_or_by_users(self) -> None:
        assert facts(CONNECT_ANY_DATABASE=0)["object_privileges"].cause is None
        assert facts(CONNECT_ANY_DATABASE=0, closed_databases=3)["object_privileges"].missing == [
            "CONNECT ANY DATABASE"
        ]
        assert facts(closed_databases=3)["object_privileges"].cause is None

    def test_2012_knows_users_only(self) -> None:
        fact = facts(CONNECT_ANY_DATABASE=None, closed_databases=3)["object_privileges"]

        assert (fact.cause, fact.missing) == ("privilege.filtered", [])
        assert fact.grant is not None
        assert fact.grant.startswith("CREATE USER [muster] FOR LOGIN [muster];")


class TestFrom2022:
    def test_rights_are_divided(self) -> None:
        found = facts(**{name.replace(" ", "_"): 0 for name in FROM_2022}, VIEW_ANY_DEFINITION=1)

        assert found["replication"].missing == ["VIEW SERVER PERFORMANCE STATE"]
        assert found["accounts"].missing == ["VIEW ANY SECURITY DEFINITION"]
        assert found["sizes"].missing == ["VIEW SERVER PERFORMANCE STATE"]

    def test_names_of_objects_are_no_security_definitions(self) -> None:
        given = {name.replace(" ", "_"): 1 for name in FROM_2022}

        assert facts(**given, VIEW_ANY_DEFINITION=0)["object_privileges"].missing == ["VIEW ANY DEFINITION"]


class TestAzureSqlDatabase:
    def test_rights_are_those_of_the_database(self) -> None:
        found = facts(in_database=True, VIEW_DATABASE_STATE=0, VIEW_DEFINITION=0, VIEW_SERVER_STATE=0)

        assert found["sizes"].grant == "GRANT VIEW DATABASE STATE TO [muster];"
        assert found["accounts"].grant == "GRANT VIEW DEFINITION TO [muster];"


class TestAName:
    def test_cannot_leave_its_brackets(self) -> None:
        assert quoted("a]; DROP LOGIN sa; --") == "[a]]; DROP LOGIN sa; --]"
