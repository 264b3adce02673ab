"""Lists of the things that instances refer to, and taking a tag off everything."""

import pytest

from app.core.db import snapshot, transaction
from app.core.errors import Conflict
from app.domain.environments.write_service import EnvironmentWriteService
from app.domain.references.listing import ListReferences
from app.domain.tags.write_service import TagWriteService
from tests.support.register import registered, stored


class TestDetach:
    def test_takes_a_tag_off_every_instance(self, database, add_tags):
        [gold, _] = add_tags("gold", "payments")
        first = registered(name="first", tag_names=["gold", "payments"])
        registered(name="second", tag_names=["payments"])

        with transaction():
            TagWriteService(detach=True).delete(gold, operator_id=None)

        assert stored(database, "SELECT name FROM tags") == [("payments",)]
        links = stored(database, "SELECT count(*) FROM instance_tags WHERE instance_id = ?", first)
        assert links == [(1,)]
        assert stored(database, "SELECT version FROM instances ORDER BY id") == [(2,), (1,)]

    def test_is_only_done_when_asked_for(self, database, add_tags):
        [gold] = add_tags("gold")
        registered(tag_names=["gold"])

        with pytest.raises(Conflict), transaction():
            TagWriteService().delete(gold, operator_id=None)

        assert stored(database, "SELECT count(*) FROM instance_tags") == [(1,)]


class TestLists:
    def test_are_paged_in_the_order_of_the_table(self, database, add_tags):
        add_tags("b", "d", "a", "c")

        with snapshot():
            page = TagWriteService.list_page(ListReferences(page=2, limit=3))

        assert ([tag.name for tag in page.items], page.total) == (["d"], 4)

    def test_of_environments_follow_their_position(self, database):
        with transaction():
            EnvironmentWriteService().create({"key": "aaa", "position": 1000}, operator_id=None)

        with snapshot():
            page = EnvironmentWriteService.list_page(ListReferences())

        keys = ["production", "staging", "test", "development", "disaster_recovery", "aaa"]
        assert [one.key for one in page.items] == keys

    @pytest.mark.parametrize(
        ("search", "found"),
        [("订单", ["订单库"]), ("GOLD", ["gold"]), ("100%", ["100%"]), ("_", ["a_b"]), ("%", ["100%"])],
    )
    def test_find_part_of_the_name_literally(self, database, add_tags, search, found):
        add_tags("订单库", "gold", "100%", "1000", "a_b", "acb")

        with snapshot():
            page = TagWriteService.list_page(ListReferences(search=search))

        assert ([tag.name for tag in page.items], page.total) == (found, len(found))

    def test_end_past_the_last_page_without_items(self, database, add_tags):
        add_tags("gold")

        with snapshot():
            page = TagWriteService.list_page(ListReferences(page=2**63 - 1, limit=100))

        assert (list(page.items), page.total) == ([], 1)
