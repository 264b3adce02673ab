"""The committed document is what the code says, and the gate that checks it can fail."""

import json
import re

import pytest

from scripts.dev.openapi import export_openapi
from tests.support.contract import document


class TestExport:
    @pytest.fixture
    def rendered(self, monkeypatch):
        """The document is validated once, above; here it is only written and compared."""
        text = json.dumps(document(), ensure_ascii=False, indent=2) + "\n"
        monkeypatch.setattr(export_openapi, "render", lambda: text)
        return text

    def test_finds_the_committed_file_current(self, capsys):
        assert export_openapi.main(["--check"]) == 0, capsys.readouterr().out

    def test_fails_on_a_drifted_file_and_prints_the_difference(self, tmp_path, capsys, rendered):
        target = tmp_path / "openapi.json"
        drifted = rendered.replace('"listTags"', '"listLabels"')
        target.write_text(drifted, encoding="utf-8")

        assert export_openapi.main(["--check"], target=target) == 1
        changed = re.findall(r'^([-+]) +"operationId": "(\w+)"', capsys.readouterr().out, flags=re.MULTILINE)
        assert changed == [("-", "listLabels"), ("+", "listTags")]
        assert target.read_text(encoding="utf-8") == drifted

    def test_fails_without_a_file(self, tmp_path, rendered):
        assert export_openapi.main(["--check"], target=tmp_path / "none.json") == 1

    def test_passes_after_writing(self, tmp_path, rendered):
        target = tmp_path / "openapi.json"

        assert export_openapi.main([], target=target) == 0
        assert export_openapi.main(["--check"], target=target) == 0

    def test_fails_on_a_document_that_is_not_valid(self, tmp_path, monkeypatch, capsys):
        broken = {**document(), "paths": {"/tags": {"get": {"responses": "none"}}}}
        monkeypatch.setattr(export_openapi, "openapi_document", lambda: broken)
        target = tmp_path / "openapi.json"

        assert export_openapi.main([], target=target) == 1
        assert "not valid" in capsys.readouterr().out
        assert not target.exists()
