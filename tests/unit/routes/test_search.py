"""`GET /api/v1/search`: one text over all that has a name."""

import pytest

from app.domain.instances.repository import searching
from tests.support.api import faults

SEARCH = "/api/v1/search"


@pytest.fixture
def seeded(house):
    if not house.admin.get(f"{SEARCH}?q=quartz").json["data"]["items"]:
        house.instance(name="my-quartz", host="q1.example.com", description=None)
        house.instance(name="Quartz", host="q2.example.com", description="mine")
        house.instance(name="quartz-2", host="q3.example.com", description="订单")
        house.instance(name="plain", host="quartz.example.com", description=None)
        gone = house.instance(name="quartz-gone", host="q4.example.com")
        house.admin.post(f"/api/v1/instances/{gone['id']}/delete")
        house.tag(name="quartz", color="#112233", description="订单的标签")
        house.tag(name="other", description="of quartz_100%")
        house.cluster(name="quartz-galera", external_id="X-9")
        house.credential(name="quartz-login", username="quartzuser", password="quartz-secret")
        house.environment(key="quartz-env", name="Quartz 环境")
    return house


@pytest.fixture
def find(seeded):
    def found(query: str) -> list[tuple[str, str, str]]:
        answer = seeded.as_role("viewer").get(f"{SEARCH}?q={query}")
        assert answer.status_code == 200, answer.json
        return [(item["type"], item["name"], item["matched_field"]) for item in answer.json["data"]["items"]]

    return found


RANKED = [
    ("instance", "Quartz", "name"),
    ("tag", "quartz", "name"),
    ("instance", "quartz-2", "name"),
    ("cluster", "quartz-galera", "name"),
    ("credential", "quartz-login", "name"),
    ("environment", "quartz-env", "key"),
    ("instance", "my-quartz", "name"),
    ("instance", "plain", "host"),
    ("tag", "other", "description"),
]


class TestSearch:
    @pytest.mark.parametrize("text", ["quartz", "QUARTZ"])
    def test_puts_exact_names_first_then_beginnings_then_parts_then_other_fields(self, find, text):
        assert find(text) == RANKED

    @pytest.mark.parametrize("most", [0, 1, 2])
    def test_ranks_names_the_same_where_very_many_hold_the_text(self, find, monkeypatch, most):
        monkeypatch.setattr(searching, "CANDIDATES", most)

        found = find("quartz")

        assert sorted(found) == sorted(RANKED)
        assert most == 0 or found[0] == RANKED[0]

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("单", [("instance", "quartz-2", "description"), ("tag", "quartz", "description")]),
            ("环境", [("environment", "quartz-env", "name")]),
            ("x-9", [("cluster", "quartz-galera", "external_id")]),
            ("quartzuser", [("credential", "quartz-login", "username")]),
            ("quartz_100%25", [("tag", "other", "description")]),
            ("quartz-secret", []),
            ("quartz-gone", []),
        ],
    )
    def test_looks_into_each_field_but_secrets_and_the_bin(self, find, text, found):
        assert find(text) == found

    def test_tells_what_is_found(self, seeded):
        items = seeded.admin.get(f"{SEARCH}?q=quartz").json["data"]["items"]

        assert [item["detail"] for item in items[:6]] == [
            "postgresql q2.example.com:5432",
            "订单的标签",
            "postgresql q3.example.com:5432",
            "galera",
            "quartzuser",
            "Quartz 环境",
        ]

    def test_shows_no_more_than_was_asked_for(self, seeded):
        data = seeded.admin.get(f"{SEARCH}?q=quartz&limit=3").json["data"]

        assert [item["name"] for item in data["items"]] == [name for _, name, _ in RANKED[:3]]
        assert data["limit"] == 3

    @pytest.mark.parametrize(
        ("query", "fault"),
        [
            ("", {"q": "required"}),
            ("?q=", {"q": "too_short"}),
            ("?q=a%00", {"q": "control_characters"}),
            ("?q=a&limit=51", {"limit": "out_of_range"}),
            ("?q=a&type=tag", {"type": "unknown_parameter"}),
        ],
    )
    def test_refuses_by_name(self, house, query, fault):
        assert faults(house.admin.get(f"{SEARCH}{query}")) == fault
