"""Many callers change the same few instances at once, through two workers, on both databases: nothing is lost."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.integration.test_concurrency import at_once
from tests.support.api import an_instance
from tests.support.refilled import STORES, serving_on
from tests.support.register_model import same
from tests.support.server import HttpCaller, Server

CALLERS, ROUNDS = 8, 25
INSTANCES, TAGS = "/api/v1/instances", "/api/v1/tags"


@pytest.fixture(scope="module", params=STORES)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving_on(request.param, tmp_path_factory.mktemp("many") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def admin(server: Server) -> Iterator[HttpCaller]:
    with server.caller() as caller:
        yield caller


@pytest.fixture
def callers(server: Server, admin: HttpCaller) -> Iterator[list[HttpCaller]]:
    made = [HttpCaller(server.client(cookies=admin.client.cookies), admin.token) for _ in range(CALLERS)]
    yield made
    for caller in made:
        caller.client.close()


def registered(admin: HttpCaller, *names: str, **fields: Any) -> list[str]:
    """Register instances and return their paths."""
    bodies = [an_instance(name=name, host=f"{name}.example.com", **fields) for name in names]
    made = [admin.post(INSTANCES, body).json()["data"]["instance"]["id"] for body in bodies]
    return [f"{INSTANCES}/{number}" for number in made]


def detail(caller: HttpCaller, path: str) -> dict[str, Any]:
    return caller.get(f"{path}?include_deleted=true").json()["data"]["instance"]


def history(caller: HttpCaller, path: str) -> list[dict[str, Any]]:
    """Return all events, the oldest first."""
    events: list[dict[str, Any]] = []
    page, pages = 1, 1
    while page <= pages:
        data = caller.get(f"{path}/history?limit=100&page={page}").json()["data"]
        events, page, pages = [*events, *data["items"]], page + 1, data["pages"]
    return events[::-1]


def check_history(caller: HttpCaller, path: str) -> None:
    """Each event goes on from where the one before it has ended, and the last one ends at what is there now."""
    now, state = detail(caller, path), {"custom": None, "deleted_at": None}
    events = history(caller, path)
    for event in events:
        for change in event["changes"]:
            field = change["field"]
            assert same(state.get(field), change["before"]), (path, event, state.get(field))
            state[field] = change["after"]
    assert now["version"] == len(events)
    assert sorted(tag["name"] for tag in now["tags"]) == state["tag_names"]
    assert same(now["external_ids"], state["external_ids"])
    assert same([now["custom"], now["port"]], [state["custom"], state["port"]])
    assert moment(now["deleted_at"]) == moment(state["deleted_at"])


def moment(value: str | None) -> datetime | None:
    return value and datetime.fromisoformat(value)


class TestReadersWhoThenWrite:
    """Read, add one, write with the version that was read; whoever comes too late reads again."""

    def test_lose_no_update(self, admin: HttpCaller, callers: list[HttpCaller]) -> None:
        paths = registered(admin, "counted-1", "counted-2", custom={"n": 0})

        def work(number: int) -> Counter[str]:
            chance, added = random.Random(number), Counter()
            for _ in range(ROUNDS):
                path = chance.choice(paths)
                added[path] += self.add_one(callers[number], path, chance)
            return added

        added = sum(at_once(work, times=CALLERS), Counter())

        assert added.total() == CALLERS * ROUNDS
        for path in paths:
            now = detail(admin, path)
            assert now["custom"]["n"] == added[path]
            assert now["version"] == added[path] + 1
            check_history(admin, path)

    def add_one(self, caller: HttpCaller, path: str, chance: random.Random) -> int:
        for _ in range(500):
            now = caller.get(path)
            row = now.json()["data"]["instance"]
            custom = {"custom": {"n": row["custom"]["n"] + 1}}
            whole = {name: row[name] for name in ("name", "db_type", "host", "port")}
            method, body = chance.choice([("PATCH", custom), ("PUT", {**whole, **custom})])
            answer = caller.call(method, path, body, headers={"If-Match": now.headers["ETag"]})
            if answer.status_code == 200:
                return 1
            assert answer.status_code == 412, answer.text
        raise AssertionError("others were always faster")


class TestWritersWhoHaveSeenNothing:
    """Changes without a version are made one after the other, each on what the one before it has left."""

    def test_go_on_from_what_the_one_before_has_left(self, admin: HttpCaller, callers: list[HttpCaller]) -> None:
        names = [f"shared-{number}" for number in range(4)]
        for name in names:
            admin.post(TAGS, {"name": name})
        paths = registered(admin, "crowded-1", "crowded-2", tag_names=names[:1], custom={})

        statuses = self.run(callers, paths, names, lambda *_: None)

        assert set(statuses) <= {200, 404}, statuses
        assert statuses[200] > CALLERS * ROUNDS / 4
        for path in paths:
            check_history(admin, path)

    def test_do_so_while_tags_are_taken_off_and_deleted(self, admin: HttpCaller, callers: list[HttpCaller]) -> None:
        names = [f"fleeting-{number}" for number in range(3)]
        for name in names:
            admin.post(TAGS, {"name": name})
        paths = registered(admin, "stripped-1", "stripped-2", tag_names=names, custom={})

        def strip(caller: HttpCaller, chance: random.Random, statuses: Counter[int]) -> None:
            found = caller.get(f"{TAGS}?search=fleeting").json()["data"]["items"]
            if found:
                tag = chance.choice(found)
                statuses[caller.delete(f"{TAGS}/{tag['id']}?detach=true").status_code] += 1
                statuses[caller.post(TAGS, {"name": tag["name"]}).status_code] += 1

        statuses = self.run(callers, paths, names, strip)

        assert set(statuses) <= {200, 201, 400, 404, 409}, statuses
        for path in paths:
            check_history(admin, path)

    def run(
        self,
        callers: list[HttpCaller],
        paths: list[str],
        names: list[str],
        also: Callable[[HttpCaller, random.Random, Counter[int]], None],
    ) -> Counter[int]:
        """Let everybody change whatever he likes, and count what came back."""

        def work(number: int) -> Counter[int]:
            caller, chance, statuses = callers[number], random.Random(number), Counter()
            for turn in range(ROUNDS):
                if number < 2 and turn % 5 == 0:
                    also(caller, chance, statuses)
                method, path, body = chosen(chance, paths, names)
                statuses[caller.call(method, path, body).status_code] += 1
            return statuses

        return sum(at_once(work, times=CALLERS), Counter())


def chosen(chance: random.Random, paths: list[str], names: list[str]) -> tuple[str, str, Any]:
    path, some = chance.choice(paths), chance.sample(names, 2)
    system, value = chance.choice(["cmdb", "cloud"]), chance.choice([None, f"{path}-{chance.randrange(9)}"])
    return chance.choice(
        [
            ("PATCH", path, {"add_tags": some[:1], "remove_tags": some[1:]}),
            ("PATCH", path, {"tag_names": some}),
            ("PATCH", path, {"external_ids": {system: value}}),
            ("PATCH", path, {"custom": {chance.choice("xyz"): chance.randrange(9)}}),
            ("PATCH", path, {"port": chance.randrange(1, 99), "add_tags": some}),
            ("DELETE", path, None),
            ("POST", f"{path}/restore", {}),
        ]
    )
