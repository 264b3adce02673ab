"""What nobody should send: always an envelope with a 4xx that says what is wrong and where, and nothing written."""

import gzip
import json

import pytest

from tests.support.api import ApiCaller, faults

CREATE = "/api/v1/instances"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
BOUNDARY = "multipart/form-data; boundary=b"


def part(name: bytes, value: bytes, more: bytes = b"") -> bytes:
    return b'--b\r\nContent-Disposition: form-data; name="' + name + b'"' + more + b"\r\n\r\n" + value + b"\r\n"


def bomb(depth: int) -> bytes:
    return b'{"custom": ' + b"[" * depth + b"]" * depth + b"}"


@pytest.fixture
def refused(house):
    """Send a body to three calls that take one, each by another way; returns the answer that all three gave."""

    def send(data: bytes, content_type: str | None, **headers: str):
        paths, rows = (CREATE, f"{CREATE}/{house.instance()['id']}/delete", "/api/v1/auth/login"), house.rows()
        answers = [house.admin.post(path, data=data, content_type=content_type, headers=headers) for path in paths]
        assert len({(answer.status_code, answer.json["message_code"]) for answer in answers}) == 1
        assert house.rows() == rows
        return answers[0]

    return send


class TestABodyThatCannotBeRead:
    @pytest.mark.parametrize(
        ("data", "content_type", "reason", "where"),
        [
            (b"{", JSON, "json", {"line": 1, "column": 2}),
            (b'{"name": "a",\n "port" 1}', JSON, "json", {"line": 2, "column": 9}),
            (b'{"name": "a"} x', JSON, "json", {"line": 1, "column": 15}),
            (b"{'name': 'a'}", JSON, "json", {"line": 1, "column": 2}),
            (b'{"name": "a\x00b"}', JSON, "json", {"line": 1, "column": 12}),
            (b'{"name": "a\nb"}', JSON, "json", {"line": 1, "column": 12}),
            (b"\xef\xbb\xbf{}", JSON, "json", {"line": 1, "column": 1}),
            (b" ", JSON, "json", {"line": 1, "column": 2}),
            (b"name=a", JSON, "json", {"line": 1, "column": 1}),
            (b'{"name": "\xff"}', JSON, "utf8", {"position": 10}),
            ('{"name": "a"}'.encode("utf-16"), JSON, "utf8", {"position": 0}),
            (b'{"name": "\xed\xa0\x80"}', JSON, "utf8", {"position": 10}),
            (b'{"name": "a", "port": 1, "name": "b"}', JSON, "duplicate_key", {"name": "name"}),
            (b'{"name": "a", "\\u006eame": "b"}', JSON, "duplicate_key", {"name": "name"}),
            (b'{"custom": {"rack": 1, "rack": 1}}', JSON, "duplicate_key", {"name": "rack"}),
            (b'{"port": NaN}', JSON, "constant", {"name": "NaN"}),
            (b'{"custom": {"a": Infinity}}', JSON, "constant", {"name": "Infinity"}),
            (b'{"custom": {"a": [-Infinity]}}', JSON, "constant", {"name": "-Infinity"}),
            (b'{"\\ud800": 1}', JSON, "surrogate", {}),
            (b'{"custom": {"a\\udfff": 1}}', JSON, "surrogate", {}),
            (b'{"port": ' + b"9" * 5000 + b"}", JSON, "number", {}),
            (bomb(100_000), JSON, "nesting", {}),
            (b"[" * 100_000, JSON, "nesting", {}),
            (b"name=a&owner=%ff", FORM, "utf8", {}),
            (b"owner=\xff", FORM, "utf8", {}),
            (b"own%ffer=a", FORM, "utf8", {}),
            (b"owner=%ed%a0%80", FORM, "utf8", {}),
            (b"&".join(b"f%d=1" % number for number in range(2001)), FORM, "too_many_fields", {"most": 2000}),
            (part(b"owner", b"\xff") + b"--b--\r\n", BOUNDARY, "utf8", {}),
            (part(b"own\xff", b"a") + b"--b--\r\n", BOUNDARY, "utf8", {}),
            (part(b"owner", b"a"), BOUNDARY, "multipart", {}),
            (b"owner=a", BOUNDARY, "multipart", {}),
            (part(b"owner", b"a") + b"--b--\r\n", "multipart/form-data", "multipart", {}),
            (part(b"owner", b"a") + b"--b--\r\n", "multipart/form-data; boundary=\xe9", "multipart", {}),
        ],
    )
    def test_is_refused_with_what_is_wrong_and_where(self, refused, data, content_type, reason, where):
        answer = refused(data, content_type)

        assert (answer.status_code, answer.json["message_code"]) == (400, "INVALID_REQUEST")
        assert answer.json["extra"]["problem"] == reason
        assert {**answer.json["extra"], **where} == answer.json["extra"]
        assert len(answer.get_data()) < 2000

    @pytest.mark.parametrize("data", [b"[]", b"null", b"true", b"5", b"1e999", b'"name"', b"[{}]"])
    def test_is_refused_when_it_is_no_object(self, refused, data):
        answer = refused(data, JSON)

        assert answer.status_code == 400
        assert answer.json["extra"]["reason"] == "error.body_not_object"

    def test_points_into_a_long_form(self, refused):
        data = b"name=a&description=" + b"x" * 100 + b"&owner=%ff"

        assert refused(data, FORM).json["extra"]["position"] >= data.index(b"owner")


