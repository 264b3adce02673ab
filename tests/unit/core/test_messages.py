"""Every code that the program uses has its sentences, every sentence is used, and each gets what it asks for."""

import ast
import re
import string
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import app.bootstrap
from app.core import messages
from app.core.errors import FieldFault, Invalid, MusterError
from app.core.fields import Command
from app.core.messages import LANGUAGES, catalogue, fault_sentence, sentence, suggestions
from app.engines.errors import CAUSES
from app.engines.registry import DB_TYPES
from app.http.body import BodyMalformed

APP = Path(app.bootstrap.__file__).parent
CODES = sorted(catalogue())


@cache
def source() -> tuple[ast.AST, ...]:
    """Return every node of the program but those of docstrings."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(APP.rglob("*.py"))]
    return tuple(node for tree in trees for node in ast.walk(tree) if not _is_docstring(node))


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def texts(node: ast.AST | None) -> list[str]:
    """Return the texts that an expression can be: a constant, or either side of a condition."""
    if isinstance(node, ast.IfExp):
        return texts(node.body) + texts(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


@cache
def calls_by_name() -> dict[str, list[ast.Call]]:
    found: dict[str, list[ast.Call]] = defaultdict(list)
    for node in source():
        if isinstance(node, ast.Call):
            found[node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")].append(node)
    return dict(found)


def calls(*names: str) -> list[ast.Call]:
    return [call for name in names for call in calls_by_name().get(name, [])]


@cache
def raised_bare() -> dict[str, list[int]]:
    """Return the lines that raise an error's class as it stands, by its name."""
    found: dict[str, list[int]] = defaultdict(list)
    for node in source():
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name):
            found[node.exc.id].append(node.lineno)
    return dict(found)


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


def keys(node: ast.expr | None) -> set[str]:
    return {key.value for key in node.keys if isinstance(key, ast.Constant)} if isinstance(node, ast.Dict) else set()


def all_errors(base: type[MusterError] = MusterError) -> set[type[MusterError]]:
    return {one for sub in base.__subclasses__() for one in ({sub} | all_errors(sub))}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def needs(code: str) -> set[str]:
    return placeholders(catalogue()[code]["zh"]) | placeholders(catalogue()[code].get("mend_zh", ""))


@cache
def used_codes() -> set[str]:
    said = [text for call in calls("Success", "sentence", "suggestions") for text in texts(call.args[0])]
    public = [text for call in calls("safe_call") for text in texts(keyword(call, "public_error"))]
    kinds = [error.code for error in all_errors()]
    malformed = [f"error.body_malformed.{text}" for call in calls("_malformed") for text in texts(call.args[0])]
    causes = [f"cause.{cause}" for cause in CAUSES]
    return {*said, *public, *kinds, *malformed, *causes, *(f"field.{code}" for code in used_field_codes())}


@cache
def used_field_codes() -> set[str]:
    refused = [text for call in calls("refuse") for text in texts(call.args[0])]
    found = [text for call in calls("FieldFault") for text in texts(call.args[1])]
    found += [text for call in calls("Misfit", "unreadable") for text in texts(call.args[0])]
    return {*refused, *found, *app.core.fields._CODES.values(), "wrong_type"}


@cache
def constants() -> set[str]:
    return {text for node in source() for text in texts(node)}


def fields_of_commands() -> set[str]:
    pending, names = [Command], set()
    while pending:
        command = pending.pop()
        pending += command.__subclasses__()
        names |= set(command.model_fields) | command.read_only
    return names


def is_used(code: str) -> bool:
    kind, _, rest = code.partition(".")
    if kind == "field":
        fault, _, field = rest.partition(".")
        return fault in used_field_codes() and (not field or field in fields_of_commands())
    return rest in constants() if kind == "type" else code in used_codes() or code in constants()


# The others fill their sentence by themselves; TestErrorsThatFillThemselves looks at those.
PLAIN_ERRORS = sorted((one for one in all_errors() if "__init__" not in vars(one)), key=lambda one: one.__name__)


class TestEveryCode:
    @pytest.mark.parametrize("code", CODES)
    def test_speaks_both_languages_with_the_same_placeholders(self, code):
        entry = catalogue()[code]

        assert {"zh", "en"} <= set(entry) <= {"zh", "en", "mend_zh", "mend_en", "also_for", "also_zh", "also_en"}
        assert ("mend_zh" in entry) == ("mend_en" in entry)
        assert ("also_zh" in entry) == ("also_en" in entry) == ("also_for" in entry)
        assert set(entry.get("also_for", "").split()) <= set(DB_TYPES)
        assert all(text.strip() for text in entry.values())
        assert placeholders(entry["zh"]) == placeholders(entry["en"])
        for kind in ("mend", "also"):
            assert placeholders(entry.get(f"{kind}_zh", "")) == placeholders(entry.get(f"{kind}_en", ""))

    def test_that_is_used_is_there(self):
        assert used_codes() - set(CODES) == set()

    def test_that_is_there_is_used(self):
        assert [code for code in CODES if not is_used(code)] == []

    def test_of_the_program_was_found_by_these_tests(self):
        assert {"instance.created", "auth.login_failed", "error.csrf_missing", "field.invalid_host"} <= used_codes()
        assert {"instance.restored", "instance.not_deleted", "error.body_malformed.duplicate_key"} <= used_codes()


