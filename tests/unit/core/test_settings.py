"""Where settings come from, which source wins, and how a bad one stops the start."""

from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.core.settings import CONFIG_FILE, PREFIX, Settings, SettingsInvalid, load, secret_fields

SECRET = "planted-secret-value"


def value_of(name: str) -> str:
    """Return a sound value of a secret setting that holds the planted text."""
    return f"postgresql://muster:{SECRET}@db.example.com/muster" if name == "database_url" else SECRET


@pytest.fixture
def toml(tmp_path, monkeypatch):
    """Write a TOML file and make it the one that is read."""

    def write(text: str) -> Path:
        path = tmp_path / "muster.toml"
        path.write_text(text, encoding="utf-8")
        monkeypatch.setenv(CONFIG_FILE, str(path))
        return path

    return write


class TestSources:
    def test_the_defaults_need_no_setting(self, monkeypatch):
        monkeypatch.setenv("HOME", "/home/somebody")

        settings = load()

        assert settings.data_dir == Path("/home/somebody/.local/share/muster")
        assert settings.database_path.parent == settings.keys_path.parent == settings.data_dir

    def test_a_variable_sets_a_field(self, monkeypatch):
        monkeypatch.setenv("MUSTER_THREADS", "3")

        assert load().threads == 3

    def test_a_key_of_the_file_sets_a_field(self, toml):
        toml('threads = 4\nlog_format = "json"\nallowed_hosts = ["a.example", ".b.example"]')

        settings = load()

        assert (settings.threads, settings.log_format) == (4, "json")
        assert settings.allowed_hosts == ("a.example", ".b.example")

    def test_a_variable_wins_over_the_file(self, toml, monkeypatch):
        toml("threads = 4\nmax_body_bytes = 2048")
        monkeypatch.setenv("MUSTER_THREADS", "5")

        settings = load()

        assert (settings.threads, settings.max_body_bytes) == (5, 2048)

    def test_the_caller_wins_over_a_variable(self, monkeypatch):
        monkeypatch.setenv("MUSTER_THREADS", "5")

        assert load(threads=6).threads == 6

    @pytest.mark.parametrize("name", secret_fields())
    def test_a_secret_comes_out_of_a_file(self, name, tmp_path, monkeypatch, toml):
        toml(f'{name} = "from the TOML file"')
        path = tmp_path / "secret"
        path.write_text(f"{value_of(name)}\n", encoding="utf-8")
        monkeypatch.setenv(f"{PREFIX}{name.upper()}_FILE", str(path))

        assert getattr(load(), name).get_secret_value() == value_of(name)

    def test_a_relative_data_folder_becomes_absolute(self, monkeypatch, tmp_path):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("MUSTER_DATA_DIR", "here")

        assert load().data_dir == tmp_path / "here"

    def test_networks_are_split_and_parsed(self, monkeypatch):
        monkeypatch.setenv("MUSTER_TRUSTED_PROXIES", "10.0.0.0/8, ::1")

        assert load().trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1/128"))

    def test_the_base_url_is_an_origin(self, monkeypatch):
        monkeypatch.setenv("MUSTER_BASE_URL", "https://muster.example.com/")

        assert load().base_url == "https://muster.example.com"


