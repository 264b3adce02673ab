"""The page of the command line says what the commands say."""

from app.cli.commands import muster
from app.cli.exit_codes import MEANINGS
from app.core.settings import CLIENT_VARIABLES
from scripts.dev.docs.generate_command_reference import PAGE, main


class TestThePage:
    def test_is_current(self, capsys):
        assert main(["--check"]) == 0, capsys.readouterr().out

    def test_has_every_command_exit_code_and_variable(self):
        page = PAGE.read_text(encoding="utf-8")

        assert [name for name in muster.commands if f"### `muster {name}" not in page] == []
        assert [name for name in (*CLIENT_VARIABLES, *map(str, MEANINGS)) if f"| `{name}` |" not in page] == []


class TestCheck:
    def test_fails_on_a_page_that_says_otherwise(self, tmp_path, capsys):
        drifted = tmp_path / "command-line.md"
        drifted.write_text(PAGE.read_text(encoding="utf-8").replace("--prune", "--purge"), encoding="utf-8")

        assert main(["--check"], page=drifted) == 1
        assert "-| `--purge`" in capsys.readouterr().out