class TestEverySentence:
    @pytest.mark.parametrize("error", PLAIN_ERRORS, ids=lambda one: one.__name__)
    def test_of_an_error_gets_its_values_wherever_it_is_raised(self, error):
        for line in raised_bare().get(error.__name__, []):
            assert not needs(error.code), f"line {line} raises it without values"
        for call in calls(error.__name__):
            assert needs(error.code) <= keys(keyword(call, "params")), f"line {call.lineno}"

    def test_about_a_malformed_body_gets_its_values(self):
        found = list(calls("_malformed"))

        assert len(found) > 5
        for call in found:
            for problem in texts(call.args[0]):
                assert needs(f"error.body_malformed.{problem}") <= {one.arg for one in call.keywords}, problem

    def test_about_a_field_gets_its_values(self):
        found = [(call.args[0], {one.arg for one in call.keywords}) for call in calls("refuse", "unreadable")]
        found += [(call.args[1], keys(call.args[2] if len(call.args) > 2 else None)) for call in calls("FieldFault")]
        for node, values in found:
            for fault in texts(node):
                own = [code for code in CODES if code == f"field.{fault}" or code.startswith(f"field.{fault}.")]
                assert all(needs(code) <= values for code in own), fault


class TestErrorsThatFillThemselves:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_fill_their_sentence(self, language):
        error = Invalid([FieldFault("port", "required")])

        assert "1" in sentence(error.code, language, error.params)

    def test_name_the_problem_and_the_place(self):
        error = BodyMalformed("json", line=3, column=7)

        assert sentence(error.code, "en", error.params) == "The body is not valid JSON (line 3, column 7)"
        assert error.extra == {"problem": "json", "line": 3, "column": 7}


class TestASentenceThatIsFilled:
    def test_keeps_its_fields_apart_from_what_needs_a_space(self):
        """Where Chinese fills a field, the spaces around it go: so beside it must stand Chinese."""
        needs_one = re.compile(r"[!-~] \{\w+\}|\{\w+\} [!-~]")

        found = {
            f"{code}.{key}"
            for code, entry in catalogue().items()
            for key in entry
            if key.endswith("zh") and needs_one.search(re.sub(r"\{\{|\}\}", "", entry[key]))
        }

        assert not found


class TestSaying:
    def test_an_unknown_code_is_an_error(self):
        with pytest.raises(KeyError):
            sentence("instance.exploded", "en")

    def test_fills_in_values_without_reading_them(self):
        said = sentence("user.not_found", "en", {"name": "{0.__class__} %s"})

        assert said == "There is no user {0.__class__} %s"

    @pytest.mark.parametrize(
        ("host", "port", "said"),
        [
            ("db1", 5432, "在 db1 的 5432 端口上"),
            ("各实例所登记的主机", "所登记", "在各实例所登记的主机的所登记端口上"),
        ],
    )
    def test_chinese_that_is_filled_in_stands_without_spaces(self, host, port, said):
        [advice] = suggestions("cause.connect.refused", "zh", {"host": host, "port": port})

        assert said in advice

    def test_gives_advice_only_where_there_is_some(self):
        assert suggestions("error.conflict", "en") == []
        assert suggestions("error.unavailable", "en") == ["Try again later"]

    @pytest.mark.parametrize(
        ("fault", "said"),
        [
            (FieldFault("port", "out_of_range", {"bounds": "≥ 1"}), "A port is 1 to 65535"),
            (FieldFault("limit", "out_of_range", {"bounds": "≥ 1"}), "Out of range; must be ≥ 1"),
            (FieldFault("a.0.port", "wrong_type", {"expected": "integer"}), "Wrong type; expected: an integer"),
            (FieldFault("x", "not_a_choice", {"expected": "a, b"}), "Must be a, b"),
        ],
    )
    def test_a_field_may_have_its_own_sentence(self, fault, said):
        assert fault_sentence(fault, "en") == said

    def test_one_code_twice_is_an_error(self, tmp_path, monkeypatch):
        for name in ("a.toml", "b.toml"):
            (tmp_path / name).write_text('["x.y"]\nzh = "x"\nen = "y"\n', encoding="utf-8")
        monkeypatch.setattr(messages, "files", lambda package: tmp_path)

        with pytest.raises(ValueError, match=r"'x\.y' is defined twice"):
            messages.catalogue.__wrapped__()


class TestTheSentenceOfAField:
    @pytest.mark.parametrize(
        ("fault", "said"),
        [
            (FieldFault("operations", "too_short", {"min_length": 1}), "At least 1 operation"),
            (FieldFault("add_tags.0", "unknown_reference", {"value": "nope"}), "There is no tag nope"),
            (FieldFault("operations.2.data.remove_tags.0", "unknown_reference", {"value": "x"}), "There is no tag x"),
        ],
    )
    def test_says_what_the_field_holds(self, fault, said):
        assert fault_sentence(fault, "en") == said
