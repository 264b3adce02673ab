"""PostgreSQL, by libpq (psycopg 3)."""

from app.engines.base import Engine
from app.engines.postgresql.adapter import PostgresqlEngine

ENGINE: Engine = PostgresqlEngine()
