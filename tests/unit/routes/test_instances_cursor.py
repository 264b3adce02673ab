"""`GET /api/v1/instances?cursor=`: pages that follow each other, whatever is registered meanwhile."""

import base64
import itertools

import pytest
from sqlalchemy import update

from app.core import clock
from app.core.db import transaction
from app.models import Instance
from tests.support.api import faults

LIST = "/api/v1/instances"
OWNERS = (None, "ann", None, "Bob", "ann", "李", None)


@pytest.fixture
def seeded(house):
    if house.admin.get(LIST).json["data"]["total"] == 0:
        for number, owner in enumerate(OWNERS):
            house.instance(name=f"c{number}", owner=owner, criticality=number % 2 or None)
        with transaction() as session:  # all in the same moment: only ids tell them apart
            session.execute(update(Instance).values(created_at=clock.now()))
    return house


@pytest.fixture
def walk(seeded):
    """Return the names on each page that the cursor leads to."""

    def pages(query: str, *, limit: int = 2, between=lambda: None) -> list[list[str]]:
        found, cursor = [], ""
        for _ in range(20):
            answer = seeded.admin.get(f"{LIST}?{query}&limit={limit}&cursor={cursor}")
            assert answer.status_code == 200, answer.json
            found.append([item["name"] for item in answer.json["data"]["items"]])
            cursor = answer.json["meta"]["next_cursor"]
            if cursor is None:
                return found
            between()
        raise AssertionError("the list does not end")

    return pages


class TestAWalk:
    @pytest.mark.parametrize("order", ["asc", "desc"])
    @pytest.mark.parametrize("sort", ["id", "name", "created_at", "owner", "criticality", "status", "environment"])
    @pytest.mark.parametrize("limit", [1, 3, 7])
    def test_gives_the_list_in_parts(self, seeded, walk, sort, order, limit):
        query = f"sort={sort}&order={order}&search=c&name=c0&name=c1&name=c2&name=c3&name=c4&name=c5&name=c6"
        whole = [item["name"] for item in seeded.admin.get(f"{LIST}?{query}&limit=100").json["data"]["items"]]

        pages = walk(query, limit=limit)

        assert list(itertools.chain(*pages)) == whole
        assert {len(page) for page in pages[:-1]} <= {limit}
        assert len(whole) == 7

    @pytest.mark.parametrize("query", ["sort=owner&order=asc", "sort=owner&order=desc", "sort=name", ""])
    def test_neither_repeats_nor_hides_when_others_come_in_between(self, seeded, walk, query):
        owners = iter(("aaa", "zzz", None))

        def register():
            for owner in itertools.islice(owners, 1):
                seeded.instance(owner=owner, name=seeded.new_name("c-later"))

        found = list(itertools.chain(*walk(f"{query}&search=c", limit=3, between=register)))

        assert len(found) == len(set(found))
        assert {f"c{number}" for number in range(len(OWNERS))} <= set(found)

    def test_takes_a_filter_for_what_has_no_number(self, walk):
        names = "&".join(f"name=c{number}" for number in range(len(OWNERS)))

        pages = walk(f"sort=id&criticality=&{names}", limit=1)

        assert pages == [["c0"], ["c2"], ["c4"], ["c6"]]

    def test_ends_with_null_and_tells_no_number(self, seeded):
        answer = seeded.admin.get(f"{LIST}?cursor=&name=c0&name=c1").json

        assert answer["meta"] == {"next_cursor": None}
        assert [answer["data"][key] for key in ("total", "page", "pages", "limit")] == [None, None, None, 20]

    def test_counts_only_when_told_to(self, seeded):
        answer = seeded.admin.get(f"{LIST}?cursor=&count=true&name=c0&name=c1&limit=1").json

        assert [answer["data"][key] for key in ("total", "page", "pages")] == [2, None, 2]
        assert answer["meta"]["next_cursor"]

    def test_may_change_fields_and_limit_on_the_way(self, seeded):
        first = seeded.admin.get(f"{LIST}?cursor=&sort=name&limit=1&search=c").json
        then = seeded.admin.get(
            f"{LIST}?sort=name&limit=2&search=c&fields=host&cursor={first['meta']['next_cursor']}"
        ).json

        assert [set(item) for item in then["data"]["items"]] == [{"id", "host"}] * 2


class TestACursor:
    @pytest.fixture
    def cursor(self, seeded):
        return seeded.admin.get(f"{LIST}?cursor=&limit=1&sort=owner&order=asc&db_type=postgresql").json["meta"][
            "next_cursor"
        ]

    def test_is_safe_in_an_address(self, cursor):
        assert cursor.replace("-", "").replace("_", "").isalnum()

    @pytest.mark.parametrize(
        "query",
        [
            "sort=owner&order=desc&db_type=postgresql",
            "sort=name&order=asc&db_type=postgresql",
            "sort=owner&order=asc",
            "sort=owner&order=asc&db_type=postgresql&owner=ann",
        ],
    )
    def test_of_another_list_is_refused(self, seeded, cursor, query):
        assert faults(seeded.admin.get(f"{LIST}?{query}&cursor={cursor}")) == {"cursor": "invalid_cursor"}

    def test_that_was_changed_is_refused(self, seeded, cursor):
        query = f"{LIST}?sort=owner&order=asc&db_type=postgresql&cursor="
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        for place in range(len(raw)):
            changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
            text = base64.urlsafe_b64encode(changed).decode().rstrip("=")
            assert faults(seeded.admin.get(query + text)) == {"cursor": "invalid_cursor"}, place

    @pytest.mark.parametrize("text", ["x", "%21", "AAAA", "A" * 8000, "%E8%AE%A2", "bnVsbA"])
    def test_that_was_made_up_is_refused(self, house, text):
        assert faults(house.admin.get(f"{LIST}?cursor={text}")) == {"cursor": "invalid_cursor"}

    def test_and_a_page_do_not_go_together(self, house):
        assert faults(house.admin.get(f"{LIST}?cursor=&page=1")) == {"page": "not_with_cursor"}
