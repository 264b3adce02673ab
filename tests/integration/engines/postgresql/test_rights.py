"""What an account may read of a real server, and what it says of the rest."""


class TestPrivileges:
    def test_are_all_there_for_a_member_of_pg_monitor_that_may_connect_everywhere(self, server, try_as):
        checked = try_as(server, "monitor")

        assert checked.steps["privileges"].outcome == "ok"
        assert {one.cause for one in checked.privileges.values()} == {None}

    def test_that_are_filtered_degrade_the_check_and_name_the_grants(self, server, try_as):
        checked = try_as(server, "plain")

        assert (checked.outcome, checked.cause) == ("degraded", "privilege.filtered")
        assert {need: one.cause for need, one in checked.privileges.items()} == {
            "identify": None,
            "replication": "privilege.filtered",
            "accounts": None,
            "object_privileges": "privilege.filtered",
            "sizes": "privilege.filtered",
        }
        assert checked.privileges["replication"].grant == 'GRANT pg_monitor TO "plain";'
        assert checked.privileges["object_privileges"].grant == 'GRANT CONNECT ON DATABASE denied TO "plain";'

    def test_are_all_there_without_pg_monitor_for_who_has_its_two_parts(self, server, try_as):
        server.run(
            "GRANT pg_read_all_stats, pg_read_all_settings TO plain", "GRANT CONNECT ON DATABASE denied TO plain"
        )
        checked = try_as(server, "plain")
        server.run("REVOKE pg_read_all_stats, pg_read_all_settings FROM plain")
        server.run("REVOKE CONNECT ON DATABASE denied FROM plain")

        assert checked.outcome == "ok"

    def test_that_are_missing_are_named_one_by_one(self, server, try_as):
        right = "SELECT ON pg_catalog.pg_auth_members"
        server.run(f"REVOKE {right} FROM PUBLIC")
        checked = try_as(server, "plain")
        grant = checked.privileges["accounts"].grant
        server.run(grant)
        mended = try_as(server, "plain")
        server.run(f"REVOKE {right} FROM plain", f"GRANT {right} TO PUBLIC")

        assert (checked.outcome, checked.cause) == ("degraded", "privilege.missing")
        assert checked.steps["privileges"].outcome == "failed"
        assert checked.privileges["accounts"].missing == [right]
        assert checked.privileges["accounts"].server_code == "42501"
        assert mended.privileges["accounts"].cause is None

    def test_leave_identify_alone_and_the_other_way_round(self, server, try_as):
        server.run("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC")
        checked = try_as(server, "plain")
        server.run("GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC")

        assert checked.steps["identify"].detail["not_told"] == ["identity"]
        assert checked.server.identity is None
        assert checked.server.role == "standalone"
        assert checked.privileges["identify"].grant == (
            'GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system() TO "plain";'
        )
