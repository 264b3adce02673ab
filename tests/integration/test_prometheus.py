"""The real Prometheus discovers the register with the configuration that the guide shows, and scrapes our metrics."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.support.api import an_instance
from tests.support.examples import ROOT, block
from tests.support.server import HttpCaller, Server, free_port, serving, wait_until
from tests.support.tokens import new_token

METRICS_TOKEN = "planted-token-of-the-metrics"
GUIDE = "docs/guides/prometheus.md"
PROGRAM = shutil.which("prometheus") or shutil.which(str(ROOT / ".tools/prometheus/usr/bin/prometheus"))

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs prometheus: make services")


@contextmanager
def prometheus(folder: Path, config: dict[str, Any]) -> Iterator[httpx.Client]:
    """Run Prometheus with this configuration; gives a client of its API."""
    folder.mkdir()
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    port = free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                str(PROGRAM),
                f"--config.file={folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", trust_env=False) as client:
            yield client
    except AssertionError as exc:
        raise AssertionError(f"{exc}\n{(folder / 'log').read_text(encoding='utf-8')[-3000:]}") from exc
    finally:
        process.terminate()
        process.wait(20)


def ask(client: httpx.Client, path: str, **parameters: str) -> Any:
    """Return the data of an answer, None as long as there is none."""
    try:
        answer = client.get(path, params=parameters)
    except httpx.TransportError:
        return None
    return answer.json()["data"] if answer.status_code == 200 else None


def known_targets(client: httpx.Client) -> list[dict[str, Any]]:
    return (ask(client, "/targets", state="active") or {"activeTargets": []})["activeTargets"]


def shown_config(server: Server, folder: Path, **secrets: str) -> dict[str, Any]:
    """Return the configuration of the guide, with our address, our token and short intervals."""
    text = block(GUIDE, "yaml", holding="http_sd_configs").replace("https://muster.example.com", server.url)
    text = text.replace("https", "http").replace("muster.example.com", f"127.0.0.1:{server.port}")
    for name, secret in secrets.items():
        path = folder / f"muster-{name}"
        path.write_text(secret, encoding="utf-8")
        text = text.replace(f"/etc/prometheus/muster-{name}", str(path))
    config: dict[str, Any] = yaml.safe_load(text)
    assert "/etc/" not in str(config)
    for job in config["scrape_configs"]:
        job["scrape_interval"] = job["scrape_timeout"] = "1s"
        for discovery in job.get("http_sd_configs", ()):
            discovery["refresh_interval"] = "1s"
    return config


def register(admin: HttpCaller) -> None:
    for body in ({"name": "payments"}, {"name": "支付"}):
        assert admin.post("/api/v1/tags", body).status_code == 201
    for body in (
        an_instance(name="orders-01", db_type="mysql", port=3306, tag_names=["payments", "支付"], owner="Ann"),
        an_instance(name="orders-02", db_type="mariadb", host="2001:db8::7", port=3307, environment="production"),
        an_instance(name="other-engine", port=5432),
        an_instance(name="switched-off", db_type="mysql", host="off.example", port=3306, is_active=False),
    ):
        assert admin.post("/api/v1/instances", body).status_code == 201


class TestPrometheus:
    def test_discovers_what_the_register_holds_and_scrapes_its_metrics(self, tmp_path: Path) -> None:
        with serving(tmp_path / "data", metrics_token=METRICS_TOKEN) as server:
            with server.caller() as admin:
                register(admin)
                token = new_token(admin, "prometheus")
            config = shown_config(server, tmp_path, token=token, **{"metrics-token": METRICS_TOKEN})
            with prometheus(tmp_path / "prometheus", config) as client:
                wait_until(lambda: len(known_targets(client)) == 3, seconds=60, what="the discovery")
                targets = {one["labels"]["instance"]: one for one in known_targets(client)}
                wait_until(
                    lambda: (ask(client, "/query", query="muster_instances") or {"result": []})["result"],
                    seconds=60,
                    what="a scrape",
                )
                counted = ask(client, "/query", query='sum(muster_instances{db_type="mysql"})')["result"]

        assert set(targets) == {"orders-01", "orders-02", f"127.0.0.1:{server.port}"}
        one, two = targets["orders-01"], targets["orders-02"]
        assert one["discoveredLabels"]["__meta_muster_tags"] == ",payments,支付,"
        assert one["discoveredLabels"]["__meta_muster_tag_payments"] == "true"
        assert one["discoveredLabels"]["__meta_muster_owner"] == "Ann"
        assert "target=db1.example.com%3A3306" in one["scrapeUrl"]
        assert one["discoveredLabels"]["__meta_muster_exporter"] == "mysqld_exporter"
        assert (two["labels"]["environment"], two["labels"]["engine"]) == ("production", "mariadb")
        assert "target=%5B2001%3Adb8%3A%3A7%5D%3A3307" in two["scrapeUrl"]
        assert "mysqld-exporter.example.com:9104/probe" in two["scrapeUrl"]
        assert counted[0]["value"][1] == "2"
        assert token not in server.log
        assert METRICS_TOKEN not in server.log
