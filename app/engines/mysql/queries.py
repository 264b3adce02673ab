"""Every statement that is sent, and every right that is asked for."""

# SHOW leaves out what a server does not know; selecting an unknown @@variable fails as a whole (1193).
VARIABLES = (
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ("
    "'version','version_comment','server_uuid','server_uid','server_id','hostname','port','datadir',"
    "'read_only','super_read_only','innodb_read_only','aurora_version','aurora_server_id',"
    "'group_replication_group_name','wsrep_on','wsrep_cluster_name')"
)
STATUS = (
    "SHOW GLOBAL STATUS WHERE Variable_name IN ("
    "'Uptime','Slaves_connected','Rpl_semi_sync_source_clients','Rpl_semi_sync_master_clients',"
    "'group_replication_primary_member','wsrep_cluster_state_uuid','wsrep_cluster_status','wsrep_cluster_size',"
    "'wsrep_local_state_comment')"
)
CLOCK = "SELECT UTC_TIMESTAMP(6) AS clock, USER() AS came_as, CURRENT_USER() AS taken_for"

REPLICA_STATUS = "SHOW REPLICA STATUS"  # MySQL 8.0.22; the only form from 8.4
SLAVE_STATUS = "SHOW SLAVE STATUS"
ALL_SLAVES_STATUS = "SHOW ALL SLAVES STATUS"  # MariaDB: every source, not just the unnamed one
REPLICAS = "SHOW REPLICAS"
SLAVE_HOSTS = "SHOW SLAVE HOSTS"
GROUP_MEMBERS = (
    "SELECT MEMBER_ID, MEMBER_HOST, MEMBER_PORT, MEMBER_STATE, MEMBER_ROLE "
    "FROM performance_schema.replication_group_members"
)
BINLOG_STATUS = "SHOW BINLOG STATUS"  # MariaDB 10.5
GRANTS = "SHOW GRANTS"

# Rights are checked when a statement is parsed, so that none of these reads a row.
GROUP_MEMBERS_PROBE = "SELECT 1 FROM performance_schema.replication_group_members LIMIT 0"

# The global rights of an account. Only columns that every server has since MySQL 5.7 and MariaDB 10.0.
_RIGHTS = (
    "Select_priv, Insert_priv, Update_priv, Delete_priv, Create_priv, Drop_priv, Reload_priv, Shutdown_priv, "
    "Process_priv, File_priv, Grant_priv, References_priv, Index_priv, Alter_priv, Show_db_priv, Super_priv, "
    "Create_tmp_table_priv, Lock_tables_priv, Execute_priv, Repl_slave_priv, Repl_client_priv, Create_view_priv, "
    "Show_view_priv, Create_routine_priv, Alter_routine_priv, Create_user_priv, Event_priv, Trigger_priv, "
    "Create_tablespace_priv"
)
# Never authentication_string, which is the hash, nor User_attributes, which holds a second one.
USER_COLUMNS_MYSQL = (
    "Host, User, plugin, account_locked, password_expired, password_last_changed, password_lifetime, ssl_type, "
    f"max_user_connections, {_RIGHTS}"
)
USER_COLUMNS_MYSQL_8 = f"{USER_COLUMNS_MYSQL}, Create_role_priv, Drop_role_priv"
USER_COLUMNS_MARIADB = (
    f"Host, User, plugin, password_expired, is_role, default_role, ssl_type, max_user_connections, {_RIGHTS}"
)


def probe(table: str, columns: str = "1") -> str:
    """Return a statement that fails where a table may not be read, and reads nothing."""
    return f"SELECT {columns} FROM {table} LIMIT 0"  # noqa: S608 - names that stand in this module and its neighbour
