"""The engine as the registry has it."""

from app.engines import registry
from app.engines.capability import CAPABILITIES


class TestTheEngine:
    def test_is_found_by_its_name(self):
        assert registry.find_engine("oracle").db_types == ("oracle",)

    def test_can_do_all_that_a_check_asks(self):
        assert registry.capabilities_of("oracle") == dict.fromkeys(CAPABILITIES, "supported")
