"""Which rights are asked for, how they are read from SHOW GRANTS, and that the guides say the same."""

import re
from pathlib import Path

import pytest

from app.engines.errors import StepFailed
from app.engines.facts import PrivilegeFact
from app.engines.ladder import Step
from app.engines.mysql import privileges, requirements

GUIDES = Path(__file__).parents[4] / "docs" / "guides" / "monitor-accounts"
ACCOUNT = "'muster'@'<worker address>'"
CREATE = f"CREATE USER {ACCOUNT} IDENTIFIED BY '<password>' REQUIRE SSL WITH MAX_USER_CONNECTIONS 5;"


def scripts(name: str) -> list[str]:
    text = (GUIDES / name).read_text(encoding="utf-8")
    return [" ".join(one.split()) for one in re.findall(r"```sql\n(.*?)```", text, re.DOTALL)]


class TestTheGuides:
    @pytest.mark.parametrize(
        ("name", "number", "version"),
        [("mysql.md", 0, (8, 0)), ("mysql.md", 1, (5, 7)), ("mariadb.md", 0, (10, 5)), ("mariadb.md", 1, (10, 4))],
    )
    def test_show_what_a_check_asks_for(self, name: str, number: int, version: tuple[int, ...]) -> None:
        wanted = requirements.script(ACCOUNT, is_mariadb=name == "mariadb.md", version=version)

        assert scripts(name)[number] == " ".join([CREATE, *wanted])


class TestTheScript:
    @pytest.mark.parametrize("is_mariadb", [False, True])
    @pytest.mark.parametrize("version", [(5, 7), (8, 0, 36), (10, 4), (10, 11), (11, 4)])
    def test_gives_neither_data_nor_hashes_nor_more_than_looking(
        self, version: tuple[int, ...], *, is_mariadb: bool
    ) -> None:
        script = "\n".join(requirements.script("'m'@'%'", is_mariadb=is_mariadb, version=version))

        for word in (
            "authentication_string",
            "User_attributes",
            "global_priv",
            "SUPER",
            "GRANT OPTION",
            "WITH",
            "PROCESS",
        ):
            assert not re.search(rf"\b{word}\b", script)
        assert not re.search(r"SELECT ON (\*|mysql\.\*|mysql\.user)", script)

    def test_asks_old_mariadb_for_what_it_has(self) -> None:
        assert "SLAVE MONITOR" not in "".join(requirements.script("'m'@'%'", is_mariadb=True, version=(10, 4, 32)))

    def test_asks_for_tables_of_roles_where_there_are_roles(self) -> None:
        old = "".join(requirements.script("'m'@'%'", is_mariadb=False, version=(5, 7, 44)))
        new = "".join(requirements.script("'m'@'%'", is_mariadb=False, version=(8, 4, 0)))

        assert "role_edges" not in old
        assert "role_edges" in new


class TestAnAccountsName:
    @pytest.mark.parametrize(
        ("account", "quoted"),
        [
            ("muster@%", "'muster'@'%'"),
            ("a@b@10.0.0.1", "'a@b'@'10.0.0.1'"),
            ("o'neil@%", "'o''neil'@'%'"),
            ("x\\@%", "'x\\\\'@'%'"),
            ("@localhost", "''@'localhost'"),
        ],
    )
    def test_is_quoted_as_statements_take_it(self, account: str, quoted: str) -> None:
        assert requirements.quoted(account) == quoted


class TestShowGrants:
    def test_is_read_for_what_holds_everywhere(self) -> None:
        lines = [
            "GRANT SELECT, SHOW DATABASES ON *.* TO `m`@`%` IDENTIFIED BY PASSWORD '*94BDCEBE19083CE2A1F9'",
            "GRANT BACKUP_ADMIN,ROLE_ADMIN ON *.* TO `m`@`%`",
            "GRANT SHOW VIEW ON *.* TO `a_role`",
            "GRANT DELETE ON `shop`.* TO `m`@`%`",
            "GRANT `a_role` TO `m`@`%`",
        ]

        assert privileges.granted(lines) == {"SELECT", "SHOW DATABASES", "BACKUP_ADMIN", "ROLE_ADMIN", "SHOW VIEW"}


class TestTheVerdict:
    def test_fails_the_step_when_something_is_missing(self) -> None:
        found = [
            PrivilegeFact(need="accounts", cause="privilege.missing"),
            PrivilegeFact(need="sizes", cause="privilege.filtered"),
        ]

        with pytest.raises(StepFailed) as raised:
            privileges.judge(Step(), found)
        assert raised.value.cause == "privilege.missing"

    def test_warns_when_something_is_only_filtered(self) -> None:
        step = Step()

        privileges.judge(
            step, [PrivilegeFact(need="identify"), PrivilegeFact(need="sizes", cause="privilege.filtered")]
        )

        assert step.warning == "privilege.filtered"
        assert step.detail["needs"] == {"identify": "ok", "sizes": "privilege.filtered"}

    def test_is_silent_when_all_is_there(self) -> None:
        step = Step()

        privileges.judge(step, [PrivilegeFact(need="identify")])

        assert step.warning is None
