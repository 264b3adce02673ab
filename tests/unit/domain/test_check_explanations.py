"""What a check says: for every cause, in both languages, whatever it has learnt of the server."""

import pytest

from app.core.messages import LANGUAGES
from app.domain.checks.explanation import message_of, message_of_cause, remedy_of, remedy_of_cause
from app.engines.errors import CAUSES

NOTHING = {
    "status": "finished", "outcome": "failed", "instance_id": None,
    "host": "db1.example.com", "port": 5432, "db_type": "postgresql",
    "username": None, "address": None, "server": None, "privileges": None, "steps": [],
}  # fmt: skip


def a_check(cause, **learnt):
    return {**NOTHING, "cause": cause, **learnt}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cause", CAUSES)
class TestEveryCause:
    def test_has_a_sentence_though_nothing_is_known(self, cause, language):
        said = message_of(a_check(cause), language) + (remedy_of(a_check(cause), language) or "")

        assert said
        assert not {"{", "}"} & set(said)

    def test_takes_what_a_server_says_as_it_is(self, cause, language):
        detail = {"user": "{0.__class__}", "our_address": "{host}", "server_text": "%s", "package": "a{b"}
        step = {"step": "login", "outcome": "failed", "cause": cause, "took_ms": 1, "detail": detail}

        message_of(a_check(cause, steps=[step]), language)
        remedy_of(a_check(cause, steps=[step]), language)

    def test_has_a_sentence_without_gaps_for_many_checks_at_once(self, cause, language):
        said = message_of_cause(cause, language, user=None) + (remedy_of_cause(cause, language, user=None) or "")

        assert not {"{", "}", "…"} & set(said)


class TestARemedy:
    def test_names_the_statements_that_give_the_missing_rights_once(self):
        privileges = [
            {"need": "accounts", "grant": "GRANT pg_monitor TO muster;"},
            {"need": "sizes", "grant": "GRANT pg_monitor TO muster;"},
            {"need": "identify", "grant": None},
        ]

        said = remedy_of(a_check("privilege.missing", privileges=privileges), "en")

        assert said.count("GRANT pg_monitor TO muster;") == 1

    @pytest.mark.parametrize(("engine", "told"), [("mysql", True), ("mariadb", True), ("postgresql", False)])
    def test_speaks_of_the_host_part_of_an_account_only_where_there_is_one(self, engine, told):
        said = remedy_of(a_check("login.refused", db_type=engine), "en")

        assert said.startswith("The server does not tell a wrong password")
        assert ("host part" in said) is told
        assert "host part" in remedy_of_cause("login.refused", "en", user=None)

    def test_names_our_address_as_the_step_or_the_server_knows_it(self):
        step = {"step": "login", "cause": "access.host_not_allowed", "detail": {"our_address": "10.9.8.7"}}
        by_step = remedy_of(a_check("access.host_not_allowed", steps=[step]), "en")
        by_server = remedy_of(a_check("access.host_not_allowed", server={"our_address": "10.1.1.1"}), "en")
        unknown = remedy_of(a_check("access.host_not_allowed"), "en")

        assert "10.9.8.7" in by_step
        assert "10.1.1.1" in by_server
        assert "the address of the machine that runs Muster" in unknown

    def test_names_the_account_that_the_server_took_us_for(self):
        by_name = message_of(a_check("login.refused", username="muster"), "en")
        by_server = message_of(a_check("login.refused", username="muster", server={"session_user": "m@h"}), "en")
        remedy = remedy_of(a_check("login.refused", username="muster"), "en")

        assert "muster" in by_name + remedy
        assert "m@h" in by_server or "m@h" in remedy_of(
            a_check("login.refused", username="muster", server={"session_user": "m@h"}), "en"
        )

    def test_is_none_where_all_is_well_or_under_way(self):
        assert remedy_of(a_check(None), "en") is None
        assert message_of({**a_check(None), "status": "running"}, "zh") == "检测进行中"
