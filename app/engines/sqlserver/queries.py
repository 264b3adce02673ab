"""Every statement that a check sends to a SQL Server, in one place. All of them only read.

What is selected is cast to the types that `answers` knows.
"""

LOCK_TIMEOUT_MS = 2_000

# Any login may ask this. SERVERPROPERTY answers NULL to what an edition or a version does not know.
IDENTIFY = """\
SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS product_version,
 CAST(SERVERPROPERTY('ProductLevel') AS nvarchar(128)) AS product_level,
 CAST(SERVERPROPERTY('ProductUpdateLevel') AS nvarchar(128)) AS update_level,
 CAST(SERVERPROPERTY('Edition') AS nvarchar(128)) AS edition,
 CAST(SERVERPROPERTY('EngineEdition') AS int) AS engine_edition,
 CAST(SERVERPROPERTY('IsClustered') AS int) AS is_clustered,
 CAST(SERVERPROPERTY('IsHadrEnabled') AS int) AS is_hadr_enabled,
 CAST(SERVERPROPERTY('MachineName') AS nvarchar(128)) AS machine_name,
 CAST(SERVERPROPERTY('InstanceName') AS nvarchar(128)) AS instance_name,
 CAST(SERVERPROPERTY('ServerName') AS nvarchar(256)) AS server_name,
 CAST(@@VERSION AS nvarchar(1000)) AS version_text,
 CONVERT(nvarchar(40), SYSUTCDATETIME(), 126) AS utc_now,
 CAST(DATEPART(TZOFFSET, SYSDATETIMEOFFSET()) AS int) AS utc_offset_min,
 CAST(CONNECTIONPROPERTY('local_net_address') AS nvarchar(48)) AS server_address,
 CAST(CONNECTIONPROPERTY('local_tcp_port') AS int) AS server_port,
 CAST(CONNECTIONPROPERTY('client_net_address') AS nvarchar(48)) AS our_address,
 CAST(SUSER_SNAME() AS nvarchar(128)) AS session_user_name,
 CAST(DB_NAME() AS nvarchar(128)) AS database_name,
 CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS nvarchar(128)) AS updateability"""

# VIEW SERVER STATE; from 2022 on VIEW SERVER PERFORMANCE STATE. The ticks know no time zone; the start is local time.
UPTIME = """\
SELECT CAST(ms_ticks - sqlserver_start_time_ms_ticks AS bigint) AS uptime_ms,
 CONVERT(nvarchar(40), sqlserver_start_time, 126) AS started_local
FROM sys.dm_os_sys_info"""

# Any login sees tempdb, which is made anew at each start. Local time, so an hour wrong after a change of the clock.
UPTIME_OF_TEMPDB = """\
SELECT CAST(DATEDIFF(SECOND, create_date, SYSDATETIME()) AS bigint) * 1000 AS uptime_ms,
 CONVERT(nvarchar(40), create_date, 126) AS started_local
FROM sys.databases WHERE name = N'tempdb'"""

# VIEW SERVER STATE as above; the names of the groups are filtered without VIEW ANY DEFINITION.
AVAILABILITY_GROUPS = """\
SELECT CONVERT(nvarchar(36), s.group_id) AS group_id,
 CAST(g.name AS nvarchar(128)) AS group_name,
 CAST(s.role_desc AS nvarchar(60)) AS role,
 CAST(c.cluster_name AS nvarchar(128)) AS cluster_name
FROM sys.dm_hadr_availability_replica_states AS s
LEFT JOIN sys.availability_groups AS g ON g.group_id = s.group_id
OUTER APPLY (SELECT TOP (1) cluster_name FROM sys.dm_hadr_cluster) AS c
WHERE s.is_local = 1"""

# HAS_PERMS_BY_NAME answers NULL to a permission that this version does not know. Databases that this login may not
# enter are counted where that could have been granted: online and open to all.
RIGHTS = """\
SELECT CAST(HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW SERVER STATE') AS int) AS [VIEW SERVER STATE],
 CAST(HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW SERVER PERFORMANCE STATE') AS int) AS [VIEW SERVER PERFORMANCE STATE],
 CAST(HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW ANY DEFINITION') AS int) AS [VIEW ANY DEFINITION],
 CAST(HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW ANY SECURITY DEFINITION') AS int) AS [VIEW ANY SECURITY DEFINITION],
 CAST(HAS_PERMS_BY_NAME(NULL, NULL, N'CONNECT ANY DATABASE') AS int) AS [CONNECT ANY DATABASE],
 CAST(HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', N'VIEW DATABASE STATE') AS int) AS [VIEW DATABASE STATE],
 CAST(HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', N'VIEW DEFINITION') AS int) AS [VIEW DEFINITION],
 (SELECT COUNT(*) FROM sys.databases AS d WHERE d.state = 0 AND d.user_access = 0 AND HAS_DBACCESS(d.name) = 0)
 AS closed_databases"""

ALL = {
    "identify": IDENTIFY,
    "uptime": UPTIME,
    "uptime of tempdb": UPTIME_OF_TEMPDB,
    "availability groups": AVAILABILITY_GROUPS,
    "rights": RIGHTS,
}


def bounded(statement: str) -> str:
    """Return the batch that runs a statement and waits for locks for a limited time only.

    SQL Server knows no time limit but that for locks, and no way to set it for one transaction. A SET inside of
    sp_executesql is undone when it returns, so that the session stays as it was, whoever may get it next.
    """
    quoted = statement.replace("'", "''")
    return f"EXEC sys.sp_executesql N'SET LOCK_TIMEOUT {LOCK_TIMEOUT_MS}; {quoted}'"