class TestBadSettings:
    @pytest.mark.parametrize(
        ("variable", "value"),
        [
            ("MUSTER_THREADS", "many"),
            ("MUSTER_THREADS", "0"),
            ("MUSTER_THREADS", ""),
            ("MUSTER_LOG_LEVEL", "loud"),
            ("MUSTER_TRUSTED_PROXIES", "10.0.0.1/8"),
            ("MUSTER_TRUSTED_PROXIES", "proxy.example"),
            ("MUSTER_BASE_URL", "muster.example.com"),
            ("MUSTER_BASE_URL", "https://muster.example.com/path"),
            ("MUSTER_ADMIN_USERNAME", "a b"),
            ("MUSTER_LEGACY_ROUTES", "perhaps"),
            ("MUSTER_ARGON2_MEMORY_KIB", "64"),
        ],
    )
    def test_a_bad_value_is_named(self, monkeypatch, variable, value):
        monkeypatch.setenv(variable, value)

        with pytest.raises(SettingsInvalid, match=rf"Setting {variable} has a bad value: .+ See docs"):
            load()

    @pytest.mark.parametrize(
        ("variable", "value", "words"),
        [
            ("MUSTER_THREADS", "abc", "give a whole number from 1 to 64"),
            ("MUSTER_THREADS", "65", "give a whole number from 1 to 64"),
            ("MUSTER_AUDIT_RETENTION_DAYS", "0", "give a whole number from 1 to 36500"),
            ("MUSTER_METRICS_TOKEN", "short", "give 16 characters or more"),
            ("MUSTER_TRUSTED_PROXIES", "10.0.0.1/8", "10.0.0.1/8 is no network: give 10.0.0.0/8, or 10.0.0.1 for"),
            ("MUSTER_TRUSTED_PROXIES", "a.example", "a.example is no network: give one such as 10.0.0.0/8, or an add"),
            ("MUSTER_LOG_LEVEL", "loud", "give debug, info, warning or error"),
            ("MUSTER_LEGACY_ROUTES", "perhaps", "give true or false"),
            ("MUSTER_ADMIN_USERNAME", "a b", "give 1 to 64 letters, digits and the characters _ . @ -"),
        ],
    )
    def test_a_bad_value_is_told_in_words_that_mend_it(self, monkeypatch, variable, value, words):
        monkeypatch.setenv(variable, value)

        with pytest.raises(SettingsInvalid) as caught:
            load()

        assert str(caught.value).startswith(f"Setting {variable} has a bad value: {words}")

    def test_an_empty_path_of_a_secret_is_named(self, monkeypatch):
        monkeypatch.setenv("MUSTER_DATABASE_URL_FILE", "")

        with pytest.raises(SettingsInvalid, match=r"^MUSTER_DATABASE_URL_FILE is empty: give the path of a file"):
            load()

    @pytest.mark.parametrize(
        ("content", "why"), [(None, "No such file or directory"), (b"\xff\xfe", "it is no text in UTF-8")]
    )
    def test_why_a_secret_cannot_be_read_is_told_in_words(self, monkeypatch, tmp_path, content, why):
        path = tmp_path / "keys"
        if content is not None:
            path.write_bytes(content)
        monkeypatch.setenv("MUSTER_KEYS_FILE", str(path))

        with pytest.raises(SettingsInvalid, match=f": {why}\\.$"):
            load()

    def test_a_bad_value_of_the_file_is_named(self, toml):
        toml('max_body_bytes = "huge"')

        with pytest.raises(SettingsInvalid, match="MUSTER_MAX_BODY_BYTES"):
            load()

    def test_all_bad_values_are_named_at_once(self, monkeypatch):
        monkeypatch.setenv("MUSTER_THREADS", "0")
        monkeypatch.setenv("MUSTER_LOG_FORMAT", "xml")

        with pytest.raises(SettingsInvalid, match=r"(?s)MUSTER_THREADS.*MUSTER_LOG_FORMAT"):
            load()

    def test_an_unknown_variable_is_named(self, monkeypatch):
        monkeypatch.setenv("MUSTER_TREADS", "3")

        with pytest.raises(SettingsInvalid, match="Unknown setting MUSTER_TREADS"):
            load()

    @pytest.mark.parametrize("name", ["muster_threads", "Muster_Threads", "Muster_Typo", "muster_config_file"])
    def test_a_variable_that_is_not_in_capitals_is_named(self, monkeypatch, name):
        monkeypatch.setenv(name, "3")

        with pytest.raises(SettingsInvalid, match=f"Unknown setting {name}: correct the spelling"):
            load()

    @pytest.mark.parametrize("name", sorted(set(Settings.model_fields) - set(secret_fields())))
    def test_only_a_secret_has_a_file_variant(self, monkeypatch, name):
        monkeypatch.setenv(f"{PREFIX}{name.upper()}_FILE", "/dev/null")

        with pytest.raises(SettingsInvalid, match=f"Unknown setting {PREFIX}{name.upper()}_FILE"):
            load()

    def test_an_unknown_key_of_the_file_is_named_with_the_file(self, toml):
        path = toml("treads = 3")

        with pytest.raises(SettingsInvalid, match=f"Unknown setting treads in {path}"):
            load()

    def test_an_unknown_keyword_is_refused(self):
        with pytest.raises(ValidationError, match="treads"):
            Settings(treads=3)

    def test_a_secret_and_its_file_exclude_each_other(self, monkeypatch, tmp_path):
        monkeypatch.setenv("MUSTER_KEYS", SECRET)
        monkeypatch.setenv("MUSTER_KEYS_FILE", str(tmp_path / "keys"))

        with pytest.raises(SettingsInvalid, match="MUSTER_KEYS and MUSTER_KEYS_FILE are both set") as caught:
            load()

        assert SECRET not in str(caught.value)

    @pytest.mark.parametrize("content", [None, b"\xff\xfe"])
    def test_an_unreadable_secret_file_is_named(self, monkeypatch, tmp_path, content):
        path = tmp_path / "keys"
        if content is not None:
            path.write_bytes(content)
        monkeypatch.setenv("MUSTER_KEYS_FILE", str(path))

        with pytest.raises(SettingsInvalid, match=f"MUSTER_KEYS_FILE: cannot read {path}"):
            load()

    @pytest.mark.parametrize("content", [b"threads = ", b"\xff\xfe"])
    def test_a_file_that_is_no_toml_is_named(self, monkeypatch, tmp_path, content):
        path = tmp_path / "muster.toml"
        path.write_bytes(content)
        monkeypatch.setenv(CONFIG_FILE, str(path))

        with pytest.raises(SettingsInvalid, match=f"{CONFIG_FILE}: {path} is not TOML"):
            load()

    def test_a_missing_file_is_named(self, monkeypatch, tmp_path):
        monkeypatch.setenv(CONFIG_FILE, str(tmp_path / "absent.toml"))

        with pytest.raises(SettingsInvalid, match=r"cannot read .*absent\.toml: No such file"):
            load()

    @pytest.mark.parametrize("alone", ["MUSTER_TLS_CERTIFICATE", "MUSTER_TLS_KEY"])
    def test_certificate_and_key_go_together(self, monkeypatch, alone):
        monkeypatch.setenv(alone, "/etc/muster/tls.pem")

        with pytest.raises(SettingsInvalid, match="set both or neither"):
            load()


