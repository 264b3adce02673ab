"""Which rights are missing, and the statements that give them in each kind of database."""

from dataclasses import replace

import pytest

from app.engines.errors import StepFailed
from app.engines.oracle import privileges
from app.engines.oracle.normalize import Seen

NON_CDB = Seen(context={"session_user": "MUSTER", "con_id": "0", "cdb_name": None})
PDB = Seen(context={"session_user": "MUSTER", "con_id": "3", "cdb_name": "CDB1"})
ROOT = Seen(context={"session_user": "C##MUSTER", "con_id": "1", "cdb_name": "CDB1"})
RDS = replace(NON_CDB, operators=[{"username": "RDSADMIN"}])


class Server:
    """Answers every statement, but for what is denied."""

    def __init__(self, *denied: str, containers: int = 4, cause: str = "privilege.missing") -> None:
        self.denied = denied
        self.containers = containers
        self.cause = cause
        self.asked: list[str] = []

    def ask(self, statement: str):
        self.asked.append(statement)
        if any(f"sys.{one.lower()} " in statement for one in self.denied):
            raise StepFailed(self.cause, code="ORA-00942", text="ORA-00942: table or view does not exist")
        return [{"containers": self.containers}] if "COUNT" in statement else []


def by_need(facts):
    return {one.need: one for one in facts}


class TestThePreflight:
    def test_is_content_with_every_right(self):
        assert [one.cause for one in privileges.preflight(Server(), PDB)] == [None] * 5

    def test_reads_nothing(self):
        server = Server()

        privileges.preflight(server, NON_CDB)

        assert all(one.endswith("WHERE 1 = 0") for one in server.asked)

    def test_names_each_right_that_is_missing_and_the_grant(self):
        fact = by_need(privileges.preflight(Server("DBA_USERS", "PROXY_USERS"), NON_CDB))["accounts"]

        assert fact.cause == "privilege.missing"
        assert fact.missing == ["SELECT ON SYS.DBA_USERS", "SELECT ON SYS.PROXY_USERS"]
        assert fact.grant == "GRANT SELECT ON SYS.DBA_USERS TO MUSTER;\nGRANT SELECT ON SYS.PROXY_USERS TO MUSTER;"
        assert fact.server_code == "ORA-00942"

    def test_grants_on_the_view_and_not_on_its_synonym(self):
        """A grant on V$INSTANCE is ORA-02030."""
        fact = by_need(privileges.preflight(Server("V_$INSTANCE"), NON_CDB))["identify"]

        assert fact.grant == "GRANT SELECT ON SYS.V_$INSTANCE TO MUSTER;"

    def test_wants_the_containers_only_where_there_are_any(self):
        assert "V_$CONTAINERS" not in privileges.views_of("identify", NON_CDB)
        assert {"V_$CONTAINERS", "V_$PDBS"} <= set(privileges.views_of("identify", PDB))

    def test_reads_all_containers_from_the_root(self):
        assert privileges.views_of("accounts", ROOT)[0] == "CDB_USERS"
        assert privileges.views_of("accounts", PDB)[0] == "DBA_USERS"

    def test_finds_what_is_filtered_in_the_root(self):
        facts = by_need(privileges.preflight(Server(containers=1), ROOT))

        assert facts["sizes"].cause == "privilege.filtered"
        assert facts["sizes"].grant == "ALTER USER C##MUSTER SET CONTAINER_DATA = ALL CONTAINER = CURRENT;"
        assert facts["identify"].cause is None

    def test_does_not_call_filtered_what_is_missing(self):
        facts = by_need(privileges.preflight(Server("CDB_SEGMENTS", containers=1), ROOT))

        assert facts["sizes"].cause == "privilege.missing"

    def test_asks_nobody_about_containers_in_a_pluggable_database(self):
        server = Server(containers=1)

        facts = privileges.preflight(server, PDB)

        assert [one.cause for one in facts] == [None] * 5
        assert not any("COUNT" in one for one in server.asked)

    def test_stops_at_what_is_no_missing_right(self):
        with pytest.raises(StepFailed, match=r"query\.timeout"):
            privileges.preflight(Server("DBA_SEGMENTS", cause="query.timeout"), NON_CDB)


class TestAGrant:
    def test_is_made_by_amazons_procedure_where_amazon_runs_the_server(self):
        assert privileges.grants(["V_$INSTANCE"], RDS) == (
            "EXEC rdsadmin.rdsadmin_util.grant_sys_object('V_$INSTANCE', 'MUSTER', 'SELECT');"
        )

    @pytest.mark.parametrize(
        ("name", "written"),
        [("MUSTER", "MUSTER"), ("C##MUSTER", "C##MUSTER"), ("m.u", '"m.u"'), ('a"; DROP', '"a; DROP"')],
    )
    def test_writes_the_account_as_a_name(self, name, written):
        seen = replace(NON_CDB, context={**NON_CDB.context, "session_user": name})

        assert privileges.grants(["DBA_USERS"], seen) == f"GRANT SELECT ON SYS.DBA_USERS TO {written};"
