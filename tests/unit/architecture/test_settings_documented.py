"""The settings page says what the code says, about every setting."""

import os
import tomllib

import pytest

from app.core.settings import CONFIG_FILE, PREFIX, Settings, load, secret_fields
from scripts.dev.docs.generate_settings_reference import PAGE, main, render


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf-8")


class TestThePage:
    def test_is_current(self, capsys):
        assert main(["--check"]) == 0, capsys.readouterr().out

    @pytest.mark.parametrize("name", Settings.model_fields)
    def test_has_a_row_for_each_setting(self, page, name):
        row = next((line for line in page.splitlines() if line.startswith(f"| `MUSTER_{name.upper()}` |")), "")

        assert f"| `{name}` |" in row
        assert Settings.model_fields[name].description

    @pytest.mark.parametrize("name", secret_fields())
    def test_names_the_file_variable_of_each_secret(self, page, name):
        assert f"`MUSTER_{name.upper()}_FILE`" in page

    def test_names_the_variable_of_the_toml_file(self, page):
        assert CONFIG_FILE in page

    def test_does_not_depend_on_the_environment(self, monkeypatch):
        before = render()

        monkeypatch.setenv("MUSTER_THREADS", "13")

        assert render() == before

    def test_shows_a_toml_file_that_works(self, page, tmp_path, monkeypatch):
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            monkeypatch.delenv(name)
        example = page.partition("```toml\n")[2].partition("```")[0]
        path = tmp_path / "muster.toml"
        path.write_text(example, encoding="utf-8")
        monkeypatch.setenv(CONFIG_FILE, str(path))

        settings = load()

        assert settings.base_url == "https://muster.example.com"
        assert settings.model_fields_set == set(tomllib.loads(example))


class TestCheck:
    def test_prints_the_difference_and_leaves_the_page_alone(self, tmp_path, capsys):
        drifted = tmp_path / "settings.md"
        drifted.write_text(render().replace("MUSTER_THREADS", "MUSTER_TREADS"), encoding="utf-8")
        before = drifted.read_text(encoding="utf-8")

        assert main(["--check"], page=drifted) == 1
        out = capsys.readouterr().out
        assert "-| `MUSTER_TREADS`" in out
        assert "+| `MUSTER_THREADS`" in out
        assert drifted.read_text(encoding="utf-8") == before

    def test_fails_without_a_page(self, tmp_path):
        assert main(["--check"], page=tmp_path / "settings.md") == 1

    def test_passes_after_writing(self, tmp_path):
        written = tmp_path / "reference" / "settings.md"

        assert main([], page=written) == 0
        assert main(["--check"], page=written) == 0