class TestTheAddressOfADatabase:
    @pytest.mark.parametrize(
        "address",
        [
            "postgresql://muster:p%40ss@db.example.com:5432/muster?sslmode=verify-full",
            "postgresql+psycopg://muster@[::1]/muster",
            "postgresql:///muster?host=/var/run/postgresql",
        ],
    )
    def test_is_one_of_postgresql(self, address):
        assert load(database_url=address).database_url.get_secret_value() == address

    @pytest.mark.parametrize(
        "address",
        [
            f"mysql://muster:{SECRET}@db/muster",
            f"postgresql+psycopg2://muster:{SECRET}@db/muster",
            f"postgresql://muster:x@db:{SECRET}/muster",
            f"postgresql://muster:{SECRET}@db",
            SECRET,
            "",
        ],
    )
    def test_that_is_none_is_refused_without_repeating_it(self, address):
        with pytest.raises(SettingsInvalid, match="MUSTER_DATABASE_URL has a bad value: give postgresql://") as caught:
            load(database_url=address)

        assert SECRET not in str(caught.value)

    @pytest.mark.parametrize(
        "address",
        [
            f"postgresql://muster:choose@{SECRET}@127.0.0.1:5432/muster",
            f"postgresql://muster:choose@a/{SECRET}@127.0.0.1/muster",
            f"postgresql://muster:choose@a?{SECRET}@127.0.0.1/muster",
        ],
    )
    def test_that_holds_an_at_sign_in_its_password_is_refused_without_repeating_it(self, address):
        with pytest.raises(SettingsInvalid, match=r"MUSTER_DATABASE_URL has a bad value: .* write @ as %40") as caught:
            load(database_url=address)

        assert SECRET not in str(caught.value)

    @pytest.mark.parametrize("user", ["ann@corp:pw", "ann:pw", "ann"])
    def test_may_hold_one_in_the_name_of_the_user(self, user):
        load(database_url=f"postgresql://{user}@db.example.com:5432/muster")


class TestSecrets:
    @pytest.mark.parametrize("name", secret_fields())
    def test_are_masked_wherever_settings_are_shown(self, name):
        settings = load(**{name: value_of(name)})

        for shown in (repr(settings), str(settings), repr(settings.model_dump()), settings.model_dump_json()):
            assert SECRET not in shown

    def test_are_not_in_the_sentence_about_a_bad_value(self, toml):
        toml(f'admin_password = ["{SECRET}"]\nkeys = {{ a = "{SECRET}" }}')

        with pytest.raises(SettingsInvalid, match="MUSTER_ADMIN_PASSWORD") as caught:
            load()

        assert SECRET not in str(caught.value)
        assert caught.value.__suppress_context__

    def test_settings_cannot_be_changed(self):
        with pytest.raises(ValidationError, match="frozen"):
            load().threads = 9