class TestAContentType:
    @pytest.mark.parametrize(
        "content_type",
        [
            None, "", "text/plain", "text/html", "application/xml", "application/octet-stream", "text/json", "json",
            "application/x-ndjson", "application/vnd.api+json", "application/merge-patch+json", "application/json5",
            "multipart/mixed; boundary=b", "image/png", "application/json; charset=latin-1",
            "application/json, text/plain", "application/json; charset=utf-16",
            "application/x-www-form-urlencoded; charset=gbk", "*/*", "/", "é/ü",
        ],
    )  # fmt: skip
    def test_that_is_unknown_is_415(self, refused, content_type):
        answer = refused(b'{"name": "a"}', content_type)

        assert (answer.status_code, answer.json["message_code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")

    def test_of_a_form_on_json_is_told_as_that(self, refused):
        answer = refused(b' {"name": "a"}', FORM)

        assert (answer.status_code, answer.json["extra"]["reason"]) == (415, "error.json_sent_as_form")

    @pytest.mark.parametrize(
        ("content_type", "encoding"),
        [
            ("application/json; charset=utf-8", None),
            ('application/json; charset="UTF-8"', None),
            ("APPLICATION/JSON", None),
            ("application/json; profile=x", "identity"),
        ],
    )
    def test_may_be_spelled_in_several_ways(self, house, content_type, encoding):
        headers = {"Content-Encoding": encoding} if encoding else {}

        answer = house.admin.post(
            CREATE, data=json.dumps(house.body()).encode(), content_type=content_type, headers=headers
        )

        assert answer.status_code == 201

    @pytest.mark.parametrize("content_type", [JSON, FORM, BOUNDARY])
    @pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, identity", "x"])
    def test_of_a_compressed_body_is_415(self, refused, content_type, encoding):
        data = gzip.compress(b"{}")

        assert refused(data, content_type, **{"Content-Encoding": encoding}).status_code == 415


class TestABodyOfElevenMegabytes:
    @pytest.mark.parametrize("content_type", [JSON, FORM, BOUNDARY, "text/plain"])
    def test_is_413(self, refused, content_type):
        answer = refused(b"x" * (11 * 1024 * 1024), content_type)

        assert (answer.status_code, answer.json["message_code"]) == (413, "PAYLOAD_TOO_LARGE")


class TestAValue:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            (rb'{"description": "\ud800"}', {"description": "invalid_unicode"}),
            (rb'{"name": "a\udc00"}', {"name": "invalid_unicode"}),
            (rb'{"host": "\ud800"}', {"host": "invalid_unicode"}),
            (rb'{"tag_names": ["\ud800"]}', {"tag_names.0": "invalid_unicode"}),
            (rb'{"custom": {"a": "\ud800"}}', {"custom.a": "invalid_unicode"}),
            (rb'{"external_ids": {"a": "\ud800"}}', {"external_ids.a": "invalid_unicode"}),
            (rb'{"port": "\ud800"}', {"port": "invalid_unicode"}),
            (rb'{"lifecycle": "\ud800"}', {"lifecycle": "invalid_unicode"}),
            (rb'{"muted_until": "\ud800"}', {"muted_until": "invalid_unicode"}),
            (rb'{"environment": "\ud800"}', {"environment": "invalid_unicode"}),
            (b'{"port": 1e999}', {"port": "wrong_type"}),
            (b'{"port": -1e999}', {"port": "wrong_type"}),
            (b'{"custom": {"a": 1e999}}', {"custom.a": "not_finite"}),
            (b'{"custom": {"a": 1' + b"0" * 400 + b"}}", {"custom.a": "out_of_range"}),
            (b'{"criticality": 1' + b"0" * 4000 + b"}", {"criticality": "out_of_range"}),
            (b'{"credential_id": 9223372036854775808}', {"credential_id": "out_of_range"}),
            (rb'{"description": "\u0000"}', {"description": "control_characters"}),
            (rb'{"tag_names": ["a\u0000"]}', {"tag_names.0": "control_characters"}),
            (b'{"name": ' + b"[" * 500 + b"]" * 500 + b"}", {"name": "wrong_type"}),
            (bomb(500), {"custom": "wrong_type"}),
            (b'{"custom": {"a": ' + b'{"a":' * 400 + b"1" + b"}" * 401 + b"}", {"custom": "not_flat"}),
            (b'{"tag_names": [[[]]]}', {"tag_names.0": "wrong_type"}),
            (b'{"a\\u0000b": 1}', {"a\x00b": "unknown"}),
            (b'{"__class__": 1}', {"__class__": "unknown"}),
        ],
    )
    def test_is_refused_by_its_field(self, house, text, found):
        body = {key: value for key, value in house.body().items() if f'{{"{key}"'.encode() not in text}
        data = json.dumps(body)[:-1].encode() + b", " + text[1:]
        rows = house.rows()

        assert faults(house.admin.post(CREATE, data=data, content_type=JSON)) == found
        assert house.rows() == rows

    @pytest.mark.parametrize(
        ("data", "content_type", "field"),
        [
            (b"description=%00", FORM, "description"),
            (part(b"description", b"\x00") + b"--b--\r\n", BOUNDARY, "description"),
            (b"%00=1", FORM, "\x00"),
            (part(b"rows", b"x", b'; filename="rows.csv"') + b"--b--\r\n", BOUNDARY, "rows"),
            (b"criticality=1" + b"0" * 5000, FORM, "criticality"),
            (b"custom=" + b"[" * 100_000, FORM, "custom"),
            (b"custom={%22a%22:NaN}", FORM, "custom"),
            (b"tag_names=a%00", FORM, "tag_names.0"),
        ],
    )
    def test_of_a_form_is_refused_by_its_field(self, house, data, content_type, field):
        rows = house.rows()

        answer = house.admin.post(CREATE, data=data, content_type=content_type)

        assert field in faults(answer)
        assert house.rows() == rows

    def test_of_a_login_is_refused_by_its_field(self, house):
        stranger = ApiCaller(house.app)
        stranger.token = stranger.get("/api/v1/auth/csrf-token").json["data"]["csrf_token"]
        data = rb'{"username": "\ud800", "password": "\ud800"}'

        answer = stranger.post("/api/v1/auth/login", data=data, content_type=JSON)

        assert set(faults(answer)) == {"username", "password"}
