"""The Oracle engine against what every engine must do."""

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from tests.engine_suite.suite import EngineSuite
from tests.support.databases import tns_listener


class TestOracle(EngineSuite):
    db_type = "oracle"
    more: ClassVar = {"service_name": "orders"}
    greeting = tns_listener.accept()

    @pytest.mark.parametrize(
        "mode",
        [
            "prefer",
            *(pytest.param(one, marks=pytest.mark.slow) for one in ("disable", "require", "verify-ca", "verify-full")),
        ],
    )
    def test_ends_in_time_with_a_silent_peer(self, against: Callable[..., Any], mode: str) -> None:
        super().test_ends_in_time_with_a_silent_peer(against, mode)
