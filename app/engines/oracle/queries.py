"""All statements: what CREATE SESSION alone may ask, and what needs a grant."""

READ_ONLY = "SET TRANSACTION READ ONLY"

CLOCK = "SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) AS utc FROM dual"

# An unknown parameter fails the whole statement (ORA-02003): only what 12.1 has.
CONTEXT = """
SELECT SYS_CONTEXT('USERENV', 'DB_UNIQUE_NAME') AS db_unique_name,
       SYS_CONTEXT('USERENV', 'DB_NAME') AS db_name,
       SYS_CONTEXT('USERENV', 'INSTANCE_NAME') AS instance_name,
       SYS_CONTEXT('USERENV', 'INSTANCE') AS instance_number,
       SYS_CONTEXT('USERENV', 'SERVER_HOST') AS server_host,
       SYS_CONTEXT('USERENV', 'SERVICE_NAME') AS service_name,
       SYS_CONTEXT('USERENV', 'DATABASE_ROLE') AS database_role,
       SYS_CONTEXT('USERENV', 'IP_ADDRESS') AS ip_address,
       SYS_CONTEXT('USERENV', 'SESSION_USER') AS session_user,
       SYS_CONTEXT('USERENV', 'CON_NAME') AS con_name,
       SYS_CONTEXT('USERENV', 'CON_ID') AS con_id,
       SYS_CONTEXT('USERENV', 'CDB_NAME') AS cdb_name
  FROM dual
"""

# VERSION_FULL exists from 18c on, so that no list of columns fits all.
PRODUCTS = "SELECT * FROM product_component_version"

# Accounts that a cloud's operator owns: there, rights are granted in another way.
OPERATORS = "SELECT username FROM all_users WHERE username IN ('RDSADMIN', 'C##CLOUD$SERVICE')"

# STARTUP_TIME and SYSDATE are both the host's local time; the two forms of SYSTIMESTAMP differ by its offset from UTC.
INSTANCE = """
SELECT instance_number, instance_name, host_name, parallel, logins, status,
       ROUND((SYSDATE - startup_time) * 86400) AS uptime_s,
       CAST(startup_time AS TIMESTAMP)
         - (CAST(SYSTIMESTAMP AS TIMESTAMP) - SYS_EXTRACT_UTC(SYSTIMESTAMP)) AS started_utc
  FROM v$instance
"""

DATABASE = "SELECT dbid, name, db_unique_name, database_role, open_mode, cdb FROM v$database"

CONTAINER = """
SELECT con_id, name, RAWTOHEX(guid) AS guid, open_mode
  FROM v$containers
 WHERE con_id = TO_NUMBER(SYS_CONTEXT('USERENV', 'CON_ID'))
"""

# The root of a container database always has PDB$SEED beside itself.
CONTAINERS_SEEN = "SELECT COUNT(*) AS containers FROM v$containers"


def right_on(view: str) -> str:
    """Return a statement that fails without the right on a view of SYS, and reads nothing with it."""
    return f"SELECT 1 FROM sys.{view.lower()} WHERE 1 = 0"  # noqa: S608 - names of `privileges` alone
