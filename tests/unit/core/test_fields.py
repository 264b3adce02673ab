"""What the kinds of field take, what they refuse, and that no refusal repeats what was sent."""

from datetime import UTC, datetime
from typing import Annotated, Any

import pytest
from pydantic import Field, SecretStr

import app.bootstrap  # noqa: F401 - loads every command
from app.core.errors import Invalid
from app.core.fields import Boolean, Command, FromDigits, Id, Label, Line, Moment, NoFields, Prose
from app.core.messages import LANGUAGES, fault_sentence


class Inner(Command):
    host: str


class Sample(Command):
    number: Annotated[int, FromDigits()] = 0
    id: Id = 1
    ratio: float = Field(0.0, allow_inf_nan=False)
    flag: Boolean = False
    line: Annotated[Line, Field(max_length=5)] = ""
    label: Label = ""
    prose: Prose = ""
    at: Moment | None = None
    secret: SecretStr = Field(SecretStr("long enough"), min_length=3, max_length=20)
    names: list[Annotated[str, Field(max_length=3)]] = Field([], max_length=2)
    inner: Inner | None = None
    custom: dict[str, int] = Field({})


def faults(**values: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        Sample.parse(values)
    return {fault.path: fault.code for fault in caught.value.faults}


class TestTakes:
    @pytest.mark.parametrize(
        ("field", "sent", "kept"),
        [
            ("number", 5, 5),
            ("number", "5", 5),
            ("number", "-5", -5),
            ("number", "007", 7),
            ("id", "9223372036854775807", 2**63 - 1),
            ("flag", True, True),
            ("line", "密码密码密", "密码密码密"),
            ("prose", "one\n\ttwo", "one\n\ttwo"),
            ("label", "two words", "two words"),
        ],
    )
    def test_a_value_as_it_is(self, field, sent, kept):
        assert getattr(Sample.parse({field: sent}), field) == kept

    @pytest.mark.parametrize(
        "sent",
        ["2027-01-31T08:00:00+08:00", "2027-01-31T00:00:00Z", "20270131T000000Z", datetime(2027, 1, 31, tzinfo=UTC)],
    )
    def test_a_moment_of_any_offset_and_keeps_utc(self, sent):
        at = Sample.parse({"at": sent}).at

        assert at == datetime(2027, 1, 31, tzinfo=UTC)
        assert at.utcoffset().total_seconds() == 0

    def test_a_command_that_is_one_already(self):
        sample = Sample(number=3)

        assert Sample.parse(sample) is sample

    def test_what_was_sent_apart_from_what_was_not(self):
        assert Sample.parse({"number": 0, "at": None}).given() == {"number": 0, "at": None}


class TestRefuses:
    @pytest.mark.parametrize("sent", [True, 1.0, 1.5, "1.0", "+1", " 1", "1 ", "٣", "1e3", "0x1", "", "9" * 20, [1]])
    def test_what_is_no_integer(self, sent):
        assert faults(number=sent) == {"number": "wrong_type"}

    @pytest.mark.parametrize("sent", [1, 0, "true", "on", None])
    def test_what_is_no_boolean(self, sent):
        assert faults(flag=sent) == {"flag": "wrong_type"}

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"id": 0}, {"id": "out_of_range"}),
            ({"id": 2**63}, {"id": "out_of_range"}),
            ({"ratio": float("inf")}, {"ratio": "not_finite"}),
            ({"line": "123456"}, {"line": "too_long"}),
            ({"line": 1}, {"line": "wrong_type"}),
            ({"line": "a\x00"}, {"line": "control_characters"}),
            ({"line": "a\n"}, {"line": "control_characters"}),
            ({"line": "a\u2028"}, {"line": "control_characters"}),
            ({"line": "\ud800"}, {"line": "invalid_unicode"}),
            ({"label": " a"}, {"label": "outer_space"}),
            ({"label": "a\u3000"}, {"label": "outer_space"}),
            ({"prose": "a\x0b"}, {"prose": "control_characters"}),
            ({"prose": "a\x9b"}, {"prose": "control_characters"}),
            ({"secret": "ab"}, {"secret": "too_short"}),
            ({"secret": "a" * 21}, {"secret": "too_long"}),
            ({"secret": 5}, {"secret": "wrong_type"}),
            ({"names": ["abcd", "ok"]}, {"names.0": "too_long"}),
            ({"names": ["a", "b", "c"]}, {"names": "too_many"}),
            ({"names": "a"}, {"names": "wrong_type"}),
            ({"inner": {}}, {"inner.host": "required"}),
            ({"inner": {"host": "a", "prot": 1}}, {"inner.prot": "unknown"}),
            ({"inner": 5}, {"inner": "wrong_type"}),
            ({"custom": {"a": "x"}}, {"custom.a": "wrong_type"}),
            ({"at": "2027-01-31"}, {"at": "time_without_offset"}),
            ({"at": "2027-01-31T08:00"}, {"at": "time_without_offset"}),
            ({"at": "yesterday"}, {"at": "invalid_time"}),
            ({"at": "0001-01-01T00:00:00+14:00"}, {"at": "invalid_time"}),
            ({"at": 1_800_000_000}, {"at": "wrong_type"}),
            ({"unknown": 1}, {"unknown": "unknown"}),
        ],
    )
    def test_with_a_code_and_the_path(self, values, expected):
        assert faults(**values) == expected

    def test_all_faults_together(self):
        assert faults(number="x", flag=1, nowhere=None) == {
            "number": "wrong_type",
            "flag": "wrong_type",
            "nowhere": "unknown",
        }

    @pytest.mark.parametrize("payload", [[], "text", 5, None])
    def test_what_is_no_object(self, payload):
        with pytest.raises(Invalid) as caught:
            Sample.parse(payload)

        assert [(fault.path, fault.code) for fault in caught.value.faults] == [("body", "wrong_type")]

    def test_every_field_where_there_is_none(self):
        with pytest.raises(Invalid):
            NoFields.parse({"x": 1})

    def test_without_repeating_the_value(self):
        with pytest.raises(Invalid) as caught:
            Sample.parse(dict.fromkeys(Sample.model_fields, "planted-secret" * 3))

        assert "planted" not in str([fault.params for fault in caught.value.faults])
        assert caught.value.__suppress_context__

    def test_with_a_path_of_bounded_length(self):
        path = next(iter(faults(**{"x" * 5000: 1})))

        assert len(path) <= 101

    def test_a_name_that_is_no_unicode_with_a_path_that_can_be_sent(self):
        next(iter(faults(**{"\ud800": 1}))).encode("utf-8")


