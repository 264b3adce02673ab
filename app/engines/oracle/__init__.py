"""Oracle Database, by python-oracledb in thin mode: no client of Oracle's, no file of Oracle's is needed or read."""

from app.engines.oracle.remote import OracleEngine

ENGINE = OracleEngine()
