"""Microsoft SQL Server 2012 and newer, Azure SQL Database and Managed Instance, through python-tds."""

from app.engines.sqlserver.adapter import SqlServerEngine

ENGINE = SqlServerEngine()
