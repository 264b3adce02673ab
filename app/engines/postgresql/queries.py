"""The statements that are sent, and nothing else is; every name is qualified, so that no search path means another.

All of them run inside one `BEGIN READ ONLY … ROLLBACK`. Settings are made for that transaction: through a pooler a
session's settings would stay, and the next application would get them.
"""

BEGIN = """\
BEGIN READ ONLY;
SET LOCAL statement_timeout = {statement_timeout_ms};
SET LOCAL lock_timeout = {lock_timeout_ms};
SAVEPOINT here"""
BACK = "ROLLBACK TO SAVEPOINT here; "
# For servers that do not know one of the two settings, or savepoints; also the way back there.
BEGIN_AGAIN = "ROLLBACK; BEGIN READ ONLY; "

# Known to everything that calls itself PostgreSQL.
SERVER = """\
SELECT pg_catalog.version(),
       pg_catalog.current_setting('server_version'),
       session_user::text,
       pg_catalog.pg_backend_pid()::text,
       pg_catalog.host(pg_catalog.inet_client_addr()),
       pg_catalog.host(pg_catalog.inet_server_addr()),
       pg_catalog.inet_server_port()::text,
       pg_catalog.to_char(pg_catalog.clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""
# `transaction_read_only` is always on in here; the default tells, and its source tells whose default it is.
STATE = """\
SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN 'yes' ELSE 'no' END,
       (SELECT s.setting FROM pg_catalog.pg_settings AS s WHERE s.name = 'default_transaction_read_only'),
       (SELECT s.source FROM pg_catalog.pg_settings AS s WHERE s.name = 'default_transaction_read_only'),
       pg_catalog.to_char(
           pg_catalog.pg_postmaster_start_time() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
       pg_catalog.current_setting('cluster_name', true),
       (SELECT pg_catalog.count(*)::text FROM pg_catalog.pg_stat_replication AS r
         WHERE r.state IS DISTINCT FROM 'backup')"""
LINEAGE = """\
SELECT system_identifier::text, pg_catalog.to_regproc('pg_catalog.aurora_db_instance_identifier')::text
  FROM pg_catalog.pg_control_system()"""
SOURCE = "SELECT sender_host, sender_port::text, status FROM pg_catalog.pg_stat_wal_receiver"
AURORA = "SELECT pg_catalog.aurora_db_instance_identifier(), pg_catalog.aurora_version()"

# What collecting will read, as it will be read, without a row. Rights on tables are checked before anything runs;
# those on functions only when the plan is made ready, which `WHERE false` would spare and `LIMIT 0` does not.
IDENTIFY_NEEDS = {
    "EXECUTE ON FUNCTION pg_catalog.pg_control_system()": (
        "SELECT system_identifier FROM pg_catalog.pg_control_system() LIMIT 0"
    ),
    "EXECUTE ON FUNCTION pg_catalog.pg_postmaster_start_time()": (
        "SELECT pg_catalog.pg_postmaster_start_time() LIMIT 0"
    ),
}
REPLICATION_NEEDS = {
    "SELECT ON pg_catalog.pg_stat_replication": (
        "SELECT application_name, client_addr, state, sync_state, replay_lsn, replay_lag"
        " FROM pg_catalog.pg_stat_replication WHERE false"
    ),
    "SELECT ON pg_catalog.pg_stat_wal_receiver": (
        "SELECT status, sender_host, sender_port, slot_name, latest_end_lsn, latest_end_time"
        " FROM pg_catalog.pg_stat_wal_receiver WHERE false"
    ),
    "SELECT ON pg_catalog.pg_replication_slots": (
        "SELECT slot_name, slot_type, active, restart_lsn FROM pg_catalog.pg_replication_slots WHERE false"
    ),
}
ACCOUNT_NEEDS = {
    "SELECT ON pg_catalog.pg_roles": (
        "SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls,"
        " rolconnlimit, rolvaliduntil FROM pg_catalog.pg_roles WHERE false"
    ),
    "SELECT ON pg_catalog.pg_auth_members": (
        "SELECT roleid, member, admin_option FROM pg_catalog.pg_auth_members WHERE false"
    ),
    "SELECT ON pg_catalog.pg_db_role_setting": (
        "SELECT setdatabase, setrole, setconfig FROM pg_catalog.pg_db_role_setting WHERE false"
    ),
}
OBJECT_NEEDS = {
    "SELECT ON pg_catalog.pg_database": "SELECT datname, datdba, datacl FROM pg_catalog.pg_database WHERE false",
    "SELECT ON pg_catalog.pg_namespace": "SELECT nspname, nspowner, nspacl FROM pg_catalog.pg_namespace WHERE false",
    "SELECT ON pg_catalog.pg_class": "SELECT relname, relowner, relacl FROM pg_catalog.pg_class WHERE false",
    "SELECT ON pg_catalog.pg_attribute": "SELECT attname, attacl FROM pg_catalog.pg_attribute WHERE false",
    "SELECT ON pg_catalog.pg_proc": "SELECT proname, proowner, proacl FROM pg_catalog.pg_proc WHERE false",
    "SELECT ON pg_catalog.pg_default_acl": (
        "SELECT defaclrole, defaclobjtype, defaclacl FROM pg_catalog.pg_default_acl WHERE false"
    ),
}
SIZE_NEEDS = {
    "EXECUTE ON FUNCTION pg_catalog.pg_database_size(oid)": (
        "SELECT datname, pg_catalog.pg_database_size(oid) FROM pg_catalog.pg_database LIMIT 0"
    ),
    "EXECUTE ON FUNCTION pg_catalog.pg_total_relation_size(regclass)": (
        "SELECT relname, pg_catalog.pg_total_relation_size(oid) FROM pg_catalog.pg_class LIMIT 0"
    ),
}

# What is hidden without an error, as the rights that would show it. The server's own processes are always there
# and have a kind; whoever must not see them gets NULL.
HIDDEN_ACTIVITY = """\
SELECT 'pg_monitor' WHERE EXISTS (SELECT 1 FROM pg_catalog.pg_stat_activity AS a WHERE a.backend_type IS NULL)"""
# Objects and their rights are read database by database, so each must let us in.
HIDDEN_DATABASES = """\
SELECT 'CONNECT ON DATABASE ' || pg_catalog.quote_ident(d.datname)
  FROM pg_catalog.pg_database AS d
 WHERE d.datallowconn AND NOT pg_catalog.has_database_privilege(d.oid, 'CONNECT')
 ORDER BY d.datname
 LIMIT 100"""
HIDDEN_SIZES = """\
SELECT 'pg_monitor'
 WHERE EXISTS (SELECT 1 FROM pg_catalog.pg_database AS d
                WHERE NOT pg_catalog.has_database_privilege(d.oid, 'CONNECT'))
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles AS r
                    WHERE r.rolname = 'pg_read_all_stats' AND pg_catalog.pg_has_role(r.oid, 'USAGE'))"""
