"""MySQL and MariaDB, and what speaks their protocol; the driver is PyMySQL."""

from app.engines.mysql.adapter import MySqlEngine

ENGINE = MySqlEngine()
