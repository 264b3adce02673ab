"""The container image and the compose files: no root, no default password, nothing unchecked, loopback alone."""

import re

import pytest
import yaml

from app.core.settings import Settings, secret_fields
from tests.support.dockerfile import instructions
from tests.support.examples import ROOT

DOCKERFILE = ROOT / "deploy" / "Dockerfile"
COMPOSE = [ROOT / "deploy" / "compose.yaml", ROOT / "deploy" / "compose.postgresql.yaml"]
SETTINGS = {f"MUSTER_{name.upper()}" for name in Settings.model_fields}
SETTINGS |= {f"MUSTER_{name.upper()}_FILE" for name in secret_fields()}


class _Loader(yaml.SafeLoader):
    """YAML with the tag by which a later compose file takes away what an earlier one says."""


_Loader.add_constructor("!reset", lambda loader, node: None)


def compose(path):
    return yaml.load(path.read_text(encoding="utf-8"), _Loader)


def services():
    return [(path.name, name, one) for path in COMPOSE for name, one in compose(path)["services"].items()]


@pytest.fixture(scope="module")
def image():
    return instructions(DOCKERFILE)


def of(image, word, stage=None):
    return [one.text for one in image if one.word == word and stage in (None, one.stage)]


class TestTheImage:
    def test_runs_as_a_user_who_is_not_root_by_number(self, image):
        assert of(image, "USER") == ["10001:10001"]

    def test_installs_nothing_that_has_no_hash(self, image):
        installs = [text for text in of(image, "RUN") if "pip " in text]

        assert len(installs) == 4
        assert all("--require-hashes" in text or "--no-index" in text for text in installs)
        assert all(re.search(r"--no-build-isolation|--require-hashes|/opt/wheel", text) for text in installs)

    def test_takes_only_what_was_installed_into_its_last_stage(self, image):
        assert of(image, "COPY", "1") == ["--from=build /opt/muster /opt/muster"]
        assert not any("pip" in text for text in of(image, "RUN", "1"))

    def test_names_no_registry_and_holds_no_secret(self, image):
        text = DOCKERFILE.read_text(encoding="utf-8")

        assert not re.search(r"https?://(?!127\.0\.0\.1)|--index-url|--trusted-host|--extra-index", text)
        assert not re.search(r"PASSWORD|TOKEN|KEYS", text)
        assert of(image, "FROM")[0].split()[0] == "${PYTHON}"

    def test_keeps_its_data_in_a_folder_of_its_own_below_the_volume(self, image):
        [volume] = of(image, "VOLUME")
        [data_dir] = re.findall(r"MUSTER_DATA_DIR=(\S+)", "\n".join(of(image, "ENV")))

        assert data_dir.startswith(f"{volume}/")

    def test_knows_the_settings_that_it_sets_and_probes_readiness(self, image):
        assert set(re.findall(r"MUSTER_\w+", DOCKERFILE.read_text(encoding="utf-8"))) <= SETTINGS
        assert "/health/ready" in of(image, "HEALTHCHECK")[0]
        assert of(image, "STOPSIGNAL") == ["SIGTERM"]

    def test_gets_no_more_of_the_folder_than_it_copies(self, image):
        allowed = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
        copied = {name for text in of(image, "COPY", "build") for name in text.split()[:-1]}

        assert allowed[0] == "*"
        assert {"app/web/static", "console/node_modules"} <= set(allowed)
        assert {line[1:] for line in allowed if line.startswith("!")} == copied
        assert all((ROOT / name).exists() for name in copied)

    def test_checks_what_the_build_needs_as_well(self):
        lines = (ROOT / "deploy" / "build-requirements.lock").read_text(encoding="utf-8").splitlines()
        pins = [line for line in lines if line and not line.startswith((" ", "#"))]

        assert any(pin.startswith("hatchling==") for pin in pins)
        assert all("==" in pin for pin in pins)
        assert sum("--hash=sha256:" in line for line in lines) >= len(pins)


SERVICES = services()


@pytest.mark.parametrize(("path", "name", "service"), SERVICES, ids=[f"{path} {name}" for path, name, _ in SERVICES])
class TestAService:
    def test_publishes_on_loopback_alone(self, path, name, service):
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports") or ())

    def test_has_no_password_that_everybody_knows(self, path, name, service):
        given = service.get("environment", {})

        assert all(value.startswith("/run/secrets/") for key, value in given.items() if re.search("PASSWORD|URL", key))
        assert {key for key in given if key.startswith("MUSTER_")} <= SETTINGS

    def test_gets_the_secrets_that_it_names(self, path, name, service):
        paths = [value for value in service.get("environment", {}).values() if "/run/secrets/" in value]
        named = {path.rpartition("/")[2] for path in paths}

        known = set().union(*(compose(file).get("secrets", {}) for file in COMPOSE))
        assert named <= set(service.get("secrets", ()))
        assert set(service.get("secrets", ())) <= known

    def test_cannot_gain_privileges(self, path, name, service):
        inherits = "extends" in service or (path == "compose.postgresql.yaml" and name == "muster")

        assert inherits or service["security_opt"] == ["no-new-privileges:true"]


class TestMusterInCompose:
    def test_has_a_root_that_cannot_be_written_and_no_capabilities(self):
        muster = compose(COMPOSE[0])["services"]["muster"]

        assert muster["read_only"] is True
        assert muster["cap_drop"] == ["ALL"]
        assert muster["ulimits"] == {"core": 0}
        assert muster["volumes"] == ["data:/var/lib/muster"]
        assert int(muster["stop_grace_period"].removesuffix("s")) > 30

    def test_reads_its_secrets_from_files_that_git_does_not_see(self):
        files = {one["file"] for path in COMPOSE for one in compose(path)["secrets"].values()}

        assert all(file.startswith("secrets/") for file in files)
        assert "deploy/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
