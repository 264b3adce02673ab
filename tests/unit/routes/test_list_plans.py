"""How the store reads a list: from an index in the order that is wanted, whatever else is there."""

import pytest
from sqlalchemy import text

pytestmark = pytest.mark.sqlite  # the other database plans by what it knows of the rows, and there are few here

SORTED = ("name", "id", "host", "db_type", "owner", "criticality", "created_at", "updated_at")


@pytest.fixture
def plan_of(house, statements):
    """Return how the rows of a list are found."""

    def find(query: str) -> str:
        with statements() as found:
            assert house.admin.get(f"/api/v1/instances?count=false&{query}").status_code == 200
        [(statement, parameters)] = [one for one in found if "FROM instances" in one[0]]
        with house.database.engine.connect() as connection:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        return "\n".join(str(row[3]) for row in rows)

    return find


class TestAList:
    @pytest.mark.parametrize("order", ["asc", "desc"])
    @pytest.mark.parametrize("sort", SORTED)
    def test_is_read_in_its_order(self, plan_of, sort, order):
        plan = plan_of(f"sort={sort}&order={order}")

        assert "SEARCH instances USING INDEX" in plan
        assert "TEMP B-TREE" not in plan

    @pytest.mark.parametrize(
        ("query", "index"),
        [
            ("owner=team-7", "live_by_owner_created_at (deleted_at=? AND owner=?)"),
            ("host=db1.example.com", "live_by_host_key (deleted_at=? AND host_key=?)"),
            ("db_type=mysql", "deleted_at_created_at_id (deleted_at=?)"),
            ("criticality=1", "deleted_at_created_at_id (deleted_at=?)"),
        ],
    )
    def test_is_read_by_its_filter_where_few_match(self, plan_of, query, index):
        assert f"USING INDEX ix_instances_{index}" in plan_of(query)

    @pytest.mark.parametrize(("sort", "order", "sign"), [("owner", "asc", ">"), ("criticality", "desc", "<")])
    def test_begins_where_the_cursor_is(self, house, plan_of, sort, order, sign):
        for number in range(3):
            house.instance(owner=f"team-{number}", criticality=number + 1)
        query = f"sort={sort}&order={order}&limit=1&cursor="
        answer = house.admin.get(f"/api/v1/instances?{query}").json

        assert f"(deleted_at=? AND {sort}{sign}?)" in plan_of(query + answer["meta"]["next_cursor"])


def test_no_statistics_are_kept(house):
    """The plans above are made without them, as every store has it."""
    with house.database.engine.connect() as connection:
        found = connection.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")).scalar()

    assert found == 0
