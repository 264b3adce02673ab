"""The Oracle engine against what every engine must do."""

from typing import ClassVar

from tests.engine_suite.suite import EngineSuite
from tests.support.databases import tns_listener


class TestOracle(EngineSuite):
    db_type = "oracle"
    more: ClassVar = {"service_name": "orders"}
    greeting = tns_listener.accept()
