"""`MUSTER_LINK_TEMPLATES`: what is a sound template, and what is said of another."""

import pytest

from app.core.settings import CONFIG_FILE, SettingsInvalid, load

SOUND = "https://grafana.example.com/d/db?var-host={host}&port={port}&n={name}&t={db_type}&e={environment}&i={id}"


@pytest.fixture
def given(monkeypatch):
    def read(text: str) -> dict[str, str]:
        monkeypatch.setenv("MUSTER_LINK_TEMPLATES", text)
        return load().link_templates

    return read


class TestTemplates:
    def test_are_none_without_the_setting(self):
        assert load().link_templates == {}

    def test_come_as_an_object_in_json(self, given):
        text = f'{{"Grafana": "{SOUND}", "运维手册": "http://wiki:8080/{{{{raw}}}}/{{id}}"}}'

        assert given(text) == {"Grafana": SOUND, "运维手册": "http://wiki:8080/{{raw}}/{id}"}

    def test_come_as_a_table_of_the_file(self, tmp_path, monkeypatch):
        path = tmp_path / "muster.toml"
        path.write_text('[link_templates]\nPMM = "https://pmm.example.com/{name}"\n', encoding="utf-8")
        monkeypatch.setenv(CONFIG_FILE, str(path))

        assert load().link_templates == {"PMM": "https://pmm.example.com/{name}"}

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("Grafana", "it is no JSON"),
            ('["https://a.example"]', "give an object of texts"),
            ('{"a": 1}', "give an object of texts"),
            ('{"": "https://a.example"}', "a name of 1 to 50 printable characters"),
            ('{" a": "https://a.example"}', "a name of 1 to 50 printable characters"),
            ('{"a": "javascript:alert({id})"}', "must begin with https:// or http://"),
            ('{"a": "//a.example/{id}"}', "must begin with https:// or http://"),
            ('{"a": "https://{host}/"}', "the name of a host"),
            ('{"a": "https://u:secret@a.example/"}', "names a user"),
            ('{"a": "https://a.example/{password}"}', "holds {password}: what can be replaced is {name}, {host}"),
            ('{"a": "https://a.example/{host.__class__}"}', "holds {host.__class__}"),
            ('{"a": "https://a.example/{host!r}"}', "what can be replaced is"),
            ('{"a": "https://a.example/{host:>9}"}', "what can be replaced is"),
            ('{"a": "https://a.example/{"}', "a brace without its other half"),
            ('{"a": "https://a.example/a b"}', "percent-encode it"),
            ('{"a": "https://a.example/\\u5e93"}', "percent-encode it"),
        ],
    )
    def test_that_are_wrong_stop_the_start_with_a_sentence(self, given, text, said):
        with pytest.raises(SettingsInvalid, match="MUSTER_LINK_TEMPLATES has a bad value") as refused:
            given(text)

        assert said in str(refused.value)
        assert "secret" not in str(refused.value)

    def test_are_twenty_at_most(self, given):
        with pytest.raises(SettingsInvalid, match="20 templates at most"):
            given("{" + ", ".join(f'"{number}": "https://a.example"' for number in range(21)) + "}")