def commands() -> list[type[Command]]:
    found, pending = [], [Command]
    while pending:
        one = pending.pop()
        pending += one.__subclasses__()
        if one is not Command and one.__module__.startswith("app."):
            found.append(one)
    return sorted(found, key=lambda one: f"{one.__module__}.{one.__name__}")


BAD = [None, True, 1.5, -1, 10**30, "", " ", "\x00", "\ud800", "x" * 5000, [], ["x" * 5000], [[]], {}, {"a": {"b": []}}]


@pytest.mark.parametrize("command", commands(), ids=lambda one: f"{one.__module__.split('.')[-2]}.{one.__name__}")
class TestEveryCommand:
    def test_has_a_sentence_for_each_bad_value_of_each_field(self, command):
        for value in BAD:
            try:
                command.parse(dict.fromkeys(command.model_fields, value))
            except Invalid as exc:
                for fault in exc.faults:
                    for language in LANGUAGES:
                        assert fault_sentence(fault, language)

    def test_says_what_it_is_for(self, command):
        assert command.__doc__ != Command.__doc__


class TestAMomentWithoutOffset:
    @pytest.mark.parametrize(
        ("sent", "example"),
        [
            ("2026-11-27", "2026-11-27T00:00:00+08:00"),
            ("2026-11-27T08:30", "2026-11-27T08:30:00+08:00"),
            (datetime(2026, 11, 27), "2026-11-27T00:00:00+08:00"),  # noqa: DTZ001 - what a cell of a workbook holds
        ],
    )
    def test_is_told_how_to_write_it(self, sent, example):
        with pytest.raises(Invalid) as caught:
            Sample.parse({"at": sent})

        (fault,) = caught.value.faults
        assert fault.code == "time_without_offset"
        assert example in fault_sentence(fault, "zh")
        assert f"write {example} (in an address + is written %2B)" in fault_sentence(fault, "en")
